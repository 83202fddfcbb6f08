import { DateTime } from 'luxon';

/** The hour of the day at the site, 0 to 23. */
export const hourIn = (at: Date, zone: string): number => DateTime.fromJSDate(at).setZone(zone).hour;

/** The minute of the day at the site, 0 to 1439. */
export function minuteIn(at: Date, zone: string): number {
  const { hour, minute } = DateTime.fromJSDate(at).setZone(zone);
  return hour * 60 + minute;
}
