import { Doc } from '../bson/document.js';
import { MongoError } from '../bson/errors.js';
import { endOfField } from '../bson/key.js';
import type { Filter } from '../query/filter.js';
import type { CollectionInfo } from './catalog.js';
import { prefixBytes, recordKey } from './entries.js';
import type { Entry, Environment, Range } from './environment.js';
import type { Plan } from './planner.js';
import { unseal } from './stored.js';

export interface Found {
  readonly idKey: Buffer;
  readonly doc: Doc;
}

/** A document found in the records table; most readers of a scan never ask for its key. */
class FoundRecord implements Found {
  readonly #key: Buffer;
  constructor(
    key: Buffer,
    readonly doc: Doc,
  ) {
    this.#key = key;
  }

  get idKey(): Buffer {
    return this.#key.subarray(4);
  }
}

/** What a query looked at; `explain` reports it, and a budget limits it. */
export interface ScanCount {
  keys: number;
  documents: number;
}

/** How much one slice may read before it yields the thread. */
export interface Budget {
  /** Called once per document looked at. @throws to end the scan. */
  spend(): void;
  /** Told of each plan before it runs. @throws to have it run elsewhere. */
  planned?(collection: CollectionInfo, plan: Plan, filter: Filter): void;
}

export const unlimited: Budget = { spend: () => undefined };

/**
 * Yields the documents of a plan that the filter accepts.
 *
 * Between two chunks nothing is pinned: the scan remembers its last key and seeks again, so it may pause for as long as its cursor lives and
 * then sees the newest data, as a MongoDB cursor does.
 */
export function* scan(
  environment: Environment,
  collection: CollectionInfo,
  plan: Plan,
  filter: Filter,
  budget: Budget = unlimited,
  count: ScanCount = { keys: 0, documents: 0 },
): Generator<Found> {
  if (plan.kind === 'union') {
    const seen = new Set<string>();
    for (const branch of plan.branches) {
      for (const found of scan(environment, collection, branch, filter, budget, count)) {
        const id = found.idKey.toString('latin1');
        if (seen.has(id)) continue;
        seen.add(id);
        yield found;
      }
    }
    return;
  }
  const seen = plan.repeats && plan.kind === 'index' ? new Set<string>() : undefined;
  for (const range of plan.reverse ? plan.ranges.toReversed() : plan.ranges) {
    for (const entry of entriesIn(environment, plan, range)) {
      budget.spend();
      count.keys += 1;
      const found =
        plan.kind === 'records' ? new FoundRecord(entry.key, unseal(entry.value)) : follow(environment, collection, entry.value);
      if (found === undefined) continue;
      count.documents += 1;
      if (!filter.test(found.doc)) continue;
      if (seen !== undefined) {
        const id = found.idKey.toString('latin1');
        if (seen.has(id)) continue;
        seen.add(id);
      }
      yield found;
    }
  }
}

/** This many entries take as long to look at as one document. */
const entriesPerDocument = 8;

/** The entries of a plan, when nothing else is read: they cost the budget less than documents do. */
function* bareEntries(environment: Environment, plan: Plan, budget: Budget): Generator<Entry> {
  let looked = 0;
  for (const range of plan.ranges)
    for (const entry of entriesIn(environment, plan, range)) {
      if (looked % entriesPerDocument === 0) budget.spend();
      looked += 1;
      yield entry;
    }
}

/** At most this many entries are sorted before documents are read; above it the documents themselves are sorted. */
const maxSortedEntries = 20_000;

/**
 * The documents of a plan whose index has the wanted order after the fields of its range: the entries are sorted, and documents are read
 * only as they are asked for. Undefined when the entries are too many or hold kinds of values that cannot be taken apart.
 */
