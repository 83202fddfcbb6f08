import chineseDays from 'chinese-days';
import { addDays, daysBetween, isWeekday } from '../../shared/domain/time/calendar-date.js';
import type { CalendarYear } from '../clock/working-days.js';

/** The calendar of a year, as the package knows it; undefined when its holidays had not been published when the package was made. */
export function publishedCalendar(year: number): CalendarYear | undefined {
  const daysOff: string[] = [];
  const workedWeekends: string[] = [];
  const first = `${year}-01-01`;
  const daysOfYear = daysBetween(first, `${year}-12-31`) + 1;
  for (let day = 0; day < daysOfYear; day += 1) {
    const date = addDays(first, day);
    const weekend = !isWeekday(date);
    const working = chineseDays.isWorkday(date);
    if (weekend && working) workedWeekends.push(date);
    if (!weekend && !working) daysOff.push(date);
  }
  return daysOff.length === 0 ? undefined : { year, daysOff, workedWeekends, source: 'chinese-days' };
}
