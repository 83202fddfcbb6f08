import { expect, test } from '@jest/globals';
import { serialDate } from './serial-date.js';

const ZONE = 'Asia/Shanghai';

test.each([
  ['46083', '2026-03-02T00:00:00.000+08:00'],
  ['46083.416666666664', '2026-03-02T10:00:00.000+08:00'],
  ['46083.999988425923', '2026-03-02T23:59:59.000+08:00'],
  // Less than half a second before midnight.
  ['46083.999999', '2026-03-03T00:00:00.000+08:00'],
])('%s is %s', (text, expected) => {
  expect(serialDate(text, ZONE)?.toISO()).toBe(expected);
});

test('the clock time is that of the zone, also on the day in which summer time begins', () => {
  expect(serialDate('46110.5', 'Europe/Berlin')?.toISO()).toBe('2026-03-29T12:00:00.000+02:00');
});

test.each(['', '2026', '20260302', '13800000001', '46083.', '-46083', '4.6083E4', '2026-03-02'])('%p is no date cell', (text) => {
  expect(serialDate(text, ZONE)).toBeUndefined();
});
