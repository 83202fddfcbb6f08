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

export interface Point {
  /** ISO 8601. */
  readonly start: string;
  readonly value: number | null;
}

/** The values of the comparison days, each at the moment this many days later; null where there is none. */
export function besideOf(starts: readonly string[], before: readonly Point[], shiftDays: number): (number | null)[] {
  const valueAt = new Map(before.map(({ start, value }) => [Date.parse(start) + shiftDays * DAY_MS, value]));
  return starts.map((start) => valueAt.get(Date.parse(start)) ?? null);
}

/** All moments that any series has, in order: an hour without calls in the report may have had some before. */
export const momentsOf = (
  own: readonly Point[],
  others: readonly { readonly points: readonly Point[]; readonly shiftDays: number }[],
): string[] =>
  [
    ...new Set([
      ...own.map(({ start }) => Date.parse(start)),
      ...others.flatMap(({ points, shiftDays }) => points.map(({ start }) => Date.parse(start) + shiftDays * DAY_MS)),
    ]),
  ]
    .sort((a, b) => a - b)
    .map((atMs) => new Date(atMs).toISOString());
