import type { Aged } from './ports.js';

const DAY_MS = 86_400_000;
/** The number of rows of each kind removed in one go, so that live work is not held up. */
const LOT = 2_000;
const MOST_LOTS = 500;

/** Removes expired rows in batches and returns how many were removed. The next sweep removes what this one leaves. */
export async function removeAged(aged: readonly Aged[], keepDays: number, now: Date): Promise<number> {
  const before = new Date(now.getTime() - keepDays * DAY_MS);
  let removed = 0;
  for (const each of aged)
    for (let lots = 0; lots < MOST_LOTS; lots += 1) {
      const gone = await each.removeBefore(before, LOT);
      removed += gone;
      if (gone === 0) break;
    }
  return removed;
}
