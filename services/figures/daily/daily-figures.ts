import { addDaily, dailyFigureOf, ofWholeCentre, zeroDaily, type DailyCount, type DailyGap } from '../../shared/domain/figures/daily.js';
import { failureOf } from '../../shared/domain/failure.js';
import { dailyKeys, type DailyKey, type FigureValue } from '../../shared/domain/figures/registry.js';
import { endsProcess } from '../../shared/platform/processes/unexpected.js';
import type { DailyLimit } from './daily-limit.js';
import { cutOf, type DailyNeeds, type DailyRow, type DailySource, type DailySpan } from './daily-row.js';
import { sourcesOf } from './daily-rows.js';

/** Asks for the rows behind a figure: those that add up to its numerator or denominator. */
export interface DailyBehind {
  readonly key: DailyKey;
  readonly of: 'numerator' | 'denominator';
}

/** The figures for a part of the centre: only those that can be split by queue or number. */
export const keysSeen = (isScoped: boolean): readonly DailyKey[] => dailyKeys.filter((key) => !isScoped || !ofWholeCentre.includes(key));

/** A figure, or why it is missing. One missing figure does not make the others fail. */
export type DailyFigure = FigureValue & { readonly key: DailyKey; readonly missing: DailyGap | null };

/** The counts of each queue, number or trunk (of the whole under the empty name), and what could not be read. */
export interface DailyCounts {
  readonly counts: ReadonlyMap<string, DailyCount>;
  readonly gapOf: (key: DailyKey) => DailyGap | undefined;
}

/** Goes through the rows of a source; also fails with `timed-out` when the store does not answer at all. */
async function eachRow(rows: AsyncIterable<readonly DailyRow[]>, { within }: DailyLimit, take: (row: DailyRow) => void): Promise<void> {
  const iterator = rows[Symbol.asyncIterator]();
  try {
    for (let step = await within(iterator.next()); step.done !== true; step = await within(iterator.next())) step.value.forEach(take);
  } catch (error) {
    // Not awaited: a source that hangs would hang here as well.
    void iterator.return?.(undefined).catch(() => undefined);
    throw error;
  }
}

function gapOfError(error: unknown): DailyGap {
  // A programming error is not an unavailable store.
  if (endsProcess('rejection', error)) throw error;
  const code = failureOf(error);
  return code === 'timed-out' || code === 'row-damaged' ? code : 'not-read';
}

/** Every source is read once, however many figures use it, and in parallel: one that is unavailable does not affect the others. */
export async function countDaily(needs: DailyNeeds, span: DailySpan, keys: readonly DailyKey[], limit: DailyLimit): Promise<DailyCounts> {
  const { by = 'all' } = span;
  const sources = [...new Set<DailySource>(keys.flatMap((key): readonly DailySource[] => sourcesOf[key]))];
  const counts = new Map<string, DailyCount>();
  const gaps = new Map<DailySource, DailyGap>();
  await Promise.all(
    sources.map(async (source) => {
      try {
        await eachRow(source(needs, span), limit, (row) => {
          const cut = cutOf(by, row);
          if (cut === undefined) return;
          const count = counts.get(cut) ?? zeroDaily();
          counts.set(cut, count);
          addDaily(count, row.counts);
        });
      } catch (error) {
        gaps.set(source, gapOfError(error));
      }
    }),
  );
  return {
    counts,
    gapOf: (key) => (sourcesOf[key] as readonly DailySource[]).map((source) => gaps.get(source)).find((gap) => gap !== undefined),
  };
}

/** The figure for a count; a dash when its rows could not be read. */
export function dailyFigure(key: DailyKey, count: DailyCount | undefined, missing: DailyGap | undefined): DailyFigure {
  if (missing !== undefined) return { key, numerator: 0, denominator: 0, value: null, missing };
  return { key, ...dailyFigureOf(key, count ?? {}), missing: null };
}

export async function readDaily(
  needs: DailyNeeds,
  span: DailySpan,
  keys: readonly DailyKey[],
  limit: DailyLimit,
): Promise<readonly DailyFigure[]> {
  const { counts, gapOf } = await countDaily(needs, span, keys, limit);
  return keys.map((key) => dailyFigure(key, counts.get(''), gapOf(key)));
}

/** What one row adds to a figure. */
export const addedBy = ({ key, of }: DailyBehind, { counts }: Pick<DailyRow, 'counts'>): number => dailyFigureOf(key, counts)[of];

/** The rows behind a figure from `skip` on, at most `limit`. The total and the sum cover all rows. */
export async function readDailyRows(
  needs: DailyNeeds,
  span: DailySpan,
  behind: DailyBehind & { readonly skip: number; readonly limit: number },
  time: DailyLimit,
): Promise<{ readonly total: number; readonly sum: number; readonly rows: readonly (DailyRow & { readonly adds: number })[] }> {
  const rows: (DailyRow & { readonly adds: number })[] = [];
  let [total, sum] = [0, 0];
  for (const source of sourcesOf[behind.key] as readonly DailySource[])
    await eachRow(source(needs, span), time, (row) => {
      const adds = addedBy(behind, row);
      if (adds === 0) return;
      if (total >= behind.skip && rows.length < behind.limit) rows.push({ ...row, adds });
      total += 1;
      sum += adds;
    });
  return { total, sum, rows };
}