export function scanSorted(
  environment: Environment,
  collection: CollectionInfo,
  plan: Plan,
  filter: Filter,
  budget: Budget = unlimited,
  count: ScanCount = { keys: 0, documents: 0 },
): Iterable<Found> | undefined {
  const { index, fieldsBeforeOrder } = plan;
  if (index === undefined || fieldsBeforeOrder === undefined) return undefined;
  const entries: { readonly order: Buffer; readonly idKey: Buffer }[] = [];
  for (const { key, value } of bareEntries(environment, plan, budget)) {
    count.keys += 1;
    let at: number | undefined = prefixBytes;
    for (const { descending } of index.fields.slice(0, fieldsBeforeOrder)) at = at === undefined ? at : endOfField(key, at, descending);
    if (at === undefined || entries.length === maxSortedEntries) return undefined;
    entries.push({ order: key.subarray(at), idKey: value });
  }
  entries.sort((a, b) => Buffer.compare(a.order, b.order));
  return documentsOf();

  function* documentsOf(): Generator<Found> {
    for (const { idKey } of entries) {
      budget.spend();
      const found = follow(environment, collection, idKey);
      if (found === undefined) continue;
      count.documents += 1;
      if (filter.test(found.doc)) yield found;
    }
  }
}

/** One empty document for each match of a plan that decides its filter: enough to count, without reading any document. */
export function* countEntries(environment: Environment, plan: Plan, budget: Budget): Generator<Doc> {
  for (const _entry of bareEntries(environment, plan, budget)) yield Doc.empty();
}

/** The documents of a plan that names one `_id`: none or one, without a scan. Undefined for every other plan. */
export function lookUp(environment: Environment, plan: Plan, filter: Filter): Found[] | undefined {
  const [range] = plan.ranges;
  if (plan.kind !== 'records' || plan.full || plan.ranges.length !== 1 || range === undefined || !isPoint(range)) return undefined;
  const value = environment.records.get(range.start);
  if (value === undefined) return [];
  const doc = unseal(value);
  return filter.test(doc) ? [{ idKey: range.start.subarray(4), doc }] : [];
}

/** All keys of a range that ends right after its start begin with that start; an `_id` is its whole key, so there is only one. */
function isPoint(range: Range): boolean {
  return range.end.length === range.start.length + 1 && range.end.at(-1) === 0xff && range.end.subarray(0, -1).equals(range.start);
}

function* entriesIn(environment: Environment, plan: Plan, range: Range): Generator<Entry> {
  const table = plan.kind === 'records' ? environment.records : environment.entries;
  let from: Buffer | undefined;
  for (let limit = 24; ; limit = Math.min(limit * 2, 512)) {
    const chunk = table.read(range, limit, plan.reverse, from);
    yield* chunk;
    from = chunk.at(-1)?.key;
    environment.refreshIfOld();
    if (chunk.length < limit) return;
  }
}

function follow(environment: Environment, collection: CollectionInfo, idKey: Buffer): Found | undefined {
  const bytes = environment.records.get(recordKey(collection, idKey));
  // Between reading the entry and the record another commit may have removed it.
  return bytes === undefined ? undefined : { idKey, doc: unseal(bytes) };
}

/** Ends a scan that has looked at more than `documents` or run longer than `maxTimeMs`. */
export class BudgetExceeded extends Error {
  override readonly name = 'BudgetExceeded';
}

/** At most `documents`, then BudgetExceeded: the caller continues elsewhere. */
export function documentBudget(documents: number): Budget {
  let left = documents;
  return {
    spend: () => {
      left -= 1;
      if (left < 0) throw new BudgetExceeded('The slice is used up');
    },
  };
}

/** At most `maxTimeMs` (0: no limit); the clock and `interrupt` are asked every 128 documents. @throws MongoError MaxTimeMSExpired from `spend`. */
export function timeBudget(maxTimeMs: number, interrupt: () => void): Budget {
  const endMs = maxTimeMs > 0 ? performance.now() + maxTimeMs : Infinity;
  let calls = 0;
  return {
    spend: () => {
      calls += 1;
      if ((calls & 127) !== 0) return;
      if (performance.now() > endMs) throw new MongoError('MaxTimeMSExpired', 'operation exceeded time limit');
      interrupt();
    },
  };
}
