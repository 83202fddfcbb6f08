import { expect, test } from '@jest/globals';
import { inputTime, tomorrowAtNine } from './callback-times.js';

test('a time is written as the input reads it, and read back as the same minute', () => {
  const at = new Date(2026, 0, 5, 8, 7, 42);
  expect(inputTime(at)).toBe('2026-01-05T08:07');
  expect(new Date(inputTime(at)).getTime()).toBe(new Date(2026, 0, 5, 8, 7).getTime());
});

test('tomorrow at nine, also over the end of a year', () => {
  expect(inputTime(tomorrowAtNine(new Date(2026, 11, 31, 23, 59)))).toBe('2027-01-01T09:00');
});
