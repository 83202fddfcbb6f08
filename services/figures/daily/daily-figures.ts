import { addDaily, dailyFigureOf, zeroDaily, type DailyCount } from '../../shared/domain/figures/daily.js';
import { dailyKeys, type DailyKey, type FigureValue } from '../../shared/domain/figures/registry.js';
import type { DailyNeeds, DailyRow, DailySource, DailySpan } from './daily-row.js';
import { ofWholeCentre, sourcesOf } from './daily-rows.js';

/** What is asked of a figure: the rows that its numerator, or its denominator, is the sum of. */
export interface DailyBehind {
  readonly key: DailyKey;
  readonly of: 'numerator' | 'denominator';
}

/** Of a part of the centre only what can be told by queue or number. */
export const keysSeen = (isScoped: boolean): readonly DailyKey[] => dailyKeys.filter((key) => !isScoped || !ofWholeCentre.includes(key));

/** Every source is read once, whatever figures it serves. */
export async function readDaily(
  needs: DailyNeeds,
  span: DailySpan,
  keys: readonly DailyKey[],
): Promise<readonly (FigureValue & { readonly key: DailyKey })[]> {
  const sources = new Set<DailySource>(keys.flatMap((key): readonly DailySource[] => sourcesOf[key]));
  const counts: DailyCount = zeroDaily();
  for (const source of sources) for await (const rows of source(needs, span)) for (const row of rows) addDaily(counts, row.counts);
  return keys.map((key) => ({ key, ...dailyFigureOf(key, counts) }));
}

/** What one row adds to a figure. */
export const addedBy = ({ key, of }: DailyBehind, { counts }: Pick<DailyRow, 'counts'>): number => dailyFigureOf(key, counts)[of];

/** The rows behind a figure from `skip` on, at most `limit`; the total and the sum are of all. */
export async function readDailyRows(
  needs: DailyNeeds,
  span: DailySpan,
  behind: DailyBehind & { readonly skip: number; readonly limit: number },
): Promise<{ readonly total: number; readonly sum: number; readonly rows: readonly (DailyRow & { readonly adds: number })[] }> {
  const rows: (DailyRow & { readonly adds: number })[] = [];
  let [total, sum] = [0, 0];
  for (const source of sourcesOf[behind.key] as readonly DailySource[])
    for await (const batch of source(needs, span))
      for (const row of batch) {
        const adds = addedBy(behind, row);
        if (adds === 0) continue;
        if (total >= behind.skip && rows.length < behind.limit) rows.push({ ...row, adds });
        total += 1;
        sum += adds;
      }
  return { total, sum, rows };
}
