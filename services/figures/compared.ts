import { CallCentreError } from '../shared/domain/failure.js';
import { comparedDays, isComparable, shiftedStart, shiftOf, type Comparison, type Days } from '../shared/domain/figures/comparison.js';
import type { ReportInterval } from '../shared/domain/figures/report.js';
import { noFigures, type DailyLine, type Report, type ReportLines } from './report.js';

/** A line of a report with the figures of the days that it is compared with; without them where there is nothing to compare. */
export interface ComparedLine extends DailyLine {
  readonly compared?: DailyLine['figures'];
}

interface Lines {
  readonly rows: readonly DailyLine[];
  readonly total: DailyLine;
}

/** The days beside those of a report. Fails with `invalid-request` when its intervals have none beside them. */
export function daysBeside(days: Days, interval: ReportInterval, comparison: Comparison): Days {
  if (!isComparable(interval, days, comparison))
    throw new CallCentreError(
      'invalid-request',
      'Months have different lengths, and weeks are compared with weeks: choose another interval or the same weekdays.',
    );
  return comparedDays(days, comparison);
}

/** Puts the figures of the earlier days beside those of the report. A line that only the earlier days have stands with its zeros. */
export function putBeside<Own extends Lines>(
  own: Own,
  earlier: Lines,
  { interval, comparison, ...days }: Days & { readonly interval: ReportInterval; readonly comparison: Comparison },
): Omit<Own, 'rows' | 'total'> & { readonly rows: readonly ComparedLine[]; readonly total: ComparedLine } {
  const keyOf = ({ start, scope }: Pick<DailyLine, 'start' | 'scope'>): string => `${start}|${scope}`;
  const shift = shiftOf(days, comparison);
  const beside = new Map(
    earlier.rows.map((line) => {
      const start = shiftedStart(line.start, interval, shift);
      return [keyOf({ start, scope: line.scope }), { start, scope: line.scope, figures: line.figures }] as const;
    }),
  );
  const lines = new Map<string, DailyLine>(own.rows.map((line) => [keyOf(line), line]));
  for (const [key, { start, scope }] of beside) if (!lines.has(key)) lines.set(key, { start, scope, figures: noFigures() });
  const rows = [...lines]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, line]): ComparedLine => ({ ...line, compared: beside.get(key)?.figures ?? noFigures() }));
  return { ...own, rows, total: { ...own.total, compared: earlier.total.figures } };
}

/** A page of a report beside earlier days: only the lines of the page are computed, of both. */
export function pageBeside(
  own: Pick<Report, 'keys' | 'lineOf' | 'totals'>,
  earlier: Pick<Report, 'keys' | 'lineOf' | 'totals'>,
  { interval, comparison, ...days }: Days & { readonly interval: ReportInterval; readonly comparison: Comparison },
  { skip, limit }: { readonly skip: number; readonly limit: number },
): Omit<ReportLines, 'rows' | 'total'> & { readonly rows: ComparedLine[]; readonly total: ComparedLine; readonly size: number } {
  const shift = shiftOf(days, comparison);
  /** The key of the earlier line by that of the line that it stands beside. */
  const beside = new Map(
    earlier.keys().map((key) => {
      const [start = '', scope = ''] = key.split(/\|(.*)/s);
      return [`${shiftedStart(start, interval, shift)}|${scope}`, key];
    }),
  );
  const keys = [...new Set([...own.keys(), ...beside.keys()])].sort();
  const rows = keys.slice(skip, skip + limit).map((key): ComparedLine => {
    const before = beside.get(key);
    return { ...own.lineOf(key), compared: before === undefined ? noFigures() : earlier.lineOf(before).figures };
  });
  const { total, ...rest } = own.totals();
  return { ...rest, rows, total: { ...total, compared: earlier.totals().total.figures }, size: keys.length };
}
