import type { Reads } from '../shared/records/reads.js';
import { LONGEST_CALL_MS, readFacts, type FactReads } from './facts.js';
import { createFold } from './fold.js';
import type { StoredSum, SumGrain, SumRevision, SumStore } from './ports.js';
import type { Span } from './report.js';
import {
  addedUp,
  cellsOf,
  createQuarterSums,
  factsIn,
  QUARTER_MS,
  READABLE_FROM,
  RESULTS_FROM,
  saysMore,
  SUMS_VERSION,
  textsOf,
  type ReadCells,
  type SumCells,
} from './sums.js';

/** How long after its end an interval is summed up: by then nearly all of its conversations and wrap-ups have ended. */
export const SETTLED_MS = 2 * 3_600_000;
const DAY_MS = 86_400_000;
/** How far back each round counts again, for late facts. */
const RECOUNTED_MS = LONGEST_CALL_MS + SETTLED_MS;

export interface SumUpNeeds {
  readonly reads: FactReads & Pick<Reads, 'visits'>;
  readonly sums: SumStore;
  /** The day of the site that contains a moment. */
  readonly dayOf: (atMs: number) => Span;
  /** A stored interval was larger than its rows. */
  readonly onOverstated?: (atMs: number) => void;
  /** Completes the results of a time before it is counted. */
  readonly fillResults?: (span: Span) => Promise<void>;
  readonly now: () => Date;
}

/** The length of all earlier counts by result that a sum keeps, in characters: the row has to fit into the store. */
const KEPT_RESULTS = 4_000_000;

/** Earlier values, of which the oldest lose their counts by result where they become too long. */
function keptOf(earlier: readonly SumRevision[]): SumRevision[] {
  let length = 0;
  return earlier
    .toReversed()
    .map((each): SumRevision => {
      const { results, ...rest } = each;
      length += results?.length ?? 0;
      return length > KEPT_RESULTS ? rest : each;
    })
    .toReversed();
}

/** Stores sums with their history: a changed sum keeps its earlier values. */
function createSumWriter(sums: SumStore, now: () => Date) {
  const isoOf = (atMs: number): string => new Date(atMs).toISOString();
  return {
    async storedIn(grain: SumGrain, span: Span): Promise<Map<number, StoredSum>> {
      const found = new Map<number, StoredSum>();
      for await (const sum of sums.read(grain, span, ['places', 'agents', 'results', 'earlier'])) found.set(sum.startAt.getTime(), sum);
      return found;
    },

    /** Stores a sum that is new or differs from the stored one. Returns whether it did. */
    async put(grain: SumGrain, { fromMs, untilMs }: Span, cells: SumCells, known: StoredSum | undefined): Promise<boolean> {
      const texts = textsOf(cells);
      const made = { ...texts, facts: factsIn(cells), madeAt: now(), version: SUMS_VERSION };
      const place = { id: `${grain}-${isoOf(fromMs)}`, grain, startAt: new Date(fromMs), untilAt: new Date(untilMs) };
      if (known === undefined) {
        await sums.add({ ...place, ...made, firstFacts: made.facts, revision: 1, earlier: [] });
        return true;
      }
      const { revision, madeAt, facts, firstFacts, places, agents, results, earlier, version } = known;
      const isReadable = version >= READABLE_FROM && version <= SUMS_VERSION;
      const asThen = version === SUMS_VERSION ? texts : textsOf(cells, version);
      const isSame = places === asThen.places && agents === asThen.agents && (version < RESULTS_FROM || results === asThen.results);
      if (isReadable && known.untilAt.getTime() === untilMs && isSame) {
        if (version === SUMS_VERSION) return false;
        // A sum from before results or transfers were counted is the same sum with them.
        await sums.revise({ ...place, ...made, madeAt, firstFacts, revision, earlier }, revision);
        return false;
      }
      const before = isReadable ? keptOf([...earlier, { revision, madeAt, facts, places, agents, results, version }]) : [];
      await sums.revise({ ...place, ...made, firstFacts, revision: revision + 1, earlier: before }, revision);
      return true;
    },
  };
}

