import { DateTime } from 'luxon';

/** The hour of the day at the site, 0 to 23. */
export const hourIn = (at: Date, zone: string): number => DateTime.fromJSDate(at).setZone(zone).hour;
