import { expect, test } from '@jest/globals';
import { parseRange } from './playback.js';
import { belowMinimum, keepingOf } from './retention.js';
import { whyNotDelete } from './rights-requests.js';
import { segmentRange } from './sealed-range.js';

const end = new Date('2026-01-01T00:00:00Z');
const days = { outbound: 180, inbound: 90, complaint: 730 };

test('a setting below the legal minimum is named', () => {
  expect(belowMinimum({ outbound: 29, inbound: 1, complaint: 730 })).toEqual(['outbound']);
  expect(belowMinimum({ outbound: 30, complaint: 729 })).toEqual(['complaint']);
  expect(belowMinimum(days)).toEqual([]);
});

test('where the law has a minimum the object is locked for it in compliance mode', () => {
  expect(keepingOf('outbound', days, end)).toEqual({
    keepUntil: new Date('2026-06-30T00:00:00Z'),
    lock: { mode: 'COMPLIANCE', until: new Date('2026-01-31T00:00:00Z') },
  });
  expect(keepingOf('inbound', days, end).lock.mode).toBe('GOVERNANCE');
  // A stored setting that is too low never shortens what the law requires.
  expect(keepingOf('outbound', { ...days, outbound: 1 }, end).keepUntil).toEqual(new Date('2026-01-31T00:00:00Z'));
});

test.each([
  ['held', { holds: [{}], endedAt: end.toISOString() }, 0, 'held'],
  ['too early', { holds: [], endedAt: end.toISOString() }, 30, 'below-legal-minimum'],
  ['twice', { holds: [], endedAt: end.toISOString(), deletion: {} }, 0, 'deleted-already'],
  ['in time', { holds: [], endedAt: end.toISOString() }, 0, undefined],
])('a deletion on request: %s', (_name, recording, minimum, why) => {
  expect(whyNotDelete(recording, minimum, new Date('2026-01-02T00:00:00Z'))).toBe(why);
});

test.each([
  [undefined, undefined],
  ['bytes=0-', { from: 0, to: 100 }],
  ['bytes=10-19', { from: 10, to: 20 }],
  ['bytes=-5', { from: 95, to: 100 }],
  ['bytes=90-500', { from: 90, to: 100 }],
  ['bytes=100-', 'unsatisfiable'],
  ['bytes=20-10', 'unsatisfiable'],
  ['bytes=-', undefined],
  ['bytes=0-1,5-6', undefined],
  ['lines=1-2', undefined],
])('Range %s', (header, range) => {
  expect(parseRange(header, 100)).toEqual(range);
});

test('a stretch is read from the segments that hold it', () => {
  const format = { segmentBytes: 100, plainBytes: 250 };
  expect(segmentRange(format, 0, 1)).toEqual({ first: 0, from: 0, length: 116 });
  expect(segmentRange(format, 99, 101)).toEqual({ first: 0, from: 0, length: 232 });
  expect(segmentRange(format, 249, 250)).toEqual({ first: 2, from: 232, length: 66 });
});
