import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Flow } from '../../../services/shared/contracts/calls/flow.js';
import type { FarPhone } from '../../support/phones/far-phone.js';
import { TelephonyRig } from '../../support/servers/telephony-rig.js';
import { until } from '../../support/until.js';

// What was agreed with a carrier: how many calls at a time, and how many may begin within a second.
const OUTSIDE = '02160000001';

let far: FarPhone;
let rig: TelephonyRig;
beforeAll(async () => {
  far = await TelephonyRig.farPhone();
  const flow = Flow.parse({ noticePromptId: 'beep', start: 'service', steps: { service: { kind: 'queue', queueId: 'service' } } });
  rig = await TelephonyRig.start({
    numbers: [{ number: '4001000', name: '', status: 'in-service', language: 'zh-CN', flowVersion: 1, flow, testCallers: [] }],
    trunk: { outboundUri: far.uri },
  });
}, 60_000);
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  far.close();
});
afterEach(() => rig.changeTrunk({ channels: undefined, callsPerSecondIn: undefined }));

/** Calls that the trunk carries, as an administrator sees them. */
const carried = (): number | undefined => rig.trunkStates()[0]?.calls;
const untilCarries = (calls: number): Promise<number | undefined> => until(carried, (found) => found === calls, 10_000);

test('a call beyond the channels waits, comes in when one is free, and is refused with 503 when none is', async () => {
  await rig.changeTrunk({ channels: 1 });
  const first = await rig.queued('4001000');
  expect(carried()).toBe(1);
  const second = await rig.caller('4001000');
  const waiting = second.call();
  await until(
    () => rig.trunkStates()[0]?.waiting,
    (count) => count === 1,
  );
  first.caller.hangUp();
  expect(await waiting).toBe(200);
  await rig.ended(first.callId);
  const third = await rig.caller('4001000');
  expect(await third.call()).toBe(503);
  expect(rig.trunkStates()[0]).toMatchObject({ channels: 1, calls: 1, waiting: 0, refused: 1 });
  second.hangUp();
  await untilCarries(0);
});

test('a call out takes a channel too, and frees it however it ends', async () => {
  await rig.changeTrunk({ channels: 1 });
  await rig.seat('anna');
  far.behaviour = 486;
  const busy = await rig.commands.send('call.dial', { agentId: 'anna', number: OUTSIDE, purpose: 'enquiry' });
  await rig.ended(busy.callId);
  await untilCarries(0);
  far.behaviour = 'answer';
  const coming = far.next();
  const { callId } = await rig.commands.send('call.dial', { agentId: 'anna', number: OUTSIDE, purpose: 'enquiry' });
  await coming;
  await untilCarries(1);
  const refused = await rig.caller('4001000');
  expect(await refused.call()).toBe(503);
  await rig.commands.send('call.hang-up', { callId, agentId: 'anna' });
  await rig.ended(callId);
  await untilCarries(0);
});

test('a call out that found no channel called nobody: it counts as no try, and neither does one that is called off while it waits', async () => {
  await rig.changeTrunk({ channels: 1 });
  await rig.seat('berta');
  const { caller, callId: first } = await rig.queued('4001000');
  await untilCarries(1);
  const before = { called: far.called.length, unused: rig.unusedPermits.length, ended: rig.endedLegs.length };
  const dial = (): Promise<{ readonly callId: string }> =>
    rig.commands.send('call.dial', { agentId: 'berta', number: OUTSIDE, purpose: 'enquiry' });
  const refused = await dial();
  expect(await rig.ended(refused.callId)).toMatchObject({ answered: false });
  const calledOff = await dial();
  await until(
    () => rig.trunkStates()[0]?.waiting,
    (count) => count === 1,
  );
  await rig.commands.send('call.hang-up', { callId: calledOff.callId, agentId: 'berta' });
  await rig.ended(calledOff.callId);
  await until(
    () => rig.unusedPermits.slice(before.unused),
    (unused) => unused.length === 2,
  );
  expect(rig.unusedPermits.slice(before.unused)).toEqual([refused.callId, calledOff.callId]);
  expect(far.called).toHaveLength(before.called);
  expect(rig.endedLegs).toHaveLength(before.ended);
  caller.hangUp();
  await rig.ended(first);
  await untilCarries(0);
});

test('the police is reached over a trunk without a free channel', async () => {
  await rig.changeTrunk({ channels: 1 });
  const { caller, callId: first } = await rig.queued('4001000');
  await untilCarries(1);
  far.behaviour = 'answer';
  const coming = far.next();
  const { callId } = await rig.commands.send('call.dial', { agentId: 'anna', number: '110', purpose: 'enquiry' });
  await coming;
  await untilCarries(2);
  await rig.commands.send('call.hang-up', { callId, agentId: 'anna' });
  await rig.ended(callId);
  caller.hangUp();
  await rig.ended(first);
  await untilCarries(0);
});

test('a restart of telephony keeps the channels of the calls that go on', async () => {
  await rig.changeTrunk({ channels: 1 });
  const { caller, callId } = await rig.queued('4001000');
  await rig.restartTelephony();
  expect(carried()).toBe(1);
  const second = await rig.caller('4001000');
  expect(await second.call()).toBe(503);
  caller.hangUp();
  await rig.ended(callId);
  await untilCarries(0);
});
