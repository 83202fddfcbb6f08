import { expect, test } from '@jest/globals';
import { addDays, daysBetween, isCalendarDate, isWeekday } from './calendar-date.js';

test('days are added over the ends of months and leap years', () => {
  expect(addDays('2026-02-28', 1)).toBe('2026-03-01');
  expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
  expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
  expect(daysBetween('2026-03-31', '2026-04-02')).toBe(2);
});

test.each([
  ['9999-12-31', 1, '9999-12-31'],
  ['9999-12-01', 90, '9999-12-31'],
  ['0000-01-01', -1, '0000-01-01'],
])('%s and %d days stay within the years of a date', (date, days, expected) => {
  expect(addDays(date, days)).toBe(expected);
  expect(addDays(addDays(date, days), days)).toBe(expected);
});

test('an empty field has no day after it, and no error either', () => {
  expect(addDays('', 30)).toBe('');
});

test('a weekday is Monday to Friday, with or without a holiday', () => {
  expect(isWeekday('2026-10-01')).toBe(true);
  expect(isWeekday('2026-11-28')).toBe(false);
});

test.each(['2026-02-29', '2026-13-01', '2026-1-1', 'tomorrow', ''])('"%s" is no date', (text) => {
  expect(isCalendarDate(text)).toBe(false);
});
