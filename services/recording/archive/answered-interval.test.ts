import { expect, test } from '@jest/globals';
import { readRecords, markRecord, packetRecord } from '../capture/records.js';
import { FactsReader, type CallFacts } from './assembly.js';
import { answeredInterval } from './finaliser.js';

const ORIGIN = Date.parse('2026-03-01T08:00:00.000Z');
const TALK_MS = 60_000;
const PACKET_MS = 20;
const wall = (ms: number): string => new Date(ORIGIN + ms).toISOString();

/** A minute of packets, answered after 500 ms; the end is the one that the dialog reported. */
function factsWith(endedAt: string): CallFacts {
  const reader = new FactsReader(ORIGIN);
  const records = [
    markRecord(0, { kind: 'listening', wallMs: ORIGIN }),
    markRecord(500, { kind: 'answered', at: wall(500) }),
    ...Array.from({ length: TALK_MS / PACKET_MS }, (_, i) => packetRecord('caller', 500 + i * PACKET_MS, new Uint8Array(172))),
    markRecord(500 + TALK_MS, { kind: 'ended', at: endedAt }),
  ];
  for (const record of readRecords(Buffer.concat(records)).records) reader.push(record);
  return reader.facts();
}

test.each([
  ['the clock stands still', wall(500 + TALK_MS)],
  ['the clock is stepped an hour on during the call', wall(500 + TALK_MS + 3_600_000)],
  ['the clock is stepped an hour back during the call', wall(500 + TALK_MS - 3_600_000)],
])('%s: the answered time is what the recorder lived through', (_name, endedAt) => {
  const { from, to } = answeredInterval(factsWith(endedAt), {}, ORIGIN);
  expect(from).toBe(500);
  expect(Math.abs(to - from - TALK_MS)).toBeLessThanOrEqual(PACKET_MS);
});
