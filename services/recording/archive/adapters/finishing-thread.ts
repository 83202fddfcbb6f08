import type { Worker } from 'node:worker_threads';
import type { Logger } from '../../../shared/platform/logger.js';
import type { Finishing } from '../../capture/recorder-service.js';
import type { Spool } from '../../capture/ports.js';
import { PIECE_MS } from '../opus-pieces.js';
import type { LiveMoment } from '../ports.js';
import { answerFrom, type FromThread, type ToThread } from './spool-link.js';

/** A thread that ended is started again after so long: it may be a store that does not let it in. */
const AGAIN_MS = 1_000;

/**
 * Ended calls are brought in by a thread of a lower priority, so that neither its work nor its memory holds up sound that is arriving. All that
 * it knows is in the spool, which stays with this process: a thread that ends is replaced, and does its calls again.
 */
export class FinishingThread implements Finishing {
  readonly #known = new Set<string>();
  #failing = 0;
  #worker: Worker | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(
    private readonly deps: {
      readonly spool: Pick<Spool, 'open' | 'sealed' | 'keepSealed' | 'remove'>;
      readonly start: () => Worker;
      readonly log: Logger;
    },
  ) {
    this.#begin();
  }

  finish(callId: string): void {
    if (this.#stopped || this.#known.has(callId)) return;
    this.#known.add(callId);
    this.#tell({ kind: 'finish', callId });
  }

  advance(calls: readonly LiveMoment[]): void {
    const long = calls.filter(({ nowMs }) => nowMs >= PIECE_MS);
    if (long.length > 0) this.#tell({ kind: 'advance', calls: long });
  }

  status(): { readonly waiting: number; readonly failing: number } {
    return { waiting: this.#known.size, failing: this.#failing };
  }

  /** What is in work is ended; the rest stays in the spool. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#again);
    const worker = this.#worker;
    if (worker === undefined) return;
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    this.#tell({ kind: 'stop' });
    await ended;
  }

  #begin(): void {
    const worker = this.deps.start();
    this.#worker = worker;
    worker.on('message', (message: FromThread) => this.#hear(worker, message));
    worker.on('error', (error) => this.deps.log.error({ err: error }, 'the thread that brings recordings in has failed'));
    worker.once('exit', () => {
      this.#worker = undefined;
      this.#failing = 0;
      if (!this.#stopped) this.#again = setTimeout(() => this.#begin(), AGAIN_MS);
    });
    for (const callId of this.#known) this.#tell({ kind: 'finish', callId });
  }

  #hear(worker: Worker, message: FromThread): void {
    switch (message.kind) {
      case 'done':
        this.#known.delete(message.callId);
        return;
      case 'failing':
        this.#failing = message.count;
        return;
      case 'ask': {
        const { kind: _kind, ...ask } = message;
        void answerFrom(this.deps.spool, worker, ask);
      }
    }
  }

  #tell(message: ToThread): void {
    this.#worker?.postMessage(message);
  }
}
