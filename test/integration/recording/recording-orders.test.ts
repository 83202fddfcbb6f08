import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../../support/until.js';
import { RecorderRig } from './recording-rig.js';
import { countOrders, placeCall } from './recording-support.js';

/** Shorter than the silence after which the recorder checks a copy, long enough for sound from both sides. */
const TALK_MS = 1_500;
/** One subscription copies both sides. */
const COPIES = ['subscribe answer', 'subscribe request'];

let rig: RecorderRig;

beforeAll(async () => {
  rig = await RecorderRig.start(35_000);
});

afterAll(() => rig.stop());

test.each<[name: string, told: [before: boolean, withIt: boolean], orders: string[]]>([
  ['told before the answer and with it', [true, true], COPIES],
  ['told with the answer alone, of a party that we called', [false, true], COPIES],
  ['not told, by an older telephony', [false, false], ['query', ...COPIES]],
])('ports at the relay, %s: its capture is read by them', async (name, told, orders) => {
  const before = await countOrders(rig.relay.url);
  const recorded = await rig.answer(name.replaceAll(/\W/g, '-'), { relay: before.url, told });
  await pause(TALK_MS);
  await rig.hangUp(recorded);
  expect(before.orders()).toEqual(orders);
  before.close();
  const { capture } = (await rig.row(recorded.callId)).witnesses as { capture: { callerPackets: number; agentPackets: number } };
  expect(capture.callerPackets).toBeGreaterThan(TALK_MS / 40);
  expect(capture.agentPackets).toBeGreaterThan(TALK_MS / 40);
});

test('of a call that was not answered nothing stays in the relay’s folders', async () => {
  const callId = 'not-answered';
  const call = await placeCall(rig.relay.ng, callId, { caller: 440, agent: 1_000 });
  const place = { relay: rig.relay.url, mediaCallId: callId, callerTag: 'A', farTag: 'far' };
  const { ledgerNumber } = await rig.ledger.intent({ callId, at: new Date().toISOString() });
  await rig.commands.send('recorder.start', { callId, ledgerNumber, ...place });
  await call.hangUp();
  const folders = ['pcaps', 'tmp', 'metadata'].map((where) => join(rig.folder, 'pcap', where));
  const left = async (): Promise<string[]> =>
    (await Promise.all(folders.map((folder) => readdir(folder)))).flat().filter((file) => file.includes(callId));
  expect(await left()).toHaveLength(2);
  await rig.bus.publish('call.ended', { callId, at: new Date().toISOString(), cause: 'far-no-answer', by: 'caller', answered: false });
  expect(await until(left, (files) => files.length === 0, 5_000)).toEqual([]);
});
