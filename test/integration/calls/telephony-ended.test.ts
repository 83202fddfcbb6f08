import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Flow, ServiceNumber } from '../../../services/shared/contracts/calls/flow.js';
import type { SipLink } from '../../../services/proof-call/adapters/sip-phone.js';
import type { FarPhone } from '../../support/phones/far-phone.js';
import { TelephonyRig } from '../../support/servers/telephony-rig.js';

// A supervisor ends calls, on the real SIP server and relay: what the caller's carrier, the agent and the record are told.

const CALLER_HERTZ = 440;
const AGENT_HERTZ = 1_300;
const WITHIN_MS = 10_000;
const BY_SUPERVISOR = /^Reason: Q\.850;cause=16;text="by supervisor"\r$/m;
const decision = { supervisorId: 'sue', by: 'Sue', reason: 'threats' };

let far: FarPhone;
let rig: TelephonyRig;
beforeAll(async () => {
  far = await TelephonyRig.farPhone();
  const flow = Flow.parse({ noticePromptId: 'beep', start: 'service', steps: { service: { kind: 'queue', queueId: 'service' } } });
  rig = await TelephonyRig.start({
    numbers: [ServiceNumber.parse({ number: '4001000', name: 'service', status: 'in-service', language: 'zh-CN', flowVersion: 1, flow })],
    trunk: { outboundUri: far.uri },
  });
}, 60_000);
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  far.close();
});

/** A link whose received BYE the test can read. */
function watched() {
  const byes: string[] = [];
  const through = (link: SipLink): SipLink => ({
    ...link,
    send: (text) => link.send(text),
    close: () => link.close(),
    onMessage: (handle) =>
      link.onMessage((text) => {
        if (text.startsWith('BYE ')) byes.push(text);
        handle(text);
      }),
  });
  return { byes, through };
}

test('the agent is told at once, the caller hears a goodbye, and the BYE and the fact say that a supervisor ended the call', async () => {
  const { byes, through } = watched();
  const agent = await rig.seat('anna');
  const { caller, callId } = await rig.talking('4001000', 'anna', through);
  caller.sound.play(CALLER_HERTZ);
  agent.sound.play(AGENT_HERTZ);
  await caller.sound.untilHears(AGENT_HERTZ, WITHIN_MS);
  await rig.commands.send('call.end', { callId, ...decision });
  const left = await rig.event('call.agent-left', (event) => event['callId'] === callId);
  expect(left).toMatchObject({ agentId: 'anna', reason: 'ended-by-supervisor', decided: { by: 'Sue', reason: 'threats' } });
  // The goodbye is still heard: nobody has hung up yet.
  expect([byes.length, (await rig.commands.send('calls.live', {})).map(({ state }) => state)]).toEqual([0, ['closing']]);
  await expect(caller.ended).resolves.toBe('there');
  expect(byes[0]).toMatch(BY_SUPERVISOR);
  expect(await rig.ended(callId)).toMatchObject({ by: 'supervisor', cause: 'completed', decided: { by: 'Sue', reason: 'threats' } });
  await expect(rig.commands.send('call.end', { callId, ...decision })).rejects.toMatchObject({ code: 'no-such-call' });
  agent.hangUp();
}, 60_000);

test('ended twice, the caller is released at once', async () => {
  const { caller, callId } = await rig.queued('4001000');
  await rig.commands.send('call.end', { callId, ...decision });
  await rig.commands.send('call.end', { callId, ...decision, supervisorId: 'tom', by: 'Tom' });
  expect(await rig.ended(callId)).toMatchObject({ by: 'supervisor', decided: { by: 'Sue' } });
  await expect(caller.ended).resolves.toBe('there');
}, 60_000);

test('an agent’s call to 110 goes on, and is ended by the agent alone', async () => {
  const agent = await rig.seat('bert');
  const coming = far.next();
  const { callId } = await rig.commands.send('call.dial', { agentId: 'bert', number: '110', purpose: 'emergency' });
  const police = await coming;
  police.sound.play(CALLER_HERTZ);
  await agent.sound.untilHears(CALLER_HERTZ, WITHIN_MS);
  await expect(rig.commands.send('call.end', { callId, ...decision })).rejects.toMatchObject({ code: 'emergency-call' });
  expect((await rig.commands.send('calls.live', {})).map(({ state }) => state)).toEqual(['connected']);
  await agent.sound.untilHears(CALLER_HERTZ, WITHIN_MS);
  await rig.commands.send('call.hang-up', { callId, agentId: 'bert' });
  await police.ended;
  expect(await rig.ended(callId)).toMatchObject({ by: 'agent' });
  agent.hangUp();
}, 60_000);
