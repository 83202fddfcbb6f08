import { DateTime } from 'luxon';
import { CallCentreError } from '../../shared/domain/failure.js';
import type { SiteDays } from '../ports.js';
import type { Span } from '../report.js';

const LONGEST_DAYS = 400;

/** The days of a report and the form of times, by the clock of the site. */
export function createSiteDays(zone: string): SiteDays {
  return {
    zone,
    daysOf(from, to) {
      const [first, last] = [from, to].map((date) => DateTime.fromISO(date, { zone }));
      const length = first === undefined || last === undefined ? 0 : Math.round(last.diff(first, 'days').days) + 1;
      if (first === undefined || !(length >= 1 && length <= LONGEST_DAYS))
        throw new CallCentreError(
          'invalid-request',
          `A report covers 1 to ${String(LONGEST_DAYS)} days, and its first day comes before its last.`,
          length > LONGEST_DAYS ? { details: { limit: 'report-days', most: LONGEST_DAYS } } : {},
        );
      return {
        span: { fromMs: first.toMillis(), untilMs: first.plus({ days: length }).toMillis() },
        dates: Array.from({ length }, (_, day) => first.plus({ days: day }).toISODate() ?? ''),
      };
    },
    hoursIn({ fromMs, untilMs }, hourOfWeek) {
      const [weekday = 1, hour = 0] = hourOfWeek.split('-').map(Number);
      const hours: Span[] = [];
      let day = DateTime.fromMillis(fromMs, { zone }).startOf('day');
      for (; day.toMillis() < untilMs; day = day.plus({ days: 1 })) {
        if (day.weekday !== weekday) continue;
        const start = day.set({ hour });
        // An hour that the clock skips in spring does not exist; an hour that occurs twice in autumn counts as both.
        if (start.hour !== hour) continue;
        let end = start.plus({ hours: 1 });
        while (end.hour === hour) end = end.plus({ hours: 1 }).startOf('hour');
        const part = { fromMs: Math.max(start.toMillis(), fromMs), untilMs: Math.min(end.toMillis(), untilMs) };
        if (part.fromMs < part.untilMs) hours.push(part);
      }
      return hours;
    },
    momentOf(date, time) {
      const at = DateTime.fromISO(`${date}T${time}`, { zone });
      // The clock skips an hour in spring: a time in it does not exist.
      return at.isValid && (time === '24:00' || at.toFormat('HH:mm') === time) ? at.toMillis() : undefined;
    },
    timeText: (atMs) => DateTime.fromMillis(atMs, { zone }).toFormat('yyyy-MM-dd HH:mm'),
    secondText: (atMs) => DateTime.fromMillis(atMs, { zone }).toFormat('yyyy-MM-dd HH:mm:ss'),
  };
}
