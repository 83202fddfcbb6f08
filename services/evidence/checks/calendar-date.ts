import { addDays, type CalendarDate } from '../../shared/domain/time/calendar-date.js';

export { addDays, daysBetween, yearOf, type CalendarDate } from '../../shared/domain/time/calendar-date.js';

/** Counts working days, starting with the day after `date`, by the calendar with its make-up days. */
export function addWorkingDays(date: CalendarDate, days: number, isWorkday: (date: CalendarDate) => boolean): CalendarDate {
  let current = date;
  for (let left = days; left > 0;) {
    current = addDays(current, 1);
    if (isWorkday(current)) left -= 1;
  }
  return current;
}
