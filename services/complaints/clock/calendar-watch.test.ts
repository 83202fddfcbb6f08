import { expect, test } from '@jest/globals';
import { missingYear } from '../../shared/domain/time/working-year.js';
import { createCalendarWatch } from './calendar-watch.js';
import type { Calendar, CalendarYear } from './working-days.js';

const of = (...years: readonly number[]): Calendar =>
  new Map(years.map((year): [number, CalendarYear] => [year, { year, daysOff: [], workedWeekends: [], source: 'test' }]));

test.each<[string, string, Calendar, number | undefined]>([
  ['in October the next year is not asked for', '2026-10-31', of(2026), undefined],
  ['from 1 November it is', '2026-11-01', of(2026), 2027],
  ['until it is there', '2026-12-31', of(2026, 2027), undefined],
  ['a year that has begun without its calendar', '2027-01-01', of(2026), 2027],
])('%s', (_name, today, calendar, year) => {
  expect(missingYear(today, (each) => calendar.has(each))).toBe(year);
});

test('the alarm names the year, and ends when its calendar is entered', async () => {
  const said: unknown[] = [];
  let calendar = of(2026);
  const look = createCalendarWatch({
    calendars: async () => calendar,
    today: () => '2026-11-28',
    condition: { is: async (raised) => void said.push(raised) },
  });
  await look();
  calendar = of(2026, 2027);
  await look();
  expect(said).toEqual([{ text: { en: 'The working calendar of 2027 is missing', 'zh-CN': '缺少 2027 年工作日历' } }, undefined]);
});
