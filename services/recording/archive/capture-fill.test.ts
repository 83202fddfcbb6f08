import { expect, test } from '@jest/globals';
import type { CapturedDatagram } from '../media/pcap.js';
import { CallAssembly, FactsReader } from './assembly.js';
import { packetMerge } from './capture-fill.js';

const ORIGIN = Date.parse('2026-03-01T08:00:00.000Z');
const answered = { from: 1_000, to: 11_000 };
const seen = (atMs: number): CapturedDatagram => ({
  atMs: ORIGIN + atMs,
  sourcePort: 40_100,
  destinationPort: 40_000,
  destinationAddress: '127.0.0.1',
  payload: new Uint8Array(172),
});
const every20 = (from: number, to: number): CapturedDatagram[] => Array.from({ length: (to - from) / 20 }, (_, i) => seen(from + i * 20));
const witnessOf = (captured: readonly CapturedDatagram[]) =>
  packetMerge(captured, new FactsReader(ORIGIN).facts(), ORIGIN, answered).witness;

test.each([
  ['no packet: no witness', [], []],
  ['from the answer to the end, though the first packet comes a moment later', every20(1_034, 10_900), [answered]],
  ['a capture that begins long after the answer does not vouch for the time before', every20(6_000, 10_900), [{ from: 6_000, to: 11_000 }]],
  [
    'a hole in it is a hole',
    [...every20(1_020, 4_000), ...every20(8_000, 10_900)],
    [
      { from: 1_000, to: 4_000 },
      { from: 8_000, to: 11_000 },
    ],
  ],
])('%s', (_name, captured, witness) => {
  expect(witnessOf(captured).filter(({ from, to }) => to - from > 1)).toEqual(witness);
});

const packet = (place: number, ssrc = 7): Uint8Array => {
  const bytes = new DataView(new ArrayBuffer(172));
  bytes.setUint8(0, 0x80);
  bytes.setUint8(1, 8);
  bytes.setUint16(2, place);
  bytes.setUint32(4, place * 160);
  bytes.setUint32(8, ssrc);
  return new Uint8Array(bytes.buffer);
};
const heardAtCaller = { ...new FactsReader(ORIGIN).facts(), ports: { caller: [40_000], agent: [] } };

test('packets that a starved relay read in bunches cover the time of which they are', () => {
  // Five seconds arrive as they should; then each 2.5 s of speech arrives at once, at the end of its span.
  const arrivalOf = (place: number): number => (place < 250 ? 1_000 + place * 20 : 6_000 + Math.ceil((place - 249) / 125) * 2_500);
  const captured = Array.from({ length: 500 }, (_, place) => ({ ...seen(arrivalOf(place)), payload: packet(place) }));
  expect(packetMerge(captured, heardAtCaller, ORIGIN, answered).sound.caller).toEqual([answered]);
});

test.each([
  ['the same stream', 7],
  ['a stream of its own', 8],
])('what a starved relay read late, just before it died, fills the end that the recorder did not get (%s)', (_name, ssrc) => {
  const arrivalOf = (place: number): number => 1_000 + place * 20;
  const own = Array.from(
    { length: 335 },
    (_, place) => ({ kind: 'packet', channel: 'caller', atMs: arrivalOf(place), packet: packet(place) }) as const,
  );
  // What was said from 7.7 s on was read at 9.5 s, all at once, when the call had ended.
  const captured = Array.from({ length: 400 }, (_, place) => ({
    ...seen(place < 335 ? arrivalOf(place) : 9_500),
    payload: packet(place, ssrc),
  }));
  const merge = packetMerge(captured, heardAtCaller, ORIGIN, { from: 1_000, to: 9_000 });
  expect(merge.sound.caller).toEqual([{ from: 1_000, to: 9_000 }]);
  const assembly = new CallAssembly(1_000);
  for (const record of merge.fill(own, [{ from: 7_700, to: 9_000 }])) assembly.push(record);
  expect(assembly.coverage('caller')).toEqual([{ from: 1_000, to: 9_000 }]);
});
