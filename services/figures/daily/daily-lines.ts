import { CallCentreError } from '../../shared/domain/failure.js';
import { canCut, dailyCuts, MOST_DAILY_DAYS, type DailyCut, type DailyGap } from '../../shared/domain/figures/daily.js';
import type { DailyKey, FigureValue } from '../../shared/domain/figures/registry.js';
import type { ReportInterval, ReportScope } from '../../shared/domain/figures/report.js';
import type { DailyNote } from '../../shared/domain/figures/daily-note.js';
import { noFigures, type DailyLine, type Slot, type Span } from '../report.js';
import type { ReportQuestion, ReportReaderNeeds } from '../report-reader.js';
import { countDaily, dailyFigure, keysSeen, readDaily, type DailyCounts, type DailyFigure } from './daily-figures.js';
import type { DailyLimit, DailyReadings } from './daily-limit.js';
import type { DailyNeeds } from './daily-row.js';

export interface DailyQuestion extends Pick<ReportQuestion, 'span' | 'interval' | 'by' | 'reach' | 'asOf'> {
  readonly keys: readonly DailyKey[];
  /** Whether the reader sees only a part of the centre. */
  readonly isScoped: boolean;
}

export interface WithDaily {
  readonly rows: readonly DailyLine[];
  readonly total: DailyLine;
  /** Which figures of whole days are left out, and why. */
  readonly notes: readonly DailyNote[];
}

export interface DailyLinesNeeds extends DailyNeeds {
  readonly readings: DailyReadings;
  readonly zone: string;
  readonly slotsOf: ReportReaderNeeds['slotsOf'];
  readonly now: () => Date;
}

const ofWholeDays: readonly ReportInterval[] = ['day', 'week', 'month', 'whole'];
const isCut = (by: ReportScope): by is DailyCut => (dailyCuts as readonly ReportScope[]).includes(by);

/** The parts of a period for which a report has lines. */
function partsOf({ fromMs, untilMs }: Span, slotOf: (atMs: number) => Slot): readonly Slot[] {
  const parts: Slot[] = [];
  for (let atMs = fromMs; atMs < untilMs;) {
    const slot = slotOf(atMs);
    parts.push({ key: slot.key, fromMs: Math.max(slot.fromMs, fromMs), untilMs: Math.min(slot.untilMs, untilMs) });
    atMs = slot.untilMs;
  }
  return parts;
}

/** Why a figure is missing in the lines of a report, though the total may have it. */
function whyNotInLines(key: DailyKey, { interval, by }: Pick<DailyQuestion, 'interval' | 'by'>): DailyNote['why'] | undefined {
  if (!ofWholeDays.includes(interval)) return 'not-so-fine';
  if (!isCut(by) || !canCut(key, by)) return 'not-by';
  return undefined;
}

/**
 * Adds figures of whole days to the lines of a report. The total is counted on its own and equals the page of daily figures: the busiest
 * moment of a month is not the sum of those of its days.
 */
export function createDailyLines({ readings, zone, slotsOf, now, ...needs }: DailyLinesNeeds) {
  async function count(question: DailyQuestion, inTotal: readonly DailyKey[], inLines: readonly DailyKey[], limit: DailyLimit) {
    const { span, interval, by, reach } = question;
    const nowMs = now().getTime();
    const total = await readDaily(needs, { ...span, reach, nowMs }, inTotal, limit);
    const counted = new Map<string, DailyCounts>();
    if (inLines.length > 0 && isCut(by))
      for (const { key, fromMs, untilMs } of partsOf(span, slotsOf(interval, zone, span)))
        counted.set(key, await countDaily(needs, { fromMs, untilMs, reach, nowMs, by }, inLines, limit));
    return { total, counted };
  }

  return async function withDaily(report: Pick<WithDaily, 'rows' | 'total'>, question: DailyQuestion): Promise<WithDaily> {
    const { keys, span, interval, by, isScoped } = question;
    if (keys.length === 0) return { ...report, notes: [] };
    assertAsked(question, partsOf(span, slotsOf('day', zone)).length);
    const inTotal = keys.filter((key) => keysSeen(isScoped).includes(key));
    const inLines = inTotal.filter((key) => whyNotInLines(key, question) === undefined);
    const { isScoped: _isScoped, ...asked } = question;
    const { total, counted } = await readings(JSON.stringify(['lines', asked, inTotal]), (limit) =>
      count(question, inTotal, inLines, limit),
    );

    const gaps = new Map<DailyKey, DailyGap>();
    /** Leaves out what could not be read, so that a dash is shown and not 0 of 0. */
    const valuesOf = (figures: readonly DailyFigure[]): Partial<Record<DailyKey, FigureValue>> => {
      for (const { key, missing } of figures) if (missing !== null) gaps.set(key, missing);
      const there = figures.filter(({ missing }) => missing === null);
      return Object.fromEntries(there.map(({ key, numerator, denominator, value }) => [key, { numerator, denominator, value }]));
    };
    const figuresAt = (start: string, scope: string): Partial<Record<DailyKey, FigureValue>> => {
      const at = counted.get(start);
      return at === undefined ? {} : valuesOf(inLines.map((key) => dailyFigure(key, at.counts.get(scope), at.gapOf(key))));
    };
    const lines = new Map(report.rows.map((line) => [`${line.start}|${line.scope}`, line]));
    for (const [start, { counts }] of counted)
      for (const scope of counts.keys()) {
        const id = `${start}|${scope}`;
        if (!lines.has(id)) lines.set(id, { start, scope, figures: noFigures() });
      }
    const rows = [...lines]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, line]) => ({ ...line, figures: { ...line.figures, ...figuresAt(line.start, line.scope) } }));
    const ofTotal = valuesOf(total);
    const notes = keys.flatMap((key): DailyNote[] => {
      const why = inTotal.includes(key) ? (gaps.get(key) ?? whyNotInLines(key, { interval, by })) : 'outside-scope';
      return why === undefined ? [] : [{ key, why }];
    });
    return { rows, total: { ...report.total, figures: { ...report.total.figures, ...ofTotal } }, notes };
  };
}
export type PutDaily = ReturnType<typeof createDailyLines>;

function assertAsked({ asOf }: DailyQuestion, days: number): void {
  if (asOf !== undefined)
    throw new CallCentreError(
      'invalid-request',
      'Daily figures are counted again each time and have no earlier state. Leave them out, or ask for the newest.',
    );
  if (days > MOST_DAILY_DAYS)
    throw new CallCentreError(
      'invalid-request',
      `Daily figures cover at most ${String(MOST_DAILY_DAYS)} days: choose fewer days, or leave them out.`,
      { details: { limit: 'daily-days', most: MOST_DAILY_DAYS } },
    );
}
