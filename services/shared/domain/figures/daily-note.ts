import { dailyGaps } from './daily.js';
import type { DailyKey } from './registry.js';

/**
 * Why a figure of whole days stands not in each line of a report, or not at all. `outside-scope`: it is of the whole centre, and whoever asks sees a
 * part. `not-by`: its rows are of no such scope. `not-so-fine`: it is of whole days. The others: its rows could not be read.
 */
export const dailyNotes = ['outside-scope', 'not-by', 'not-so-fine', ...dailyGaps] as const;

export interface DailyNote {
  readonly key: DailyKey;
  readonly why: (typeof dailyNotes)[number];
}
