import { afterEach, describe, expect, test } from '@jest/globals';
import { Flow } from '../../services/shared/contracts/flow.js';
import { TelephonyRig } from '../support/telephony-rig.js';

const CALLER_HERTZ = 440;
const AGENT_HERTZ = 1_300;
const HEARD_WITHIN_MS = 3_000;

let rig: TelephonyRig;

async function start(strictDialogs: boolean): Promise<void> {
  const flow = Flow.parse({ noticePromptId: 'beep', start: 'service', steps: { service: { kind: 'queue', queueId: 'service' } } });
  rig = await TelephonyRig.start({
    strictDialogs,
    numbers: [{ number: '4001000', name: '', status: 'in-service', language: 'zh-CN', flowVersion: 1, flow, testCallers: [] }],
  });
}
afterEach(async () => {
  await rig[Symbol.asyncDispose]();
});

describe.each([
  ['the embedded SIP server', false],
  ['a server that hands over no dialogs', true],
])('telephony is told to end, on %s', (_server, strict) => {
  test('nobody is hung up, both hear each other, and the agent ends the call', async () => {
    await start(strict);
    const seat = await rig.seat('anna');
    const { caller, callId } = await rig.talking('4001000', 'anna');
    caller.sound.play(CALLER_HERTZ);
    seat.sound.play(AGENT_HERTZ);
    await Promise.all([caller.sound.untilHears(AGENT_HERTZ, HEARD_WITHIN_MS), seat.sound.untilHears(CALLER_HERTZ, HEARD_WITHIN_MS)]);
    await rig.restartTelephony();
    caller.sound.play(CALLER_HERTZ + 200);
    seat.sound.play(AGENT_HERTZ + 700);
    await Promise.all([
      caller.sound.untilHears(AGENT_HERTZ + 700, HEARD_WITHIN_MS),
      seat.sound.untilHears(CALLER_HERTZ + 200, HEARD_WITHIN_MS),
    ]);
    expect(caller.requests).not.toContain('BYE');
    expect(seat.requests).not.toContain('BYE');
    await rig.commands.send('call.hang-up', { callId, agentId: 'anna' });
    expect(await rig.ended(callId)).toMatchObject({ cause: 'completed', by: 'agent' });
    expect(await caller.ended).toBe('there');
  });

  test('a caller who hangs up afterwards has ended the call within 10 s', async () => {
    await start(strict);
    await rig.seat('anna');
    const { caller, callId } = await rig.talking('4001000', 'anna');
    await rig.restartTelephony();
    const sinceMs = performance.now();
    caller.hangUp();
    caller.sound.pause();
    expect(await rig.event('call.ended', (event) => event['callId'] === callId, 12_000)).toMatchObject({
      cause: 'completed',
      by: 'caller',
    });
    expect(performance.now() - sinceMs).toBeLessThan(10_000);
  });
});
