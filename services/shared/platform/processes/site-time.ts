import { DateTime } from 'luxon';
import type { SiteTime } from './occasion.js';

/** Date and hour of a moment at the site. */
export const siteTimeIn =
  (zone: string) =>
  (atMs: number): SiteTime => {
    const local = DateTime.fromMillis(atMs, { zone });
    return { date: local.toISODate() ?? '', hour: local.hour };
  };
