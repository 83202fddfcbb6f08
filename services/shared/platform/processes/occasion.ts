/** When a job is to run: at the beginning of each period, or each day at the site from an hour on. */
export type Timetable = { readonly everyMs: number } | { readonly dailyFromHour: number };

/** The time at the site: its date as ISO 8601, and the hour, 0 to 23. */
export interface SiteTime {
  readonly date: string;
  readonly hour: number;
}

/**
 * The name of the newest occasion on which a job should have run. Once the name is stored, the job has run for that occasion, whichever
 * process ran it and however often the product has been started since.
 */
export function occasionOf(timetable: Timetable, nowMs: number, siteTimeOf: (atMs: number) => SiteTime): string {
  if ('everyMs' in timetable) return `${timetable.everyMs}:${Math.floor(nowMs / timetable.everyMs)}`;
  const { date, hour } = siteTimeOf(nowMs);
  return hour >= timetable.dailyFromHour ? date : siteTimeOf(nowMs - 86_400_000).date;
}
