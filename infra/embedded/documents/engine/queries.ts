import { Doc } from '../bson/document.js';
import { isOperatorDocument } from '../query/operators.js';
import type { Counters } from './counters.js';
import { firstBatchSize, take, type Batch } from './cursors.js';
import type { Plan } from './planner.js';
import type { Reader } from './reader.js';
import type { ReaderPool } from './reader-pool.js';
import { BudgetExceeded, documentBudget, type Budget } from './scan.js';

/** Documents a read may look at on the connection thread: about five milliseconds of work. */
const shortReadDocuments = 1000;
/** From here a scan of a whole collection is worth a line in the log. */
const warnDocuments = 10_000;
const warnEveryMs = 60_000;

/**
 * Decides where a read runs: what is complete within one batch and a thousand documents is answered at once on the connection thread, everything
 * else lives on a reader thread. A read that turns out longer than expected is started again there; it has changed nothing.
 */
export class Queries {
  readonly #reader: Reader;
  readonly #pool: ReaderPool;
  readonly #counters: Counters;
  readonly #log: (line: string) => void;
  readonly #warnedAtMs = new Map<string, number>();

  constructor(reader: Reader, pool: ReaderPool, counters: Counters, log: (line: string) => void) {
    this.#reader = reader;
    this.#pool = pool;
    this.#counters = counters;
    this.#log = log;
  }

  /** Runs `find` or `aggregate` and returns the first batch. */
  start(database: string, command: Doc): Batch | Promise<Batch> {
    // A first batch above the limit of a short read is not tried here: it would only be started again on a reader thread.
    if (firstBatchSize(command).size > shortReadDocuments) return this.#pool.start(database, command);
    return short(() => this.#firstBatch(database, command)) ?? this.#pool.start(database, command);
  }

  next(cursorId: bigint, size: number | undefined): Promise<Batch> {
    return this.#pool.next(cursorId, size);
  }

  /** Answers `count`, `distinct` and `explain`. */
  answer(database: string, command: Doc): Doc | Promise<Doc> {
    return short(() => this.#reader.answer(database, command, this.#budget())) ?? this.#pool.answer(database, command);
  }

  /**
   * The keys of the documents that an update or delete of many will match, when finding them takes long; undefined when it is short.
   * `command` is a `find` with the same query.
   */
  async candidates(database: string, command: Doc): Promise<Buffer[] | undefined> {
    const isShort = short(() => this.#reader.candidates(database, command, this.#budget()).length >= 0);
    return isShort === true ? undefined : this.#pool.candidates(database, command);
  }

  /** Whether a `find` scans a whole collection of more than a few documents. */
  isLong(database: string, command: Doc): boolean {
    const filter = command.get('filter');
    // The common case needs no plan: an _id leads to one document.
    if (filter instanceof Doc && filter.has('_id') && !isOperatorDocument(filter.get('_id'))) return false;
    const { collection, plan } = this.#reader.planOf(database, command);
    return collection !== undefined && plan?.full === true && this.#counters.of(collection.id).count > shortReadDocuments;
  }

  kill(cursorId: bigint): Promise<boolean> {
    return this.#pool.kill(cursorId);
  }

  /** Limits one read on the connection thread: ends it when it becomes long, or at once when a large scan is planned. */
  #budget(): Budget {
    const { spend } = documentBudget(shortReadDocuments);
    return {
      spend,
      planned: (collection, plan, filter) => {
        if (!plan.full) return;
        const { count } = this.#counters.of(collection.id);
        if (count <= shortReadDocuments) return;
        // Without a filter a scan in storage order ends with its limit, if it has one.
        if (filter.exact && filter.conditions.length === 0 && plan.sorted) return;
        this.#warn(collection.namespace, count, plan);
        throw new BudgetExceeded('The plan reads every document');
      },
    };
  }

  #firstBatch(database: string, command: Doc): Batch | undefined {
    const query = this.#reader.open(database, command, this.#budget());
    const { size, single } = firstBatchSize(command);
    const batch = take(query, size);
    if (!batch.done && !single) return undefined;
    return { namespace: query.namespace, documents: batch.documents, cursorId: 0n };
  }

  #warn(namespace: string, count: number, plan: Plan): void {
    if (count <= warnDocuments || plan.index !== undefined) return;
    const nowMs = Date.now();
    if (nowMs - (this.#warnedAtMs.get(namespace) ?? 0) < warnEveryMs) return;
    this.#warnedAtMs.set(namespace, nowMs);
    this.#log(`A query without an index reads all ${count} documents of ${namespace}`);
  }
}

/** The result of a short read; undefined when the read turned out long. */
function short<T>(run: () => T | undefined): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof BudgetExceeded) return undefined;
    throw error;
  }
}
