import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Doc } from '../bson/document.js';
import { encode } from '../bson/encode.js';
import { MongoError } from '../bson/errors.js';
import type { Batch } from './cursors.js';
import type { ThreadReply, ThreadRequest, ThreadRequestBody, ThreadSetup } from './reader-messages.js';

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
  #alive = true;

  constructor(folder: string, firstCursorId: bigint, stopping: SharedArrayBuffer, onFault: (error: Error) => void) {
    this.#worker = startWorker({ folder, firstCursorId, stopping });
    this.#worker.on('message', (reply: ThreadReply) => this.#settle(reply));
    this.#worker.on('error', (error: Error) => {
      onFault(error);
      this.#fail();
    });
    this.#worker.on('exit', () => this.#fail());
  }

  /** False once the thread has ended; its cursors are gone then. */
  get alive(): boolean {
    return this.#alive;
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
    this.#alive = false;
    for (const { reject } of this.#waiting.values()) reject(new MongoError('InternalError', 'The reader thread has ended'));
    this.#waiting.clear();
  }
}

/** Compiled, the thread is a file beside this one; run from its source, it first needs the loader for TypeScript. */
function startWorker(setup: ThreadSetup): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./reader-thread.js', import.meta.url), { workerData: setup });
  const loader = new URL('dist/esm/api/index.mjs', pathToFileURL(createRequire(import.meta.url).resolve('tsx/package.json'))).href;
  const entry = new URL('./reader-thread.ts', import.meta.url).href;
  const source = `import(${JSON.stringify(loader)}).then(({ register }) => { register(); return import(${JSON.stringify(entry)}); })`;
  return new Worker(source, { eval: true, workerData: setup, execArgv: [] });
}

/** Hands long reads to threads of their own, so that a scan never delays a short command. Threads start with the first such read. */
export class ReaderPool {
  readonly #folder: string;
  readonly #onFault: (error: Error) => void;
  readonly #stopping = new SharedArrayBuffer(4);
  #threads: ReaderThread[] = [];
  #closed = false;

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
    this.#closed = true;
    Atomics.store(new Int32Array(this.#stopping), 0, 1);
    await Promise.all(this.#threads.filter((thread) => thread.alive).map((thread) => thread.stop()));
    this.#threads = [];
  }

  #idle(): ReaderThread {
    if (this.#closed) throw new MongoError('InterruptedAtShutdown', 'The store is shutting down');
    // A thread takes a tenth of a second to start, so another one is started only when all running ones are busy.
    for (const thread of this.#threads) if (thread.alive && thread.load === 0) return thread;
    for (let at = 0; at < threads; at += 1) if (this.#threads[at]?.alive !== true) return (this.#threads[at] = this.#startThread(at));
    return this.#threads.reduce((best, thread) => (thread.load < best.load ? thread : best));
  }

  #startThread(at: number): ReaderThread {
    // Ids begin at a random place: a cursor of an earlier run must not be taken for one of this run.
    const run = BigInt(Math.floor(Math.random() * 2 ** 20)) << 42n;
    return new ReaderThread(this.#folder, run + BigInt(at) * cursorIdsPerThread, this.#stopping, this.#onFault);
  }

  #owner(cursorId: bigint): ReaderThread {
    const thread = this.#threads[Number((cursorId >> 40n) & 3n)];
    if (thread?.alive !== true) throw new MongoError('CursorNotFound', `cursor id ${cursorId.toString()} not found`);
    return thread;
  }
}

function batchOf(reply: ThreadReply): Batch {
  const { batch } = reply;
  if (batch === undefined) throw new MongoError('InternalError', 'The reader thread gave no batch');
  const { namespace, cursorId } = batch;
  const sent = Doc.fromBytes(Buffer.from(batch.reply.buffer));
  // Readers in this process (`$out`, `$merge`) take the documents out of the reply; a client gets the reply as it is.
  return {
    namespace,
    cursorId,
    reply: sent,
    get documents() {
      return documentsOf(sent);
    },
  };
}

function documentsOf(reply: Doc): Doc[] {
  const cursor = reply.get('cursor');
  const batch = cursor instanceof Doc ? (cursor.get('firstBatch') ?? cursor.get('nextBatch')) : undefined;
  return Array.isArray(batch) ? batch.filter((item) => item instanceof Doc) : [];
}
