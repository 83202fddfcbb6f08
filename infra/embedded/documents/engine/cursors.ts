import { Doc } from '../bson/document.js';
import { MongoError } from '../bson/errors.js';
import { toInteger } from '../bson/numeric.js';
import type { Query, Reader } from './reader.js';
import { timeBudget, type Budget } from './scan.js';

export interface Batch {
  readonly namespace: string;
  readonly documents: readonly Doc[];
  /** 0 when nothing is left. */
  readonly cursorId: bigint;
  /**
   * The reply to the client, when a reader thread has already encoded it: one buffer crosses threads far more cheaply than its documents.
   */
  readonly reply?: Doc;
}

/** The reply to the client for a batch. */
export function replyOf(batch: Batch, field: 'firstBatch' | 'nextBatch'): Doc {
  if (batch.reply !== undefined) return batch.reply;
  return Doc.of({ cursor: Doc.of({ [field]: [...batch.documents], id: batch.cursorId, ns: batch.namespace }), ok: 1 });
}

interface OpenCursor {
  readonly query: Query;
  /** Set by `noCursorTimeout`. */
  readonly lasts: boolean;
  usedAtMs: number;
}

const firstBatchDocuments = 101;
const maxBatchBytes = 8 * 1024 * 1024;
/** MongoDB's own limit: a cursor that nobody reads is closed after ten minutes. */
const idleMs = 10 * 60_000;
const maxOpen = 1000;

/** Owns the cursors of one reader thread between two batches. */
export class Cursors {
  readonly #reader: Reader;
  readonly #open = new Map<bigint, OpenCursor>();
  readonly #interrupt: () => void;
  #nextId: bigint;

  /** `interrupt` is called while documents are looked at, and throws to end a scan. */
  constructor(reader: Reader, firstId: bigint, interrupt: () => void) {
    this.#reader = reader;
    this.#nextId = firstId;
    this.#interrupt = interrupt;
  }

  /** Runs `find` or `aggregate` and returns the first batch. */
  async start(database: string, command: Doc): Promise<Batch> {
    const query = this.#reader.open(database, command, this.#budget(command));
    const { size, single } = firstBatchSize(command);
    const batch = take(query, size);
    if (batch.done || single) return { namespace: query.namespace, documents: batch.documents, cursorId: 0n };
    if (this.#open.size >= maxOpen) throw new MongoError('InternalError', `More than ${maxOpen} cursors are open`);
    this.#nextId += 1n;
    this.#open.set(this.#nextId, { query, lasts: command.get('noCursorTimeout') === true, usedAtMs: Date.now() });
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
    return this.#reader.answer(database, command, this.#budget(command));
  }

  /** The keys of all documents a `find` selects. */
  candidates(database: string, command: Doc): Buffer[] {
    return this.#reader.candidates(database, command, this.#budget(command));
  }

  kill(id: bigint): boolean {
    return this.#open.delete(id);
  }

  expire(nowMs: number): void {
    for (const [id, cursor] of this.#open) if (!cursor.lasts && nowMs - cursor.usedAtMs > idleMs) this.#open.delete(id);
  }

  #budget(command: Doc): Budget {
    return timeBudget(toInteger(command.get('maxTimeMS')) ?? 0, this.#interrupt);
  }
}

/** How many documents the first batch may have, and whether it is the only one. */
export function firstBatchSize(command: Doc): { readonly size: number; readonly single: boolean } {
  const cursor = command.get('cursor');
  const size = toInteger(command.get('batchSize') ?? (cursor instanceof Doc ? cursor.get('batchSize') : undefined));
  return { size: size ?? firstBatchDocuments, single: command.get('singleBatch') === true || (toInteger(command.get('limit')) ?? 0) < 0 };
}

/**
 * Up to `size` documents and 8 MB; when a limit ends the batch, the caller still learns whether the query has ended, without reading one
 * document more.
 */
export function take(query: Query, size: number): { readonly documents: Doc[]; readonly done: boolean } {
  const documents: Doc[] = [];
  let bytes = 0;
  while (documents.length < size && bytes < maxBatchBytes) {
    const next = query.documents.next();
    if (next.done === true) return { documents, done: true };
    documents.push(next.value);
    bytes += next.value.rawLength ?? 512;
  }
  return { documents, done: false };
}
