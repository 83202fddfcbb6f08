import { addDays, isCalendarDate, isWeekday } from '../../shared/domain/time/calendar-date.js';

/**
 * One year of the official calendar (国务院办公厅节假日安排): weekdays that are off, and Saturdays and Sundays that are worked instead (调休). Dates are
 * `2026-10-01`, in the zone of the site.
 */
export interface CalendarYear {
  readonly year: number;
  readonly daysOff: readonly string[];
  readonly workedWeekends: readonly string[];
  readonly source: string;
}

export type Calendar = ReadonlyMap<number, CalendarYear>;

/** Undefined when the year has no calendar: a guess would move a legal clock. */
export function isWorkingDay(date: string, calendar: Calendar): boolean | undefined {
  const year = calendar.get(Number(date.slice(0, 4)));
  if (year === undefined) return undefined;
  if (year.workedWeekends.includes(date)) return true;
  return isWeekday(date) && !year.daysOff.includes(date);
}

export interface Due {
  readonly date: string;
  /** The time crosses a year without a calendar. All of its weekdays were counted, which never makes the time too long. */
  readonly provisionalYear?: number;
}

/** The last day of a time of `days` that begins with the day after `from` (民法典 201: the first day is not counted). */
export function dueDate(from: string, days: number, unit: 'calendar' | 'working', calendar: Calendar): Due {
  if (unit === 'calendar') return { date: addDays(from, days) };
  let date = from;
  let provisionalYear: number | undefined;
  for (let left = days; left > 0;) {
    date = addDays(date, 1);
    const working = isWorkingDay(date, calendar);
    if (working === undefined) provisionalYear ??= Number(date.slice(0, 4));
    if (working ?? isWeekday(date)) left -= 1;
  }
  return { date, ...(provisionalYear === undefined ? {} : { provisionalYear }) };
}

/**
 * What is wrong with a calendar before it is accepted: dates of another year, a day both off and worked, or worked weekend days that are
 * not on a weekend.
 */
export function calendarFaults({ year, daysOff, workedWeekends }: CalendarYear): string[] {
  const faults: string[] = [];
  for (const date of [...daysOff, ...workedWeekends]) {
    if (!isCalendarDate(date)) faults.push(`${date}: not a date`);
    else if (Number(date.slice(0, 4)) !== year) faults.push(`${date}: not in ${year}`);
  }
  for (const date of workedWeekends) {
    if (daysOff.includes(date)) faults.push(`${date}: both off and worked`);
    if (isWeekday(date)) faults.push(`${date}: not a weekend`);
  }
  return faults;
}
