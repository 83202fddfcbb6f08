import { expect, test } from '@jest/globals';
import type { CapturedDatagram } from '../media/pcap.js';
import { FactsReader } from './assembly.js';
import { packetMerge } from './capture-fill.js';

const ORIGIN = Date.parse('2026-03-01T08:00:00.000Z');
const answered = { from: 1_000, to: 11_000 };
const seen = (atMs: number): CapturedDatagram => ({
  atMs: ORIGIN + atMs,
  sourcePort: 40_100,
  destinationPort: 40_000,
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
