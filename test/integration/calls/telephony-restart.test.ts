import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Flow } from '../../../services/shared/contracts/calls/flow.js';
import type { FarCall, FarPhone } from '../../support/phones/far-phone.js';
import { TelephonyRig } from '../../support/servers/telephony-rig.js';

const CALLER_HERTZ = 440;
const AGENT_HERTZ = 1_300;
const HEARD_WITHIN_MS = 3_000;
const OUTSIDE = '02155550001';

let rig: TelephonyRig;
let far: FarPhone;

async function start(strictDialogs: boolean): Promise<void> {
  const flow = Flow.parse({ noticePromptId: 'beep', start: 'service', steps: { service: { kind: 'queue', queueId: 'service' } } });
  far = await TelephonyRig.farPhone();
  rig = await TelephonyRig.start({
    strictDialogs,
    trunk: { outboundUri: far.uri },
    numbers: [{ number: '4001000', name: '', status: 'in-service', language: 'zh-CN', flowVersion: 1, flow, testCallers: [] }],
  });
}
afterEach(async () => {
  await rig[Symbol.asyncDispose]();
  far.close();
});

/** An outbound call in conversation. */
async function talkingOut(): Promise<{ readonly call: FarCall; readonly callId: string }> {
  const coming = far.next();
  const { callId } = await rig.commands.send('call.dial', { agentId: 'anna', number: OUTSIDE, from: '4001000', purpose: 'enquiry' });
  const call = await coming;
  await rig.event('call.connected', (event) => event['callId'] === callId);
  return { call, callId };
}

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
    expect(caller.requests.filter((method) => method === 'INVITE')).toHaveLength(strict ? 1 : 0);
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

  test('a caller who hangs up afterwards has ended the call within 2 s, also after a second restart', async () => {
    await start(strict);
    await rig.seat('anna');
    const { caller, callId } = await rig.talking('4001000', 'anna');
    await rig.restartTelephony();
    await rig.restartTelephony();
    const sinceMs = performance.now();
    caller.hangUp();
    expect(await rig.event('call.ended', (event) => event['callId'] === callId)).toMatchObject({ cause: 'completed', by: 'caller' });
    expect(performance.now() - sinceMs).toBeLessThan(2_000);
  });

  test.each(['the person called', 'the agent'])(
    'of a call out %s hangs up afterwards: it has ended within 2 s on both sides',
    async (who) => {
      await start(strict);
      const seat = await rig.seat('anna');
      const { call, callId } = await talkingOut();
      await rig.restartTelephony();
      seat.sound.play(AGENT_HERTZ);
      await call.sound.untilHears(AGENT_HERTZ, HEARD_WITHIN_MS);
      const sinceMs = performance.now();
      if (who === 'the agent') await rig.commands.send('call.hang-up', { callId, agentId: 'anna' });
      else call.hangUp();
      await Promise.all([call.ended, rig.ended(callId)]);
      expect(performance.now() - sinceMs).toBeLessThan(2_000);
      expect(await rig.ended(callId)).toMatchObject({ cause: 'completed', by: who === 'the agent' ? 'agent' : 'caller' });
    },
  );
});

describe('on a server that hands over no dialogs', () => {
  test('a caller who hangs up while no telephony runs has ended the call when it is back', async () => {
    await start(true);
    await rig.seat('anna');
    const { caller, callId } = await rig.talking('4001000', 'anna');
    await rig.restartTelephony({ meanwhile: () => caller.hangUp() });
    expect(await rig.ended(callId)).toMatchObject({ cause: 'completed', by: 'caller' });
  });

  test('a far side that refuses to be taken over talks on, and the agent can end the call', async () => {
    await start(true);
    const seat = await rig.seat('anna');
    const { call, callId } = await talkingOut();
    far.toReinvite = 488;
    await rig.restartTelephony();
    seat.sound.play(AGENT_HERTZ);
    await call.sound.untilHears(AGENT_HERTZ, HEARD_WITHIN_MS);
    await rig.commands.send('call.hang-up', { callId, agentId: 'anna' });
    await call.ended;
    expect(await rig.ended(callId)).toMatchObject({ cause: 'completed', by: 'agent' });
  });

  test('a far side that leaves OPTIONS unanswered talks on, and its call waits for nothing', async () => {
    await start(false);
    const seat = await rig.seat('anna');
    const { call, callId } = await talkingOut();
    far.ignoresOptions = true;
    await rig.restartTelephony();
    // SIP waits 32 s for a response (RFC 3261 section 17.1.2.2): by then the far side would have been hung up.
    const deadlineMs = performance.now() + 35_000;
    while (performance.now() < deadlineMs) {
      seat.sound.play(AGENT_HERTZ);
      await call.sound.untilHears(AGENT_HERTZ, HEARD_WITHIN_MS);
      await pause(1_000);
    }
    expect(call.requests).not.toContain('BYE');
    await rig.commands.send('call.hang-up', { callId, agentId: 'anna' });
    await call.ended;
    expect(await rig.ended(callId)).toMatchObject({ cause: 'completed', by: 'agent' });
  }, 90_000);

  test('the page is asked for another session, in which its end is heard', async () => {
    await start(true);
    await rig.seat('anna');
    await rig.talking('4001000', 'anna');
    await rig.restartTelephony();
    await rig.event('seat.renewal-asked', ({ agentId }) => agentId === 'anna');
    const renewed = await rig.seat('anna');
    renewed.hangUp();
    await rig.event('seat.offline', ({ agentId, reason }) => agentId === 'anna' && reason === 'lost');
  });
});
