import { expect, test } from '@jest/globals';
import { publishedCalendar } from '../adapters/published-calendar.js';
import { calendarFaults, dueDate, isWorkingDay, type Calendar } from './working-days.js';

const years = [2023, 2024, 2025, 2026].flatMap((year) => publishedCalendar(year) ?? []);
const calendar: Calendar = new Map(years.map((year) => [year.year, year]));

test.each<[name: string, from: string, days: number, unit: 'calendar' | 'working', due: string]>([
  ['15 days, the first not counted', '2026-03-02', 15, 'calendar', '2026-03-17'],
  ['15 days over the end of a year', '2025-12-25', 15, 'calendar', '2026-01-09'],
  ['5 days over a leap day', '2024-02-26', 5, 'calendar', '2024-03-02'],
  ['5 days over February in a common year', '2025-02-26', 5, 'calendar', '2025-03-03'],
  ['5 working days in a week without holidays', '2026-03-02', 5, 'working', '2026-03-09'],
  ['5 working days from a Friday', '2026-03-06', 5, 'working', '2026-03-13'],
  ['5 working days over the National Day week of 2025 with a worked Saturday', '2025-09-30', 5, 'working', '2025-10-14'],
  ['15 working days over the Spring Festival of 2024', '2024-02-06', 15, 'working', '2024-03-04'],
])('%s', (_name, from, days, unit, due) => {
  expect(dueDate(from, days, unit, calendar)).toEqual({ date: due });
});

test('a worked Saturday is a working day, a holiday Monday is none', () => {
  expect(isWorkingDay('2025-10-11', calendar)).toBe(true);
  expect(isWorkingDay('2025-10-06', calendar)).toBe(false);
  expect(isWorkingDay('2025-10-12', calendar)).toBe(false);
});

test('a year without a calendar is counted too short rather than too long, and says so', () => {
  expect(isWorkingDay('2031-01-02', calendar)).toBeUndefined();
  expect(dueDate('2031-01-01', 5, 'working', calendar)).toEqual({ date: '2031-01-08', provisionalYear: 2031 });
});

test.each([
  ['a date of another year', { daysOff: ['2027-01-01'], workedWeekends: [] }, ['2027-01-01: not in 2026']],
  ['a date that does not exist', { daysOff: ['2026-02-30'], workedWeekends: [] }, ['2026-02-30: not a date']],
  ['a day both off and worked', { daysOff: ['2026-01-03'], workedWeekends: ['2026-01-03'] }, ['2026-01-03: both off and worked']],
  ['a worked weekend that is a Monday', { daysOff: [], workedWeekends: ['2026-01-05'] }, ['2026-01-05: not a weekend']],
  ['nothing wrong', { daysOff: ['2026-01-01'], workedWeekends: ['2026-01-04'] }, []],
])('a calendar with %s', (_name, days, faults) => {
  expect(calendarFaults({ year: 2026, source: 'test', ...days })).toEqual(faults);
});
