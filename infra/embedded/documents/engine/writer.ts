import { MongoError } from '../bson/errors.js';
import type { Catalog } from './catalog.js';
import type { Environment } from './environment.js';
import type { Counters } from './counters.js';

interface Job {
  readonly work: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: every write that arrives in one turn of the event loop shares one flushed commit, and is acknowledged after it.
 *
 * A write sees all writes before it. A MongoError refuses one write alone (it must be thrown before the write changed anything); any other
 * exception undoes the group, whose members are then tried one by one, so that a faulty write cannot take its neighbours with it.
 */
export class Writer {
  readonly #environment: Environment;
  readonly #catalog: Catalog;
  readonly #counters: Counters;
  #queue: Job[] = [];
  #refusal: MongoError | undefined;

  constructor(environment: Environment, catalog: Catalog, counters: Counters) {
    this.#environment = environment;
    this.#catalog = catalog;
    this.#counters = counters;
  }

  /** Refuses every further write with this error (a full disk), until cleared with undefined. */
  refuse(error: MongoError | undefined): void {
    this.#refusal = error;
  }

  /** Runs `work` in the next commit; resolves with its result once it is on disk. */
  run<T>(work: () => T): Promise<T> {
    if (this.#refusal !== undefined) return Promise.reject(this.#refusal);
    if (this.#queue.length === 0) setImmediate(() => this.#commit());
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ work, resolve: resolve as (value: unknown) => void, reject });
    });
  }

  #commit(): void {
    const jobs = this.#queue;
    this.#queue = [];
    if (this.#tryCommit(jobs)) return;
    for (const job of jobs) {
      if (!this.#tryCommit([job])) job.reject(new MongoError('InternalError', 'The write could not be stored'));
    }
  }

  /** False when the group was undone; nobody was answered then. */
  #tryCommit(jobs: readonly Job[]): boolean {
    const answers: (() => void)[] = [];
    try {
      this.#environment.commit(() => {
        for (const job of jobs) {
          try {
            const value = job.work();
            answers.push(() => job.resolve(value));
          } catch (error) {
            if (!(error instanceof MongoError)) throw error;
            answers.push(() => job.reject(error));
          }
        }
        this.#counters.save();
      });
    } catch (error) {
      this.#catalog.invalidate();
      this.#counters.reload();
      if (jobs.length > 1) return false;
      jobs[0]?.reject(storageError(error));
      return true;
    }
    for (const answer of answers) answer();
    return true;
  }
}

/** A failed commit shows as EIO or ENOSPC when the disk is full. */
function storageError(error: unknown): MongoError {
  const message = error instanceof Error ? error.message : '';
  return /ENOSPC|No space|EIO|Input\/output/i.test(message)
    ? new MongoError('OutOfDiskSpace', 'The disk is full or failing; the write was not stored')
    : new MongoError('InternalError', `The write could not be stored: ${message}`);
}
