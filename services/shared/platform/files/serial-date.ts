import { DateTime } from 'luxon';

/** Five digits cover the years 1927 to 2173; a number with fewer or more digits is no date. */
const SERIAL = /^\d{5}(\.\d+)?$/;
const DAY_SECONDS = 86_400;

/**
 * What a date cell of a workbook has: the days since 1899-12-30, the time of day behind the point, by the clock of a zone. A whole number is a day, from its
 * beginning. Undefined when the text is no such number.
 */
export function serialDate(text: string, zone: string): DateTime | undefined {
  if (!SERIAL.test(text)) return undefined;
  // Office programs keep a time as a fraction, which is no whole second any more.
  const seconds = Math.round(Number(text) * DAY_SECONDS);
  return DateTime.fromObject({ year: 1899, month: 12, day: 30 }, { zone: 'utc' }).plus({ seconds }).setZone(zone, { keepLocalTime: true });
}
