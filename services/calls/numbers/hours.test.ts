import { expect, test } from '@jest/globals';
import { Hours } from '../../shared/contracts/calls/flow.js';
import { chineseCalendar } from '../adapters/site-time.js';
import { calendarOf, unknownYears } from './site-calendar.js';
import { hoursOf, hoursProblems, isOpenAt } from './hours.js';

const hours = Hours.parse({
  weekly: [{ days: [1, 2, 3, 4, 5], opens: '09:00', closes: '18:00' }],
  chineseHolidays: true,
  exceptions: [{ date: '2026-11-26' }, { date: '2026-11-28', spans: [{ opens: '10:00', closes: '12:00' }] }],
});

test.each([
  ['a working day', '2026-11-25', 3, 600, true],
  ['before it opens', '2026-11-25', 3, 539, false],
  ['the minute of closing', '2026-11-25', 3, 1_080, false],
  ['a Saturday', '2026-10-17', 6, 600, false],
  ['a public holiday on a weekday', '2026-10-01', 4, 600, false],
  ['a Saturday worked in exchange', '2026-10-10', 6, 600, true],
  ['a day that the firm is closed', '2026-11-26', 4, 600, false],
  ['a Saturday that the firm opens', '2026-11-28', 6, 660, true],
])('%s', (_name, date, weekday, minutes, open) => {
  expect(isOpenAt(hours, { date, weekday, minutes }, chineseCalendar)).toBe(open);
});

test('hours that contradict themselves are named', () => {
  const bad = Hours.parse({
    weekly: [
      { days: [1], opens: '12:00', closes: '09:00' },
      { days: [2], opens: '09:00', closes: '12:00' },
      { days: [2], opens: '11:00', closes: '13:00' },
    ],
  });
  expect(hoursProblems(bad)).toEqual([
    { problem: 'hours-backwards', day: '1' },
    { problem: 'hours-overlap', day: '2' },
  ]);
  expect(hoursProblems(Hours.parse({ weekly: [], exceptions: [{ date: '2026-11-26' }, { date: '2026-11-26' }] }))).toEqual([
    { problem: 'hours-date-twice', day: '2026-11-26' },
    { problem: 'hours-never', day: '' },
  ]);
  expect(hoursProblems(hours)).toEqual([]);
});

test.each([
  ['2026-10-01', 4, 'holiday', 0],
  ['2026-10-10', 6, 'workday', 1],
  ['2026-11-25', 3, 'week', 1],
  ['2026-11-28', 6, 'exception', 1],
])('%s is told with the rule that gave its hours', (date, weekday, by, spans) => {
  const told = hoursOf(hours, { date, weekday }, chineseCalendar);
  expect([told.by, told.spans.length]).toEqual([by, spans]);
});

test('the calendar that compliance has entered decides; a year that nobody knows is named', () => {
  const entered = new Map([[2031, { daysOff: ['2031-10-01'], workedWeekends: ['2031-10-11'] }]]);
  const calendar = calendarOf(entered, chineseCalendar);
  expect(['2031-10-01', '2031-10-11', '2031-10-02'].map((date) => calendar.dayKind(date))).toEqual(['holiday', 'workday', 'ordinary']);
  // A weekend inside the holiday of a published year, which nobody enters as days off.
  const known = new Map([[2026, { daysOff: ['2026-10-01'], workedWeekends: [] }]]);
  expect(calendarOf(known, chineseCalendar).dayKind('2026-10-03')).toBe('holiday');
  expect(unknownYears(['2026-12-31', '2031-01-01', '2032-01-01'], entered, chineseCalendar)).toEqual([2032]);
});
