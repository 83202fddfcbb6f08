import { expect, test } from '@jest/globals';
import { limitsFault, thresholdAfter, unjudgedThreshold, type ThresholdLevel, type ThresholdLimits } from './threshold.js';

const queueLength: ThresholdLimits = { worse: 'above', warn: 5, alarm: 10, clear: 3, minimumSample: 0, holdOffSeconds: 10 };
const level: ThresholdLimits = { worse: 'below', warn: 80, alarm: 60, clear: 85, minimumSample: 10, holdOffSeconds: 0 };

/** The level after each look, one look a second. */
function levels(limits: ThresholdLimits, values: readonly (number | null)[], denominator = 1): (ThresholdLevel | undefined)[] {
  let state = unjudgedThreshold(0);
  return values.map((value, second) => (state = thresholdAfter(limits, state, { value, denominator }, second * 1_000)).level);
}

test('a level rises when its limit has been passed for the whole hold-off, and not before', () => {
  const seen = levels(queueLength, [0, ...Array.from({ length: 12 }, () => 7)]);
  expect(seen.slice(0, 11)).toEqual(Array.from({ length: 11 }, () => 'ok'));
  expect(seen.slice(11)).toEqual(['warn', 'warn']);
});

test('a break in between begins the hold-off anew', () => {
  const beyond = Array.from({ length: 9 }, () => 7);
  expect(levels(queueLength, [0, ...beyond, 5, ...beyond])).not.toContain('warn');
});

test('what has passed a limit is over at the clear level alone, however it swings', () => {
  const swinging = Array.from({ length: 60 }, (_, second) => (second % 2 === 0 ? 4 : 12));
  const seen = levels({ ...queueLength, holdOffSeconds: 0 }, [0, 12, ...swinging, 4, 3]);
  expect(seen.slice(1, -1).every((each) => each === 'alarm')).toBe(true);
  expect(seen.at(-1)).toBe('ok');
});

test('of a share with too few in it nothing is judged, and of none neither', () => {
  expect(levels(level, [10], 9)).toEqual(['ok']);
  expect(levels(level, [10, null], 10)).toEqual(['alarm', 'ok']);
});

test('a value at the limit has not passed it', () => {
  expect(levels(level, [85, 80, 79.9], 10)).toEqual(['ok', 'ok', 'warn']);
});

test('after a start, between clear level and limit, nobody can say', () => {
  expect(levels(level, [82, 82, 85], 10)).toEqual([undefined, undefined, 'ok']);
});

test('an alarm does not fall back to a warning', () => {
  expect(levels(level, [50, 70, 84, 86, 70], 10)).toEqual(['alarm', 'alarm', 'alarm', 'ok', 'warn']);
});

test.each([
  [{ worse: 'above', clear: 1 }, 'warn'],
  [{ worse: 'above', warn: 5, alarm: 5, clear: 3 }, 'alarm'],
  [{ worse: 'below', warn: 80, alarm: 90, clear: 85 }, 'alarm'],
  [{ worse: 'above', warn: 5, clear: 6 }, 'clear'],
  [{ worse: 'below', alarm: 60, clear: 50 }, 'clear'],
] as const)('limits that contradict each other are named: %j', (limits, at) => {
  expect(limitsFault(limits)?.at).toBe(at);
});

test('limits that agree are none', () => {
  expect([queueLength, level].map(limitsFault)).toEqual([undefined, undefined]);
});
