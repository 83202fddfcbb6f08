import type { AlarmCondition } from '../shared/platform/alarm-condition.js';
import type { Calendar } from './working-days.js';

/** The holidays of a year are published in the autumn before; from 1 November the calendar of the next year is asked for. */
const ASKED_FROM = '-11-01';

/** The year whose calendar has to be entered now: this one, or from November the next; undefined when none is missing. `today`: `2026-11-28`. */
export function missingYear(today: string, calendar: Calendar): number | undefined {
  const year = Number(today.slice(0, 4));
  if (!calendar.has(year)) return year;
  return today >= `${year}${ASKED_FROM}` && !calendar.has(year + 1) ? year + 1 : undefined;
}

/** Raises the alarm while a calendar is missing by which clocks of complaints and duties will soon be counted. */
export function createCalendarWatch({
  calendars,
  today,
  condition,
}: {
  readonly calendars: () => Promise<Calendar>;
  /** The date of the site. */
  readonly today: () => string;
  readonly condition: AlarmCondition;
}): () => Promise<void> {
  return async () => {
    const year = missingYear(today(), await calendars());
    await condition.is(
      year === undefined ? undefined : { text: { en: `The working calendar of ${year} is missing`, 'zh-CN': `缺少 ${year} 年工作日历` } },
    );
  };
}
