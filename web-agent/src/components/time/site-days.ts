import dayjs, { type Dayjs } from 'dayjs';
// The names of months and weekdays in the date pickers of the Chinese pages. The import does not change dayjs's default language.
import 'dayjs/locale/zh-cn.js';
import timezone from 'dayjs/plugin/timezone.js';
import utc from 'dayjs/plugin/utc.js';
import { atWall, followSiteZone, siteZone } from './times.js';

dayjs.extend(utc);
dayjs.extend(timezone);
// The day that pickers mark as today.
followSiteZone((zone) => dayjs.tz.setDefault(zone));

/** The current time by the site's clock: its day is today at the site. */
export const siteNow = (): Dayjs => dayjs().tz(siteZone());

/** A moment as a day picker shows it: by the site's clock. */
export const siteDay = (iso: string): Dayjs => dayjs(iso).tz(siteZone());

/** The moment that a day picker's value means: the shown time, by the site's clock. A typed value has no zone at all. */
export const isoOf = (shown: Dayjs): string => atWall(shown.format('YYYY-MM-DDTHH:mm:ss.SSS')).toISOString();

/** From the beginning of the first day to the end of the last, for a search. */
export const daysFrom = (first: Dayjs, last: Dayjs): { readonly from: string; readonly to: string } => ({
  from: isoOf(first.startOf('day')),
  to: isoOf(last.endOf('day')),
});
