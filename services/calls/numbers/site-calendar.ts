import type { Logger } from '../../shared/platform/processes/logger.js';
import type { HolidayCalendar } from './hours.js';

/** One year as compliance has entered it: weekdays that are off and weekend days that are worked. Dates are `2027-10-01`. */
export interface EnteredYear {
  readonly daysOff: readonly string[];
  readonly workedWeekends: readonly string[];
}

/** The consumer owns the port; services/complaints implements it: the calendars by which it counts legal deadlines. */
export type CalendarYears = () => Promise<ReadonlyMap<number, EnteredYear>>;

const yearOf = (date: string): number => Number(date.slice(0, 4));

/**
 * The entries of compliance decide. A weekend day inside a public holiday, which is never entered, and a year without entries are taken as
 * the package publishes them.
 */
export const calendarOf = (entered: ReadonlyMap<number, EnteredYear>, published: HolidayCalendar): HolidayCalendar => ({
  dayKind(date) {
    const year = entered.get(yearOf(date));
    if (year === undefined) return published.dayKind(date);
    if (year.daysOff.includes(date)) return 'holiday';
    if (year.workedWeekends.includes(date)) return 'workday';
    return published.dayKind(date) === 'holiday' && isWeekend(date) ? 'holiday' : 'ordinary';
  },
});

/** The years of these dates for which neither compliance nor the package knows the public holidays. The hours of the week apply there. */
export function unknownYears(dates: readonly string[], entered: ReadonlyMap<number, EnteredYear>, published: HolidayCalendar): number[] {
  const years = [...new Set(dates.map(yearOf))];
  // The first of October is a public holiday in every published year.
  return years.filter((year) => !entered.has(year) && published.dayKind(`${year}-10-01`) !== 'holiday');
}

function isWeekend(date: string): boolean {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return weekday === 0 || weekday === 6;
}

/** The calendar in memory: an INVITE never waits for the document store. The last reading stays valid while the store is down. */
export function createSiteCalendar({
  years,
  published,
  log,
}: {
  readonly years: CalendarYears;
  readonly published: HolidayCalendar;
  readonly log: Logger;
}): HolidayCalendar & { read(): Promise<void> } {
  let calendar = published;
  return {
    dayKind: (date) => calendar.dayKind(date),
    async read() {
      try {
        calendar = calendarOf(await years(), published);
      } catch (error) {
        log.warn({ err: error }, 'the calendar could not be read; the last one read stays in force');
      }
    },
  };
}
