/** A calendar date such as `2026-03-31`. It has no time zone and is compared as text. */
export type CalendarDate = string;

const DAY_MS = 86_400_000;
const FIRST: CalendarDate = '0000-01-01';
/** The date that people enter for "without end". */
const LAST: CalendarDate = '9999-12-31';
const toMs = (date: CalendarDate): number => Date.parse(`${date}T00:00:00Z`);
const [firstMs, lastMs] = [toMs(FIRST), toMs(LAST)];

/**
 * The date that is `days` days later, or the text itself when it is not a date (an empty field). The result stays within the valid range:
 * the day after 9999-12-31 is 9999-12-31.
 */
export const addDays = (date: CalendarDate, days: number): CalendarDate =>
  Number.isNaN(toMs(date)) ? date : new Date(Math.min(lastMs, Math.max(firstMs, toMs(date) + days * DAY_MS))).toISOString().slice(0, 10);

/** Days from the first date to the second. Negative when the second is earlier. */
export const daysBetween = (from: CalendarDate, to: CalendarDate): number => Math.round((toMs(to) - toMs(from)) / DAY_MS);

export const yearOf = (date: CalendarDate): number => Number(date.slice(0, 4));

/** Whether the date is a Monday to Friday. */
export function isWeekday(date: CalendarDate): boolean {
  const weekday = new Date(toMs(date)).getUTCDay();
  return weekday !== 0 && weekday !== 6;
}

/** Whether the text is an existing date. */
export const isCalendarDate = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(toMs(text)) && addDays(text, 0) === text;

/** Counts working days, starting with the day after `date`, by the calendar with its make-up days. */
export function addWorkingDays(date: CalendarDate, days: number, isWorkday: (date: CalendarDate) => boolean): CalendarDate {
  let current = date;
  for (let left = days; left > 0;) {
    current = addDays(current, 1);
    if (isWorkday(current)) left -= 1;
  }
  return current;
}
