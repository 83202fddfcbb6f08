import { mkdirSync } from 'node:fs';
import { open, type Database, type RootDatabase } from 'lmdb';
import { checkDataFile, DataFileError } from '../../data-file.js';

type Table = Database<Buffer, Buffer>;

export interface Range {
  readonly start: Buffer;
  /** Exclusive. */
  readonly end: Buffer;
}

export interface Entry {
  readonly key: Buffer;
  readonly value: Buffer;
}

/** One ordered table of binary keys and values. */
export class OrderedTable {
  readonly #table: Table;
  constructor(table: Table) {
    this.#table = table;
  }

  get(key: Buffer): Buffer | undefined {
    return this.#table.get(key);
  }

  has(key: Buffer): boolean {
    return this.#table.doesExist(key);
  }

  /** Only inside a transaction. */
  put(key: Buffer, value: Buffer): void {
    this.#table.putSync(key, value);
  }

  /** Only inside a transaction. */
  remove(key: Buffer): void {
    this.#table.removeSync(key);
  }

  /** Up to `limit` entries of a range, in order or backwards, after (or before) `from` when given. */
  read(range: Range, limit: number, reverse: boolean, from?: Buffer): Entry[] {
    const options = reverse
      ? { start: from ?? range.end, end: range.start, inclusiveEnd: true, exclusiveStart: true, reverse, limit }
      : { start: from ?? range.start, end: range.end, exclusiveStart: from !== undefined, limit };
    return [...this.#table.getRange(options)];
  }
}

const pieceBytes = 256 * 1024;
let piece = Buffer.allocUnsafeSlow(pieceBytes);
let used = 0;

/** A copy of what the engine shows until its next read. Many copies share one piece of memory, because separate allocations double the time of a scan. */
function kept(bytes: Uint8Array, start: number, end: number): Buffer {
  const size = end - start;
  // The engine sets its own length on its buffers, which would mislead `subarray` and `copy`.
  const shown = new Uint8Array(bytes.buffer, bytes.byteOffset + start, size);
  if (size > pieceBytes / 16) return Buffer.from(shown);
  if (used + size > pieceBytes) {
    piece = Buffer.allocUnsafeSlow(pieceBytes);
    used = 0;
  }
  const from = used;
  used += size;
  piece.set(shown, from);
  return piece.subarray(from, used);
}

/** Keys and values are stored as the bytes they are. */
const binary = {
  encoding: 'binary',
  encoder: { encode: (value: Buffer) => value, decode: (bytes: Uint8Array) => kept(bytes, 0, bytes.length) },
  keyEncoder: {
    writeKey: (key: Buffer, target: Uint8Array, start: number): number => {
      target.set(key, start);
      return start + key.length;
    },
    readKey: kept,
  },
} as const;

/** Version of the table layout: raised when a build writes what an earlier one would misread. */
export const formatVersion = 1;
const formatKey = Buffer.from('format');
const mapBytes = 256 * 2 ** 30;
const maxSnapshotMs = 1000;

/**
 * The storage engine: one lmdb environment with four tables.
 *
 * Commits are synchronous and flushed before they return: `overlappingSync` is off because with it a commit is only visible, not yet safe.
 */
export class Environment {
  readonly #root: RootDatabase<Buffer, Buffer>;
  readonly #readOnly: boolean;
  #refreshedAtMs = performance.now();
  readonly meta: OrderedTable;
  readonly records: OrderedTable;
  readonly entries: OrderedTable;
  readonly sessions: OrderedTable;

  constructor(folder: string, readOnly = false) {
    this.#readOnly = readOnly;
    if (!readOnly) mkdirSync(folder, { recursive: true, mode: 0o700 });
    checkDataFile(folder, !readOnly);
    this.#root = open<Buffer, Buffer>({
      path: folder,
      ...binary,
      overlappingSync: false,
      maxDbs: 8,
      maxReaders: 512,
      mapSize: mapBytes,
      readOnly,
    });
    const table = (name: string): OrderedTable => new OrderedTable(this.#root.openDB<Buffer, Buffer>({ name, ...binary }));
    this.meta = table('meta');
    this.records = table('records');
    this.entries = table('entries');
    this.sessions = table('sessions');
    this.#claimFormat();
  }

  /** @throws DataFileError when the data has the layout of another build. */
  #claimFormat(): void {
    const found = this.meta.get(formatKey)?.readUInt8();
    if (found === formatVersion) return;
    if (found === undefined) {
      if (!this.#readOnly) this.commit(() => this.meta.put(formatKey, Buffer.from([formatVersion])));
      return;
    }
    void this.#root.close();
    throw new DataFileError(`The data was written in format ${found} by another build; this one reads format ${formatVersion}.`);
  }

  /** Runs `work` as one atomic, flushed commit; an exception undoes all of it. */
  commit<T>(work: () => T): T {
    return this.#root.transactionSync(work);
  }

  /** Lets the next read of a reader thread see the newest commit. */
  refresh(): void {
    this.#root.resetReadTxn();
    this.#refreshedAtMs = performance.now();
  }

  /** On a reader thread: a snapshot older than a second is given up, because while it is held no page it sees can be used again. */
  refreshIfOld(): void {
    if (this.#readOnly && performance.now() - this.#refreshedAtMs > maxSnapshotMs) this.refresh();
  }

  /** Frees the pages that dead readers had pinned. */
  checkReaders(): number {
    return this.#root.readerCheck();
  }

  async backup(folder: string, compact: boolean): Promise<void> {
    await this.#root.backup(folder, compact);
  }

  async close(): Promise<void> {
    await this.#root.close();
  }
}
