import { Worker } from 'node:worker_threads';
import { Doc } from '../bson/document.js';
import { encode } from '../bson/encode.js';
import { MongoError } from '../bson/errors.js';
import type { Batch } from './cursors.js';
import type { ThreadReply, ThreadRequest, ThreadRequestBody } from './reader-messages.js';

interface Waiting {
  readonly resolve: (reply: ThreadReply) => void;
  readonly reject: (error: unknown) => void;
}

const cursorIdsPerThread = 1n << 40n;
const threads = 2;

/** One thread and the requests it owes an answer. */
class ReaderThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  constructor(folder: string, firstCursorId: bigint, stopping: SharedArrayBuffer, onFault: (error: Error) => void) {
    const file = import.meta.url.endsWith('.ts') ? './reader-thread.ts' : './reader-thread.js';
    this.#worker = new Worker(new URL(file, import.meta.url), { workerData: { folder, firstCursorId, stopping } });
    this.#worker.on('message', (reply: ThreadReply) => this.#settle(reply));
    this.#worker.on('error', (error: Error) => {
      onFault(error);
      this.#fail();
    });
    this.#worker.on('exit', () => this.#fail());
  }

  get load(): number {
    return this.#waiting.size;
  }

  ask(body: ThreadRequestBody): Promise<ThreadReply> {
    this.#lastId += 1;
    const request: ThreadRequest = { ...body, id: this.#lastId };
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { resolve, reject });
      this.#worker.postMessage(request);
    });
  }

  async stop(): Promise<void> {
    const ended = new Promise<void>((resolve) => {
      this.#worker.once('exit', () => resolve());
    });
    this.ask({ kind: 'stop' }).catch(() => undefined);
    await ended;
  }

  #settle(reply: ThreadReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.error === undefined) waiting?.resolve(reply);
    else waiting?.reject(new MongoError(reply.error.codeName, reply.error.message));
  }

  #fail(): void {
    for (const { reject } of this.#waiting.values()) reject(new MongoError('InternalError', 'The reader thread has ended'));
    this.#waiting.clear();
  }
}

/** Hands long reads to threads of their own, so that a scan never delays a short command. Threads start with the first such read. */
export class ReaderPool {
  readonly #folder: string;
  readonly #onFault: (error: Error) => void;
  readonly #stopping = new SharedArrayBuffer(4);
  #threads: ReaderThread[] = [];

  constructor(folder: string, onFault: (error: Error) => void) {
    this.#folder = folder;
    this.#onFault = onFault;
  }

  async start(database: string, command: Doc): Promise<Batch> {
    return batchOf(await this.#idle().ask({ kind: 'start', database, command: encode(command) }));
  }

  async next(cursorId: bigint, size: number | undefined): Promise<Batch> {
    return batchOf(await this.#owner(cursorId).ask({ kind: 'next', cursorId, size }));
  }

  async answer(database: string, command: Doc): Promise<Doc> {
    const { document } = await this.#idle().ask({ kind: 'answer', database, command: encode(command) });
    return Doc.fromBytes(Buffer.from(document ?? encode(Doc.empty())));
  }

  async candidates(database: string, command: Doc): Promise<Buffer[]> {
    const { keys = [] } = await this.#idle().ask({ kind: 'candidates', database, command: encode(command) });
    return keys.map((key) => Buffer.from(key));
  }

  async kill(cursorId: bigint): Promise<boolean> {
    return (await this.#owner(cursorId).ask({ kind: 'kill', cursorId })).found === true;
  }

  expire(): void {
    for (const thread of this.#threads) thread.ask({ kind: 'expire' }).catch(() => undefined);
  }

  async close(): Promise<void> {
    Atomics.store(new Int32Array(this.#stopping), 0, 1);
    await Promise.all(this.#threads.map((thread) => thread.stop()));
    this.#threads = [];
  }

  #idle(): ReaderThread {
    if (this.#threads.length === 0) {
      // Ids begin at a random place: a cursor of an earlier run must not be taken for one of this run.
      const run = BigInt(Math.floor(Math.random() * 2 ** 20)) << 42n;
      this.#threads = Array.from(
        { length: threads },
        (_thread, at) => new ReaderThread(this.#folder, run + BigInt(at) * cursorIdsPerThread, this.#stopping, this.#onFault),
      );
    }
    const [first, ...others] = this.#threads;
    if (first === undefined) throw new MongoError('InterruptedAtShutdown', 'The store is shutting down');
    return others.reduce((best, thread) => (thread.load < best.load ? thread : best), first);
  }

  #owner(cursorId: bigint): ReaderThread {
    const thread = this.#threads[Number((cursorId >> 40n) & 3n)];
    if (thread === undefined) throw new MongoError('CursorNotFound', `cursor id ${cursorId.toString()} not found`);
    return thread;
  }
}

function batchOf(reply: ThreadReply): Batch {
  const { batch } = reply;
  if (batch === undefined) throw new MongoError('InternalError', 'The reader thread gave no batch');
  return { ...batch, documents: batch.documents.map((bytes) => Doc.fromBytes(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))) };
}
