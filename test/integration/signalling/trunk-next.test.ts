import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Flow } from '../../../services/shared/contracts/calls/flow.js';
import type { FarPhone } from '../../support/phones/far-phone.js';
import type { SipPhone } from '../../support/phones/sip-phone.js';
import { TelephonyRig } from '../../support/servers/telephony-rig.js';
import { until } from '../../support/until.js';

// Two carriers that may show the same number: a call that one of them does not take goes over the other, within the same attempt.

const OUTSIDE = '02160000001';
/** The called person's telephone rings within this time, whatever became of the first carrier. */
const RINGS_WITHIN_MS = 5_000;
const AGENT_HERTZ = 1_300;
const HEARD_WITHIN_MS = 3_000;

let first: FarPhone;
let second: FarPhone;
let rig: TelephonyRig;
beforeAll(async () => {
  [first, second] = await Promise.all([TelephonyRig.farPhone(), TelephonyRig.farPhone()]);
  const flow = Flow.parse({ noticePromptId: 'beep', start: 'service', steps: { service: { kind: 'queue', queueId: 'service' } } });
  rig = await TelephonyRig.start({
    numbers: [{ number: '4001000', name: '', status: 'in-service', language: 'zh-CN', flowVersion: 1, flow, testCallers: [] }],
    trunk: { outboundUri: first.uri },
    furtherTrunks: [{ id: 'carrier-2', outboundUri: second.uri }],
  });
}, 60_000);
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  first.close();
  second.close();
});

const states = (): string[] => rig.trunkStates().flatMap(({ ways }) => ways.map(({ state }) => state));
beforeEach(async () => {
  first.behaviour = 'answer';
  first.isDead = false;
  first.ignoresOptions = false;
  second.behaviour = 'answer';
  second.isDead = false;
  await until(states, (found) => found.join() === 'up,up', 15_000);
});
afterEach(() => rig.changeTrunk({ channels: undefined, mediaEncryption: undefined, codecs: undefined }));

let seat: Promise<SipPhone> | undefined;
/** The agent's seat, the same for all tests: a person may have only a few lines at once. */
function anna(): Promise<SipPhone> {
  seat ??= rig.seat('anna');
  return seat;
}

const dial = async (): Promise<string> =>
  (await rig.commands.send('call.dial', { agentId: 'anna', number: OUTSIDE, from: '4001000', purpose: 'enquiry' })).callId;
const connected = (callId: string): Promise<unknown> => rig.event('call.connected', (event) => event['callId'] === callId);

async function endedBy(callId: string): Promise<string> {
  await rig.commands.send('call.hang-up', { callId, agentId: 'anna' });
  await rig.ended(callId);
  const leg = await until(
    () => rig.endedLegs.find(({ attemptId }) => attemptId === callId),
    (found) => found !== undefined,
    10_000,
  );
  return leg?.trunkId ?? '';
}

test('a carrier that answers 503 is left for the other at once; both talk, and the leg is accounted to the one that carried it', async () => {
  const agent = await anna();
  first.behaviour = 503;
  const coming = second.next();
  const beganMs = performance.now();
  const callId = await dial();
  const call = await coming;
  expect(performance.now() - beganMs).toBeLessThan(RINGS_WITHIN_MS);
  await connected(callId);
  agent.sound.play(AGENT_HERTZ);
  await call.sound.untilHears(AGENT_HERTZ, HEARD_WITHIN_MS);
  expect(first.called).toEqual([OUTSIDE]);
  expect(await endedBy(callId)).toBe('carrier-2');
});

test('a carrier that dies unseen is left within the attempt; when OPTIONS has told it, no time is lost', async () => {
  await anna();
  first.isDead = true;
  const coming = second.next();
  const beganMs = performance.now();
  const callId = await dial();
  await coming;
  expect(performance.now() - beganMs).toBeLessThan(RINGS_WITHIN_MS);
  await connected(callId);
  await endedBy(callId);
  await until(states, (found) => found.join() === 'down,up', 15_000);
  const again = second.next();
  const againMs = performance.now();
  const next = await dial();
  await again;
  expect(performance.now() - againMs).toBeLessThan(2_000);
  await connected(next);
  expect(await endedBy(next)).toBe('carrier-2');
}, 60_000);

