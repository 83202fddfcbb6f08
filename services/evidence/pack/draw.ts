import type { CallId } from '../../shared/domain/ids.js';
import type { SeedFrom } from '../../shared/domain/licence/seed.js';
import type { RecordingRow } from '../quality/call-row.js';

/** How the recordings of a pack are drawn. Anybody who has the seed and the rows draws the same ones. */
export interface Draw {
  readonly asked: number;
  readonly seed: string;
  /** `system`: nobody outside was involved. */
  readonly seedFrom: SeedFrom;
}

/** What is drawn, and from how many. */
export interface Drawn<Row> {
  readonly pool: number;
  /** In the order of the draw. */
  readonly rows: readonly Row[];
}

/** The rank of a recording in the draw of a seed: no order of the rows, and no other row, changes it. */
export const rankText = (seed: string, callId: CallId | string): string => `${seed}\n${callId}`;

/**
 * Draws the recordings with the smallest SHA-256 over seed and call. A deleted recording can be drawn too, or the word that one was deleted
 * would keep it from the draw. Only the drawn rows are in memory.
 */
export function createDraw<Row extends Pick<RecordingRow, 'callId'>>(
  { asked, seed }: Pick<Draw, 'asked' | 'seed'>,
  sha256Hex: (text: string) => string,
): { add(row: Row): void; drawn(): Drawn<Row> } {
  const kept: { readonly rank: string; readonly row: Row }[] = [];
  let pool = 0;
  return {
    add(row) {
      pool += 1;
      const rank = sha256Hex(rankText(seed, row.callId));
      const last = kept.at(-1);
      if (kept.length >= asked && last !== undefined && rank >= last.rank) return;
      const place = kept.findIndex((other) => rank < other.rank);
      kept.splice(place < 0 ? kept.length : place, 0, { rank, row });
      if (kept.length > asked) kept.pop();
    },
    drawn: () => ({ pool, rows: kept.map(({ row }) => row) }),
  };
}
