import chineseDays from 'chinese-days';
import { addDays, type CalendarYear } from '../working-days.js';

/** A year as the package knows it, or undefined when its holidays were not published when the package was made. */
export function publishedCalendar(year: number): CalendarYear | undefined {
  const daysOff: string[] = [];
  const workedWeekends: string[] = [];
  for (let date = `${year}-01-01`; date.startsWith(String(year)); date = addDays(date, 1)) {
    const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
    const weekend = weekday === 0 || weekday === 6;
    const working = chineseDays.isWorkday(date);
    if (weekend && working) workedWeekends.push(date);
    if (!weekend && !working) daysOff.push(date);
  }
  return daysOff.length === 0 ? undefined : { year, daysOff, workedWeekends, source: 'chinese-days' };
}
