import { accountsForAll, addFacts, waitsBy, zeroFacts, type FactCount } from '../shared/domain/figures/count.js';
import { figureKeys, figureOf, type DailyKey, type FigureKey, type FigureValue } from '../shared/domain/figures/registry.js';
import { waitEdges } from '../shared/domain/figures/report.js';
import { createFold, type Counting, type FactSink } from './fold.js';
import { createPlacing, type Placed } from './placing.js';
import type { ReadCells } from './sums.js';

/** A part of the period of a report; facts are counted under its key. */
export interface Slot {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly key: string;
}

export interface ReportLine {
  readonly start: string;
  readonly scope: string;
  readonly figures: Readonly<Record<FigureKey, FigureValue>>;
}

/** A page of a report; the total is of all lines. */
export interface ReportLines {
  readonly rows: ReportLine[];
  readonly total: ReportLine;
  readonly waits: number[];
  /** Whether everybody who entered is accounted for. */
  readonly accounted: boolean;
}

/** A line of a report, with the figures of whole days next to those of its visits. */
export interface DailyLine extends Omit<ReportLine, 'figures'> {
  readonly figures: ReportLine['figures'] & Readonly<Partial<Record<DailyKey, FigureValue>>>;
}

/** A period that includes its beginning and excludes its end. */
export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** The origin of a report. */
export interface ReportSources {
  /** Closed intervals whose sums were read: quarters, and days for a report of whole days. */
  readonly sums: number;
  /** How many of them late facts have changed since their first sum, and the number of late facts. */
  readonly revised: number;
  readonly addedLater: number;
  /** The part of the period, in ms, that was counted from facts, or was left out with `asOf`. */
  readonly countedMs: number;
}

const figuresOf = (count: FactCount) =>
  Object.fromEntries(figureKeys.map((key) => [key, figureOf(key, count)])) as Record<FigureKey, FigureValue>;

/** The figures of a line without facts. */
export const noFigures = (): ReportLine['figures'] => figuresOf(zeroFacts());

/** Makes the pages of a report. What they are made of is kept until a count changes. */
function createPages(counts: ReadonlyMap<string, FactCount>) {
  let sorted: readonly string[] | undefined;
  let total: FactCount | undefined;
  /** The page that was asked for last, while there is memory for it: the same question often comes again. */
  let lastLines: { readonly page: string; readonly lines: WeakRef<ReportLines> } | undefined;

  const keys = (): readonly string[] => (sorted ??= [...counts.keys()].sort());
  function lineOf(key: string): ReportLine {
    const [start = '', scope = ''] = key.split(/\|(.*)/s);
    const count = counts.get(key);
    return { start, scope, figures: count === undefined ? noFigures() : figuresOf(count) };
  }
  function totalCount(): FactCount {
    if (total !== undefined) return total;
    total = zeroFacts();
    for (const count of counts.values()) addFacts(total, count);
    return total;
  }

  function totals(): Omit<ReportLines, 'rows'> {
    const sum: ReportLine = { start: '', scope: '', figures: figuresOf(totalCount()) };
    return { total: sum, waits: waitsBy(waitEdges, totalCount()), accounted: [...counts.values()].every(accountsForAll) };
  }

  return {
    keys,
    lineOf,
    totals,
    /** Something is about to be added. */
    changed(): void {
      [sorted, total, lastLines] = [undefined, undefined, undefined];
    },
    /** The lines from `skip` on, at most `limit`; the total covers all of them. */
    lines(skip = 0, limit = Number.POSITIVE_INFINITY): ReportLines {
      const page = `${String(skip)} ${String(limit)}`;
      const before = lastLines?.page === page ? lastLines.lines.deref() : undefined;
      if (before !== undefined) return before;
      const lines: ReportLines = {
        rows: keys()
          .slice(skip, skip + limit)
          .map(lineOf),
        ...totals(),
      };
      lastLines = { page, lines: new WeakRef(lines) };
      return lines;
    },
  };
}

/** Makes the lines of a report, from facts, from sums of closed intervals, or from both for different periods. */
export function createReport({
  slotOf,
  nowMs,
  byResult,
  dayEndOf = () => Number.POSITIVE_INFINITY,
  ...place
}: Placed & {
  readonly slotOf: (atMs: number) => Slot;
  readonly nowMs: number;
  /** Whether sums are taken by the result of the call. Without it: in a report by result. */
  readonly byResult?: boolean;
  /** The end of the day that contains a moment: a state over midnight may belong to two teams. */
  readonly dayEndOf?: (atMs: number) => number;
}) {
  const { by } = place;
  const usesResults = byResult ?? by === 'result';
  const counts = new Map<string, FactCount>();
  const pages = createPages(counts);
  const placing = createPlacing(place);

  function countOf(atMs: number, scope: string | undefined): readonly FactCount[] {
    if (scope === undefined) return [];
    const key = `${slotOf(atMs).key}|${scope}`;
    let found = counts.get(key);
    if (found === undefined) counts.set(key, (found = zeroFacts()));
    pages.changed();
    return [found];
  }
  const counting: Counting = {
    of: (atMs, of) => countOf(atMs, placing.ofFact(atMs, of)),
    ofState: (atMs, agentId) => countOf(atMs, placing.ofState(atMs, agentId)),
    endOf: (atMs) => Math.min(slotOf(atMs).untilMs, dayEndOf(atMs)),
  };

  return {
    /** Takes the facts of a period. */
    facts: (span: Span): FactSink => createFold({ ...span, nowMs, counting }),
    /** Adds the sums of an interval that began at this moment and lies within one interval of the report. */
    addSums(atMs: number, { places, results, agents, states }: ReadCells): void {
      if (by === 'agent' || by === 'team' || place.isMember !== undefined) {
        for (const { agentId, count } of agents) for (const into of countOf(atMs, placing.ofAgent(atMs, agentId))) addFacts(into, count);
        return;
      }
      for (const { count, ...of } of usesResults ? results : places) for (const into of counting.of(atMs, of)) addFacts(into, count);
      if (by === 'all' && place.withStates && states !== undefined) for (const into of countOf(atMs, '')) addFacts(into, states);
    },
    get size(): number {
      return counts.size;
    },
    /** The numbers that it contains: those of each line, and two for each length of time. */
    get weight(): number {
      const numbers = Object.keys(zeroFacts()).length;
      let sum = 0;
      for (const { waits, postDialDelays, mosValues } of counts.values())
        sum += numbers + waits.length + postDialDelays.length + mosValues.length;
      return sum;
    },
    lines: pages.lines,
    /** The lines by their keys, `start|scope`, in order: for a page that is put together from two reports. */
    keys: pages.keys,
    /** A line with its zeros where it has no facts. */
    lineOf: pages.lineOf,
    totals: pages.totals,
  };
}
export type Report = ReturnType<typeof createReport>;
