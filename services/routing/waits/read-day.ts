import type { VisitRows } from '../ports.js';
import { LATELY_MS, type DayFiguresKeeper } from './day-figures.js';

/** Rows written up to this long before the last reading are read once more: clocks of processes differ. */
const NOTED_BEFORE_MS = 120_000;
/** Legs and transfers are told when their call ends; the records are read for those of which no event came. */
const LEGS_EVERY_MS = 3_600_000;

/** Reads what is stored of the day: it decides what the figures are. Of visits only what was written since the last reading is read. */
export function createDayReader({
  figures,
  visitRows,
  midnightMs,
  clock: { nowMs },
}: {
  readonly figures: Pick<DayFiguresKeeper, 'saw' | 'sawLeg' | 'sawTransfer' | 'turnTo'>;
  readonly visitRows: VisitRows;
  readonly midnightMs: () => number;
  readonly clock: { nowMs(): number };
}): () => Promise<void> {
  /** When each was read last. */
  let countedAtMs = 0;
  let legsReadAtMs = Number.NEGATIVE_INFINITY;
  return async () => {
    figures.turnTo(midnightMs());
    const atMs = nowMs();
    const since = new Date(midnightMs() - LATELY_MS);
    for await (const batch of visitRows.of(since, new Date(countedAtMs - NOTED_BEFORE_MS))) batch.forEach(figures.saw);
    countedAtMs = atMs;
    if (atMs - legsReadAtMs < LEGS_EVERY_MS) return;
    for await (const batch of visitRows.legsSince(since)) batch.forEach(figures.sawLeg);
    for await (const batch of visitRows.transfersSince(since)) batch.forEach(figures.sawTransfer);
    legsReadAtMs = atMs;
  };
}
