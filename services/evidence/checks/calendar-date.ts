/** Calendar dates `2026-03-31`, as the licence file keeps them: without a zone, compared as text. */
export type CalendarDate = string;

const DAY_MS = 86_400_000;
const toMs = (date: CalendarDate): number => Date.parse(`${date}T00:00:00Z`);

export const addDays = (date: CalendarDate, days: number): CalendarDate => new Date(toMs(date) + days * DAY_MS).toISOString().slice(0, 10);
/** Days from the first to the second; negative when the second is before. */
export const daysBetween = (from: CalendarDate, to: CalendarDate): number => Math.round((toMs(to) - toMs(from)) / DAY_MS);
export const yearOf = (date: CalendarDate): number => Number(date.slice(0, 4));

/** Counts working days (given by the calendar with its make-up days) from the day after. */
export function addWorkingDays(date: CalendarDate, days: number, isWorkday: (date: CalendarDate) => boolean): CalendarDate {
  let current = date;
  for (let left = days; left > 0;) {
    current = addDays(current, 1);
    if (isWorkday(current)) left -= 1;
  }
  return current;
}
