/** Half-open `[from, to)`, in whatever unit the caller keeps. Lists are sorted and do not overlap. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** Sorted and merged; holes of up to `bridge` are closed. */
export function union(intervals: readonly Interval[], bridge = 0): Interval[] {
  const merged: { from: number; to: number }[] = [];
  for (const { from, to } of [...intervals].sort((a, b) => a.from - b.from)) {
    if (to <= from) continue;
    const last = merged.at(-1);
    if (last !== undefined && from <= last.to + bridge) last.to = Math.max(last.to, to);
    else merged.push({ from, to });
  }
  return merged;
}

/** The parts of `of` that lie outside `without`. Both lists must be sorted and disjoint, as `union` returns them. */
export function subtract(of: readonly Interval[], without: readonly Interval[]): Interval[] {
  const left: Interval[] = [];
  let next = 0;
  for (const { from, to } of of) {
    let start = from;
    while ((without[next]?.to ?? Infinity) <= start) next += 1;
    for (let i = next; start < to; i += 1) {
      const hole = without[i];
      if (hole === undefined || hole.from >= to) {
        left.push({ from: start, to });
        break;
      }
      if (hole.from > start) left.push({ from: start, to: hole.from });
      start = Math.max(start, hole.to);
    }
  }
  return left;
}

export const clip = (intervals: readonly Interval[], { from, to }: Interval): Interval[] =>
  intervals.flatMap((one) => (one.to <= from || one.from >= to ? [] : [{ from: Math.max(one.from, from), to: Math.min(one.to, to) }]));

export const intersect = (a: readonly Interval[], b: readonly Interval[]): Interval[] => union(a.flatMap((one) => clip(b, one)));

export const total = (intervals: readonly Interval[]): number => intervals.reduce((sum, { from, to }) => sum + to - from, 0);
