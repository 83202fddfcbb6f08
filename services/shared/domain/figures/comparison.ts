import type { ReportInterval } from './report.js';

const DAY_MS = 86_400_000;
const midnight = (date: string): number => Date.parse(`${date}T00:00:00Z`);
const daysLater = (date: string, days: number): string => new Date(midnight(date) + days * DAY_MS).toISOString().slice(0, 10);

/** What a report is compared with: the days just before it, or the same weekdays before it. */
export const comparisons = ['before', 'weekday'] as const;
export type Comparison = (typeof comparisons)[number];

/** Days of the site, `YYYY-MM-DD`, both inclusive. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

/** The distance in days: the length of the report, or the fewest whole weeks that leave no day in both. */
export function shiftOf({ from, to }: Days, comparison: Comparison): number {
  const days = Math.round((midnight(to) - midnight(from)) / DAY_MS) + 1;
  return comparison === 'before' ? days : 7 * Math.ceil(days / 7);
}

export function comparedDays(days: Days, comparison: Comparison): Days {
  const shift = -shiftOf(days, comparison);
  return { from: daysLater(days.from, shift), to: daysLater(days.to, shift) };
}

/** Whether each interval of a report has one beside it: months differ in length, a week begins on a Monday, and so do the hours of a week. */
export const isComparable = (interval: ReportInterval, days: Days, comparison: Comparison): boolean =>
  interval === 'week' || interval === 'hour-of-week' ? shiftOf(days, comparison) % 7 === 0 : interval !== 'month';

/** The beginning of the interval that lies this many days later. Without a time axis it is the same. */
export const shiftedStart = (start: string, interval: ReportInterval, days: number): string =>
  interval === 'whole' || interval === 'hour-of-week' ? start : new Date(Date.parse(start) + days * DAY_MS).toISOString();
