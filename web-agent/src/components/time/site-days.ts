import dayjs, { type Dayjs } from 'dayjs';
// The names of months and weekdays in the date pickers of the Chinese pages. The import does not change dayjs's default language.
import 'dayjs/locale/zh-cn.js';
import timezone from 'dayjs/plugin/timezone.js';
import utc from 'dayjs/plugin/utc.js';
import { atWall, followSiteZone, siteZone } from './times.js';

dayjs.extend(utc);
dayjs.extend(timezone);
// What the day pickers mark as today.
followSiteZone((zone) => dayjs.tz.setDefault(zone));

/** Now by the site's clock: its day is the site's today. */
export const siteNow = (): Dayjs => dayjs().tz(siteZone());

/** A moment as a day picker shows it: by the site's clock. */
export const siteDay = (iso: string): Dayjs => dayjs(iso).tz(siteZone());

/** The moment that a day picker's value stands for: what it shows, by the site's clock. A typed value knows no zone at all. */
export const isoOf = (shown: Dayjs): string => atWall(shown.format('YYYY-MM-DDTHH:mm:ss.SSS')).toISOString();

/** From the beginning of the first to the end of the last day, as a search has it. */
export const daysFrom = (first: Dayjs, last: Dayjs): { readonly from: string; readonly to: string } => ({
  from: isoOf(first.startOf('day')),
  to: isoOf(last.endOf('day')),
});
