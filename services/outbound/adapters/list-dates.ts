import { DateTime } from 'luxon';
import { serialDate } from '../../shared/platform/files/serial-date.js';
import type { ListDates } from '../consents/consent-import.js';

const DATES = ['yyyy-MM-dd', 'yyyy/M/d', 'yyyy年M月d日'];
const MOMENTS = ['yyyy-MM-dd HH:mm', 'yyyy-MM-dd HH:mm:ss', 'yyyy/M/d H:mm', 'yyyy/M/d H:mm:ss', "yyyy-MM-dd'T'HH:mm:ssZZ"];

function read(text: string, zone: string, formats: readonly string[]): DateTime | undefined {
  for (const format of formats) {
    const found = DateTime.fromFormat(text.trim(), format, { zone });
    if (found.isValid) return found;
  }
  return serialDate(text.trim(), zone);
}

/** Dates and times as people and office programs write them, in the zone of the site. */
export const listDates = (zone: string): ListDates => ({
  moment: (text) => read(text, zone, [...DATES, ...MOMENTS])?.toJSDate(),
  endOfDay: (text) => read(text, zone, DATES)?.endOf('day').toJSDate(),
});
