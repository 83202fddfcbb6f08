import { afterEach, expect, jest, test } from '@jest/globals';
import { localDate, localTime } from './local-time.js';

afterEach(() => {
  jest.restoreAllMocks();
});

test('a moment is shown by the clock of the site, and thousands of moments need one formatter', () => {
  const made = jest.spyOn(Intl, 'DateTimeFormat');
  const at = Date.parse('2026-10-31T16:30:05Z');
  expect([localTime(at, 'Asia/Shanghai'), localDate(at, 'Asia/Shanghai')]).toEqual(['2026-11-01 00:30:05', '2026-11-01']);
  expect(localTime(at, 'Europe/Berlin')).toBe('2026-10-31 17:30:05');
  for (let i = 0; i < 3_000; i += 1) localTime(at + i * 60_000, 'Asia/Shanghai');
  expect(made.mock.calls.length).toBeLessThanOrEqual(2);
});
