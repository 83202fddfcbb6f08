import { dailyGaps } from './daily.js';
import type { DailyKey } from './registry.js';

/**
 * Why a figure of whole days is missing in single lines of a report, or in all of it. `outside-scope`: it covers the whole centre, and the
 * reader sees a part. `not-by`: its rows have no such scope. `not-so-fine`: it covers whole days. The others: its rows could not be read.
 */
export const dailyNotes = ['outside-scope', 'not-by', 'not-so-fine', ...dailyGaps] as const;

export interface DailyNote {
  readonly key: DailyKey;
  readonly why: (typeof dailyNotes)[number];
}
