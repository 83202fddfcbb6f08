import type { Logger } from '../../shared/platform/processes/logger.js';
import type { HolidayCalendar } from './hours.js';

/** One year as compliance has entered it: weekdays off and weekend days that are worked; dates are `2027-10-01`. */
export interface EnteredYear {
  readonly daysOff: readonly string[];
  readonly workedWeekends: readonly string[];
}

/** The consumer owns the port, services/complaints implements it: the calendars by which its legal clocks run. */
export type CalendarYears = () => Promise<ReadonlyMap<number, EnteredYear>>;

const yearOf = (date: string): number => Number(date.slice(0, 4));

/**
 * What compliance has entered decides; a weekend day inside a public holiday, which is not entered, and a year that is not entered are as the
 * package publishes them.
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

/** Years of these dates of which neither compliance nor the package knows the public holidays: hours there are those of the week. */
export function unknownYears(dates: readonly string[], entered: ReadonlyMap<number, EnteredYear>, published: HolidayCalendar): number[] {
  const years = [...new Set(dates.map(yearOf))];
  // The first of October is a public holiday in every year that is published.
  return years.filter((year) => !entered.has(year) && published.dayKind(`${year}-10-01`) !== 'holiday');
}

function isWeekend(date: string): boolean {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return weekday === 0 || weekday === 6;
}

/** The calendar in memory: an INVITE never waits for the document store. What was read last stands while the store is away. */
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
        log.warn({ err: error }, 'the calendar could not be read; what was read last stands');
      }
    },
  };
}
