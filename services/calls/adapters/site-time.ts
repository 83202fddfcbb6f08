import chineseDays from 'chinese-days';
import { DateTime } from 'luxon';
import type { HolidayCalendar, LocalTime } from '../numbers/hours.js';

/**
 * The public holidays that the State Council publishes each autumn for the next year, as the package knows them. The package calls each
 * weekend a holiday; here a weekend without a public holiday is an ordinary weekend.
 */
export const chineseCalendar: HolidayCalendar = {
  dayKind(date) {
    const { work, name } = chineseDays.getDayDetail(date);
    // A public holiday, and a day worked in exchange for it, have a name of three parts. Other days have the name of the weekday.
    if (!name.includes(',')) return 'ordinary';
    return work ? 'workday' : 'holiday';
  },
};

export function localTime(atMs: number, zone: string): LocalTime {
  const time = DateTime.fromMillis(atMs, { zone });
  return { date: time.toISODate() ?? '', weekday: time.weekday, minutes: time.hour * 60 + time.minute };
}

/** This many dates in a row, from a date or from today. */
export function datesFrom(from: string | undefined, count: number, zone: string): Omit<LocalTime, 'minutes'>[] {
  const first = from === undefined ? DateTime.now().setZone(zone) : DateTime.fromISO(from, { zone });
  return Array.from({ length: count }, (_, ahead) => {
    const day = first.plus({ days: ahead });
    return { date: day.toISODate() ?? '', weekday: day.weekday };
  });
}
