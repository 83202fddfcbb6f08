export { comparedDays, comparisons, shiftOf, type Comparison, type Days } from '../../../../services/shared/domain/figures/comparison.js';

const DAY_MS = 86_400_000;

export interface Point {
  /** ISO 8601. */
  readonly start: string;
  readonly value: number | null;
}

/** The values of the comparison days, each at the time this many days later; null where there is none. */
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
