import { expect, test } from '@jest/globals';
import { createMissedRings } from './missed-rings.js';

const MINUTE_MS = 60_000;

test('rings that nobody answered count for half an hour, by agent; other ends do not', () => {
  let nowMs = 0;
  const missed = createMissedRings(() => nowMs);
  const ends = (agentId: string, outcome: 'no-answer' | 'declined' | 'answered'): void =>
    missed.heard({ callId: 'c', offerId: 'o', agentId, outcome, at: new Date(nowMs).toISOString() });
  ends('anna', 'no-answer');
  nowMs = 10 * MINUTE_MS;
  ends('anna', 'no-answer');
  ends('anna', 'declined');
  ends('bert', 'answered');
  expect([missed.of('anna'), missed.of('bert')]).toEqual([2, 0]);
  nowMs = 30 * MINUTE_MS;
  expect(missed.of('anna')).toBe(1);
  nowMs = 40 * MINUTE_MS;
  expect(missed.of('anna')).toBe(0);
});