test('each carrier is described as its sheet says: one that encrypts and refuses leaves nothing of that to one that does not', async () => {
  const agent = await anna();
  first.behaviour = 503;
  await rig.changeTrunk({ mediaEncryption: 'required', codecs: ['G722'] });
  const coming = second.next();
  const callId = await dial();
  const call = await coming;
  expect(call.invite.body).toMatch(/m=audio \d+ RTP\/AVP 8 0 101/);
  expect(call.invite.body).not.toContain('a=crypto');
  await connected(callId);
  agent.sound.play(AGENT_HERTZ);
  await call.sound.untilHears(AGENT_HERTZ, HEARD_WITHIN_MS);
  expect(await endedBy(callId)).toBe('carrier-2');
});

test('a call waits 2 s for a channel of the first carrier and then goes over the other', async () => {
  await anna();
  await rig.changeTrunk({ channels: 1 });
  const { caller, callId: incoming } = await rig.queued('4001000');
  const coming = second.next();
  const callId = await dial();
  await coming;
  await connected(callId);
  expect(await endedBy(callId)).toBe('carrier-2');
  caller.hangUp();
  await rig.ended(incoming);
});

test('a busy number is busy: no other carrier is asked', async () => {
  await anna();
  first.behaviour = 486;
  const before = second.called.length;
  await rig.ended(await dial());
  expect(second.called).toHaveLength(before);
});

test('a stop that is pressed while the first carrier is silent wins: the other is not asked', async () => {
  await anna();
  first.isDead = true;
  const before = second.called.length;
  const callId = await dial();
  await until(
    () => rig.dialling.size,
    (legs) => legs > 0,
    5_000,
  );
  for (const stop of rig.dialling) stop();
  await rig.ended(callId);
  expect(second.called).toHaveLength(before);
}, 60_000);

test('a carrier that cannot be used here is left for the other, and does not end the call', async () => {
  await anna();
  // An administrator takes its address away while the gate decides.
  const permit = rig.permit;
  rig.permit = async (request) => {
    const given = await permit(request);
    await rig.changeTrunk({ outboundUri: undefined });
    return given;
  };
  const [coming, before] = [second.next(), first.called.length];
  const callId = await dial().finally(() => (rig.permit = permit));
  await coming;
  await connected(callId);
  expect(first.called).toHaveLength(before);
  expect(await endedBy(callId)).toBe('carrier-2');
  await rig.changeTrunk({ outboundUri: first.uri });
});

test('a carrier that answers OPTIONS and has not even said that it has the INVITE is left after 4 s', async () => {
  await anna();
  // An earlier call has shown that our SIP server passes a 100 on.
  first.behaviour = 'trying';
  first.ringsAfterMs = 100;
  const heard = await dial();
  await connected(heard);
  expect(await endedBy(heard)).toBe('carrier');
  first.behaviour = 'silent';
  const coming = second.next();
  const beganMs = performance.now();
  const callId = await dial();
  await coming;
  expect(performance.now() - beganMs).toBeLessThan(RINGS_WITHIN_MS);
  await connected(callId);
  expect(await endedBy(callId)).toBe('carrier-2');
}, 60_000);

test('a carrier that has said 100 is given the time that it takes to ring', async () => {
  await anna();
  first.behaviour = 'trying';
  first.ringsAfterMs = 6_000;
  const before = second.called.length;
  const callId = await dial();
  await rig.event('call.connected', (event) => event['callId'] === callId, 12_000);
  expect(second.called).toHaveLength(before);
  expect(await endedBy(callId)).toBe('carrier');
}, 60_000);

test('a call to the police goes over a carrier that seems to be away when no other takes it', async () => {
  await anna();
  first.ignoresOptions = true;
  await until(states, (found) => found.join() === 'down,up', 60_000);
  second.behaviour = 503;
  const before = second.called.length;
  const { callId } = await rig.commands.send('call.dial', { agentId: 'anna', number: '110', from: '4001000', purpose: 'enquiry' });
  await connected(callId);
  expect(first.called.at(-1)).toBe('110');
  expect(second.called).toHaveLength(before + 1);
  expect(await endedBy(callId)).toBe('carrier');
}, 90_000);

test('where both carriers are away, the agent reads it and nothing stays behind', async () => {
  await anna();
  first.behaviour = 503;
  second.behaviour = 503;
  expect(await rig.ended(await dial())).toMatchObject({ cause: 'far-unreachable' });
  await until(
    () => rig.trunkStates().map(({ calls }) => calls),
    (calls) => calls.every((count) => count === 0),
    10_000,
  );
});
