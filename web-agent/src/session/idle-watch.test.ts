import { expect, test } from '@jest/globals';
import { isIdle } from './idle-watch.js';

test.each([
  ['a moment ago', 0, false],
  ['just short of the time', 1_799_999, false],
  ['the whole time ago', 1_800_000, true],
])('whoever moved %s', (_when, agoMs, idle) => {
  expect(isIdle(1_000, 1_000 + agoMs, 1_800_000)).toBe(idle);
});
