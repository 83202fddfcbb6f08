import { Doc } from '../bson/document.js';
import { MongoError } from '../bson/errors.js';
import { toInteger } from '../bson/numeric.js';
import type { Query, Reader } from './reader.js';
import { timeBudget, unlimited, type Budget } from './scan.js';

export interface Batch {
  readonly namespace: string;
  readonly documents: readonly Doc[];
  /** 0 when nothing is left. */
  readonly cursorId: bigint;
}

interface OpenCursor {
  readonly query: Query;
  usedAtMs: number;
}

const firstBatchDocuments = 101;
const maxBatchBytes = 8 * 1024 * 1024;
/** MongoDB's own: a cursor nobody asks is closed after ten minutes. */
const idleMs = 10 * 60_000;
const maxOpen = 1000;

/** Owns the cursors that are open between two batches. */
export class Cursors {
  readonly #reader: Reader;
  readonly #open = new Map<bigint, OpenCursor>();
  #nextId = BigInt(Date.now()) << 16n;

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  get count(): number {
    return this.#open.size;
  }

  /** Runs `find` or `aggregate` and returns the first batch. */
  async start(database: string, command: Doc): Promise<Batch> {
    const query = this.#reader.open(database, command, budgetOf(command));
    const cursor = command.get('cursor');
    const size = toInteger(command.get('batchSize') ?? (cursor instanceof Doc ? cursor.get('batchSize') : undefined));
    const limit = toInteger(command.get('limit')) ?? 0;
    const single = command.get('singleBatch') === true || limit < 0;
    const batch = take(query, size ?? firstBatchDocuments);
    if (batch.done || single) return { namespace: query.namespace, documents: batch.documents, cursorId: 0n };
    if (this.#open.size >= maxOpen) throw new MongoError('InternalError', `More than ${maxOpen} cursors are open`);
    this.#nextId += 1n;
    this.#open.set(this.#nextId, { query, usedAtMs: Date.now() });
    return { namespace: query.namespace, documents: batch.documents, cursorId: this.#nextId };
  }

  /** The next batch. @throws MongoError CursorNotFound */
  async next(id: bigint, size: number | undefined): Promise<Batch> {
    const cursor = this.#open.get(id);
    if (cursor === undefined) throw new MongoError('CursorNotFound', `cursor id ${id.toString()} not found`);
    cursor.usedAtMs = Date.now();
    try {
      const batch = take(cursor.query, size === undefined || size === 0 ? Infinity : size);
      if (batch.done) this.#open.delete(id);
      return { namespace: cursor.query.namespace, documents: batch.documents, cursorId: batch.done ? 0n : id };
    } catch (error) {
      this.#open.delete(id);
      throw error;
    }
  }

  /** Answers `count`, `distinct` and `explain`. */
  async answer(database: string, command: Doc): Promise<Doc> {
    return this.#reader.answer(database, command, budgetOf(command));
  }

  kill(id: bigint): boolean {
    return this.#open.delete(id);
  }

  expire(nowMs: number): void {
    for (const [id, cursor] of this.#open) if (nowMs - cursor.usedAtMs > idleMs) this.#open.delete(id);
  }
}

function budgetOf(command: Doc): Budget {
  const maxTimeMs = toInteger(command.get('maxTimeMS')) ?? 0;
  return maxTimeMs > 0 ? timeBudget(maxTimeMs) : unlimited;
}

/** Up to `size` documents and 8 MB; whether the query ended is known without asking for one more when a limit ended it. */
function take(query: Query, size: number): { readonly documents: Doc[]; readonly done: boolean } {
  const documents: Doc[] = [];
  let bytes = 0;
  while (documents.length < size && bytes < maxBatchBytes) {
    const next = query.documents.next();
    if (next.done === true) return { documents, done: true };
    documents.push(next.value);
    bytes += next.value.raw?.length ?? 512;
  }
  return { documents, done: false };
}
