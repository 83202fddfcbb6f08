import { expect, test } from '@jest/globals';
import { createKeyLimit } from './key-limit.js';

test('a person presses as fast as fingers go; of a storm little passes, and afterwards keys count again', () => {
  let now = 0;
  const limit = createKeyLimit({ nowMs: () => now });
  const passed = (keys: number, everyMs: number): number => {
    let count = 0;
    for (let i = 0; i < keys; i += 1, now += everyMs) if (limit.allows('c1')) count += 1;
    return count;
  };
  expect(passed(100, 90)).toBe(100);
  expect(passed(5_000, 1)).toBeLessThan(100);
  expect(limit.allows('c2')).toBe(true);
  now += 2_000;
  expect(limit.allows('c1')).toBe(true);
});

test('legs that are quiet again are forgotten', () => {
  let now = 0;
  const limit = createKeyLimit({ nowMs: () => now });
  for (let i = 0; i < 10_000; i += 1) limit.allows(`c${i}`);
  now += 5_000;
  limit.allows('last');
  expect(limit.size).toBe(1);
});
