import { DateTime } from 'luxon';

/** Five digits cover the years 1927 to 2173; a number with fewer or more digits is no date. */
const SERIAL = /^\d{5}(\.\d+)?$/;
const DAY_SECONDS = 86_400;

/**
 * Reads a date cell of a workbook: the days since 1899-12-30, with the time of day after the decimal point, by the clock of a zone. A whole
 * number is the start of a day. Undefined for any other text.
 */
export function serialDate(text: string, zone: string): DateTime | undefined {
  if (!SERIAL.test(text)) return undefined;
  // Office programs store a time as a fraction, which is no longer an exact number of seconds.
  const seconds = Math.round(Number(text) * DAY_SECONDS);
  return DateTime.fromObject({ year: 1899, month: 12, day: 30 }, { zone: 'utc' }).plus({ seconds }).setZone(zone, { keepLocalTime: true });
}