/** Computes the sums of closed intervals from their facts, and again when late facts arrive. */
export function createSumUp({ reads, sums, dayOf, now, onOverstated = () => undefined, fillResults = async () => undefined }: SumUpNeeds) {
  const quarterBefore = (atMs: number): number => Math.floor(atMs / QUARTER_MS) * QUARTER_MS;
  const dayBefore = ({ fromMs }: Span): Span => dayOf(fromMs - 1);
  const { storedIn, put } = createSumWriter(sums, now);

  /** Counts the quarters of a period from their facts. Returns how many are new or have changed. */
  async function sumQuarters({ fromMs, untilMs }: Span): Promise<number> {
    if (fromMs >= untilMs) return 0;
    const quarters = createQuarterSums();
    const nowMs = now().getTime();
    const fold = createFold({ fromMs, untilMs, nowMs, counting: quarters.counting });
    await readFacts(reads, { fromMs, untilMs, nowMs, withResults: true }, fold);
    const known = await storedIn('quarter', { fromMs, untilMs });
    let changed = 0;
    for (let atMs = fromMs; atMs < untilMs; atMs += QUARTER_MS) {
      const [before, cells] = [known.get(atMs), quarters.cellsOf(atMs)];
      if (before?.version === SUMS_VERSION && saysMore(cellsOf(before), cells)) onOverstated(atMs);
      if (await put('quarter', { fromMs: atMs, untilMs: atMs + QUARTER_MS }, cells, before)) changed += 1;
    }
    return changed;
  }

  async function lacksQuarters(span: Span): Promise<boolean> {
    let found = 0;
    for await (const { version } of sums.read('quarter', span, [])) if (version === SUMS_VERSION) found += 1;
    return found * QUARTER_MS < span.untilMs - span.fromMs;
  }

  /** Adds up the quarters of an ended day; does nothing while one is missing. */
  async function addUpDay(span: Span): Promise<void> {
    const parts: ReadCells[] = [];
    for await (const sum of sums.read('quarter', span, ['places', 'agents', 'results']))
      if (sum.version === SUMS_VERSION) parts.push(cellsOf(sum));
    if (parts.length * QUARTER_MS !== span.untilMs - span.fromMs) return;
    const [before, cells] = [(await storedIn('day', span)).get(span.fromMs), addedUp(parts)];
    if (before?.version === SUMS_VERSION && before.untilAt.getTime() === span.untilMs && saysMore(cellsOf(before), cells))
      onOverstated(span.fromMs);
    await put('day', span, cells, before);
  }

  /** Ended and settled days, newest first, from the one with the first fact. */
  async function settledDays(): Promise<Span[]> {
    const [oldest] = await reads.visits.find({}, { fields: ['enteredAt'], sort: { enteredAt: 1 }, limit: 1 });
    if (oldest === undefined) return [];
    const { fromMs: firstMs } = dayOf(oldest.enteredAt.getTime());
    const days: Span[] = [];
    for (let day = dayBefore(dayOf(now().getTime() - SETTLED_MS)); day.fromMs >= firstMs; day = dayBefore(day)) days.push(day);
    return days;
  }

  async function sumDay(day: Span): Promise<number> {
    await fillResults(day);
    const changed = await sumQuarters(day);
    await addUpDay(day);
    return changed;
  }

  return {
    /** The beginning of the oldest complete day. A partly removed day would be made and removed again in each round. */
    keptFrom: (keptDays: number): Date => new Date(dayOf(now().getTime() - keptDays * DAY_MS).fromMs),

    /** Counts a day again, whatever is stored of it. Returns how many of its intervals are new or have changed. */
    sumDay,

    /** Sums up the intervals of the last hours, and counts those shortly before again. */
    async sumRecent(): Promise<void> {
      const [first] = await reads.visits.find({}, { fields: ['enteredAt'], sort: { enteredAt: 1 }, limit: 1 });
      if (first === undefined) return;
      const nowMs = now().getTime();
      const firstMs = quarterBefore(first.enteredAt.getTime());
      const untilMs = quarterBefore(nowMs - SETTLED_MS);
      const recountedMs = quarterBefore(nowMs - RECOUNTED_MS);
      const today = dayOf(nowMs - SETTLED_MS);
      // Parts of this day that were missed while nothing ran. Earlier days are summed up as a whole.
      const isMissed = await lacksQuarters({ fromMs: Math.max(firstMs, today.fromMs), untilMs: recountedMs });
      await sumQuarters({ fromMs: Math.max(firstMs, isMissed ? Math.min(today.fromMs, recountedMs) : recountedMs), untilMs });
      const yesterday = dayBefore(today);
      if (yesterday.untilMs > nowMs - RECOUNTED_MS) await addUpDay(yesterday);
    },

    /** Sums up days without sums, newest first, until cancelled, and days whose visits were recorded after `since`. */
    async sumMissing(since: Date, isCalledOff: () => boolean): Promise<void> {
      const days = await settledDays();
      const [newest, oldest] = [days[0], days.at(-1)];
      if (newest === undefined || oldest === undefined) return;
      const span = { fromMs: oldest.fromMs, untilMs: newest.untilMs };
      const known = new Set<number>();
      for await (const sum of sums.read('day', span, []))
        if (sum.version === SUMS_VERSION && sum.untilAt.getTime() === dayOf(sum.startAt.getTime()).untilMs)
          known.add(sum.startAt.getTime());
      const late = await reads.visits.find({ notedAt: { $gte: since } }, { fields: ['enteredAt'] });
      for (const { enteredAt } of late) known.delete(dayOf(enteredAt.getTime()).fromMs);
      for (const day of days) {
        if (isCalledOff()) return;
        if (!known.has(day.fromMs)) await sumDay(day);
      }
    },
  };
}
