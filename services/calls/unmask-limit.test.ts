import { expect, test } from '@jest/globals';
import { UnmaskLimit } from './unmask-limit.js';

test('so many in an hour, told once, free again as the hour moves on; another person is not touched', () => {
  const limit = new UnmaskLimit(3);
  const minute = 60_000;
  expect([0, 1, 2].map((at) => limit.look('a', at * minute))).toEqual(['allowed', 'allowed', 'allowed']);
  expect([3, 4].map((at) => limit.look('a', at * minute))).toEqual(['over', 'over-again']);
  expect(limit.look('b', 4 * minute)).toBe('allowed');
  expect(limit.look('a', 60 * minute)).toBe('allowed');
  expect(limit.look('a', 60 * minute)).toBe('over-again');
  expect(limit.look('a', 64 * minute)).toBe('allowed');
});
