import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Flow } from '../../../services/shared/contracts/calls/flow.js';
import { PROOF_AGENT, PROOF_NUMBER, TEST_AGENT } from '../../../services/shared/domain/proof.js';
import { CarrierLoop } from '../../support/phones/carrier-loop.js';
import { TelephonyRig } from '../../support/servers/telephony-rig.js';
import { until } from '../../support/until.js';

// A trunk is tested over a carrier whose calls come back in on a second line.

const OURS = '02188880001';
const IN_SERVICE = '4001000';
const LINE_B = '127.0.0.9';
const OUT_HERTZ = 1_300;
const IN_HERTZ = 1_700;
const HEARD_WITHIN_MS = 5_000;

let carrier: CarrierLoop;
let rig: TelephonyRig;
beforeAll(async () => {
  carrier = await CarrierLoop.open(LINE_B);
  const flow = Flow.parse({ noticePromptId: 'beep', start: 'proof', steps: { proof: { kind: 'queue', queueId: 'proof' } } });
  const number = { name: '', status: 'in-service', language: 'zh-CN', flowVersion: 1, flow, testCallers: [] } as const;
  rig = await TelephonyRig.start({
    numbers: [
      { ...number, number: PROOF_NUMBER, testCallers: [] },
      { ...number, number: IN_SERVICE, testCallers: [] },
    ],
    trunk: { addresses: ['127.0.0.8'], outboundUri: carrier.uri, trustsIdentity: true },
    furtherTrunks: [{ id: 'line-b', addresses: [LINE_B] }],
  });
}, 60_000);
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  carrier.close();
});

const arrives = { trunkId: 'line-b', called: OURS };
const keysOf = (callId: string, keys: string): Promise<unknown> =>
  until(
    async () => (await rig.commands.send('call.test-keys', { callId })).keys,
    (heard) => heard === keys,
    8_000,
  );

test('a test goes out by one trunk and in by another to the seat of proof calls; caller, sound and keys are known at both ends', async () => {
  const [here, there] = [await rig.seat(TEST_AGENT), await rig.seat(PROOF_AGENT)];
  const { callId, from } = await rig.commands.send('call.dial-test', { trunkId: 'carrier', number: OURS, arrives });
  const queued = await rig.event('call.queued', (event) => event['callId'] !== callId, 15_000);
  expect(queued).toMatchObject({ class: 'test', queueId: 'proof' });
  const inside = String(queued['callId']);
  const offerId = await rig.offer(inside, PROOF_AGENT);
  await rig.commands.send('call.answer', { callId: inside, agentId: PROOF_AGENT, offerId });
  await rig.event('call.connected', (event) => event['callId'] === callId, 15_000);
  expect(from).toBe(IN_SERVICE);
  expect((await rig.commands.send('call.caller', { callId: inside })).number).toBe(IN_SERVICE);

  here.sound.play(OUT_HERTZ);
  there.sound.play(IN_HERTZ);
  await there.sound.untilHears(OUT_HERTZ, HEARD_WITHIN_MS);
  await here.sound.untilHears(IN_HERTZ, HEARD_WITHIN_MS);
  await rig.commands.send('call.send-keys', { callId, agentId: TEST_AGENT, keys: '147*' });
  await keysOf(inside, '147*');
  await rig.commands.send('call.send-keys', { callId: inside, agentId: PROOF_AGENT, keys: '2580' });
  await keysOf(callId, '2580');

  await rig.commands.send('call.hang-up', { callId, agentId: TEST_AGENT });
  await rig.ended(callId);
  await rig.ended(inside);
}, 90_000);

test('nobody else is taken for a test: the expectation is used up, and a number of callers is none', async () => {
  const dial = (called: string): Promise<unknown> =>
    rig.commands.send('call.dial-test', { trunkId: 'carrier', number: called, arrives: { ...arrives, called } });
  await expect(dial(IN_SERVICE)).rejects.toMatchObject({ code: 'wrong-state' });
  const { callId } = await rig.commands.send('call.dial-test', { trunkId: 'carrier', number: OURS });
  // Nobody expects the call: the number is none of ours, and the carrier says so.
  expect(await rig.ended(callId)).toMatchObject({ cause: expect.not.stringMatching('completed') });
}, 60_000);
