import { accountsForAll, addFacts, waitsBy, zeroFacts, type FactCount } from '../shared/domain/figures/count.js';
import { figureKeys, figureOf, type FigureKey, type FigureValue } from '../shared/domain/figures/registry.js';
import { waitEdges, type ReportScope } from '../shared/domain/figures/report.js';
import { createFold, type Counting, type FactPlace, type FactSink } from './fold.js';
import type { SumCells } from './sums.js';

/** A part of the time of a report; under the key its facts are counted. */
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

/** A time, its beginning within and its end without. */
export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** From what a report was made. */
export interface ReportSources {
  /** Closed intervals whose sums were read: quarters, and days where a report is of whole days. */
  readonly sums: number;
  /** Of those, the ones that facts have changed since they were first summed up, and how many facts came later. */
  readonly revised: number;
  readonly addedLater: number;
  /** The part of the time, in ms, that was counted from facts, or with `asOf` was left out. */
  readonly countedMs: number;
}

const figuresOf = (count: FactCount) =>
  Object.fromEntries(figureKeys.map((key) => [key, figureOf(key, count)])) as Record<FigureKey, FigureValue>;

/** The scope of a fact; undefined where it is of none. */
function scopeOf(by: ReportScope, { queueId, called, trunkId, clientUnit, agentId }: FactPlace): string | undefined {
  switch (by) {
    case 'all':
      return '';
    case 'queue':
      return queueId;
    case 'number':
      return called;
    case 'trunk':
      return trunkId;
    case 'client':
      return clientUnit ?? '';
    case 'agent':
      return agentId;
  }
}

/** Makes the lines of a report, from facts, from sums of closed intervals, or from both for different times. */
export function createReport({
  slotOf,
  by,
  nowMs,
  withStates,
  isReached = () => true,
}: {
  readonly slotOf: (atMs: number) => Slot;
  readonly by: ReportScope;
  readonly nowMs: number;
  /** Whether the states of all agents are counted; their wrap-ups always are. */
  readonly withStates: boolean;
  /** Whether whoever asks may see what is of this place; not asked of agents' sums and of states. */
  readonly isReached?: (place: FactPlace) => boolean;
}) {
  const counts = new Map<string, FactCount>();
  let sorted: readonly (readonly [string, FactCount])[] | undefined;
  let total: FactCount | undefined;

  function countOf(atMs: number, scope: string): FactCount {
    const key = `${slotOf(atMs).key}|${scope}`;
    let found = counts.get(key);
    if (found === undefined) counts.set(key, (found = zeroFacts()));
    [sorted, total] = [undefined, undefined];
    return found;
  }
  function placed(atMs: number, place: FactPlace): readonly FactCount[] {
    const scope = isReached(place) ? scopeOf(by, place) : undefined;
    return scope === undefined ? [] : [countOf(atMs, scope)];
  }
  const counting: Counting = {
    of: placed,
    ofState: (atMs, agentId) => (!withStates || (by !== 'all' && by !== 'agent') ? [] : [countOf(atMs, by === 'all' ? '' : agentId)]),
    endOf: (atMs) => slotOf(atMs).untilMs,
  };
  const inOrder = () => (sorted ??= [...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  function totalCount(): FactCount {
    if (total !== undefined) return total;
    total = zeroFacts();
    for (const count of counts.values()) addFacts(total, count);
    return total;
  }

  return {
    /** Takes the facts of a time. */
    facts: (span: Span): FactSink => createFold({ ...span, nowMs, counting }),
    /** Adds the sums of an interval that began at this moment, and lies within one of the report. */
    addSums(atMs: number, { places, agents, states }: SumCells): void {
      if (by === 'agent') for (const { agentId, count } of agents) addFacts(countOf(atMs, agentId), count);
      else for (const { count, ...place } of places) for (const into of placed(atMs, place)) addFacts(into, count);
      if (by === 'all' && withStates && states !== undefined) addFacts(countOf(atMs, ''), states);
    },
    get size(): number {
      return counts.size;
    },
    /** How many numbers it holds: those of each line, and two for each length of time. */
    get weight(): number {
      const numbers = Object.keys(zeroFacts()).length;
      let sum = 0;
      for (const { waits, postDialDelays } of counts.values()) sum += numbers + 2 * (waits.size + postDialDelays.size);
      return sum;
    },
    /** The lines from `skip` on, at most `limit`; the total is of all of them. */
    lines(skip = 0, limit = Number.POSITIVE_INFINITY) {
      const rows = inOrder()
        .slice(skip, skip + limit)
        .map(([key, count]): ReportLine => {
          const [start = '', scope = ''] = key.split(/\|(.*)/s);
          return { start, scope, figures: figuresOf(count) };
        });
      const sum: ReportLine = { start: '', scope: '', figures: figuresOf(totalCount()) };
      return { rows, total: sum, waits: waitsBy(waitEdges, totalCount()), accounted: [...counts.values()].every(accountsForAll) };
    },
  };
}
export type Report = ReturnType<typeof createReport>;
