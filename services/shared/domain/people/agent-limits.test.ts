import { expect, test } from '@jest/globals';
import { limitFault, passedLimits } from './agent-limits.js';

const limits = { talk: { warn: 300, alarm: 600 }, hold: { alarm: 60 }, 'wrap-up': { warn: 30 }, missed: { warn: 1, alarm: 3 } };

test('a limit is passed beyond its value, not at it, and an alarm takes the place of the warning', () => {
  expect(passedLimits(limits, { talk: 300, hold: 60, missed: 1 })).toEqual([]);
  expect(passedLimits(limits, { talk: 301 })).toEqual([{ what: 'talk', level: 'warn', value: 301, limit: 300 }]);
  expect(passedLimits(limits, { talk: 601 })).toEqual([{ what: 'talk', level: 'alarm', value: 601, limit: 600 }]);
});

test('the worst stands first: alarms before warnings, then what is furthest beyond', () => {
  const passed = passedLimits(limits, { talk: 301, hold: 61, 'wrap-up': 300, missed: 4 });
  expect(passed.map(({ what }) => what)).toEqual(['missed', 'hold', 'wrap-up', 'talk']);
});

test('what has no limit, or is not done, is not judged', () => {
  expect(passedLimits({}, { talk: 9_999 })).toEqual([]);
  expect(passedLimits(limits, {})).toEqual([]);
});

test.each([
  [{}, 'warn'],
  [{ warn: 60, alarm: 60 }, 'alarm'],
  [{ warn: 60, alarm: 30 }, 'alarm'],
] as const)('limits that contradict each other are named: %j', (limit, at) => {
  expect(limitFault(limit)?.at).toBe(at);
});
