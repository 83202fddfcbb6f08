import type { Clock } from '../../services/shared/domain/time/clock.js';
import type { Random } from './random.js';

interface Due {
  readonly atMs: number;
  /** Drawn from the seed: things due at the same moment happen in any order. */
  readonly tie: number;
  run: (() => void) | undefined;
}

const before = (a: Due, b: Due): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.tie < b.tie);

/**
 * When requested in a microtask, a tick comes once no other microtask is left: everything that waits only for promises has run. It costs a
 * tenth of a turn of the event loop.
 */
const drained = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

/** Virtual time. Nothing happens between two steps, and after each step everything that waits for nothing but promises is drained. */
export class Scheduler {
  #nowMs: number;
  readonly #heap: Due[] = [];
  steps = 0;

  constructor(
    startMs: number,
    private readonly random: Random,
  ) {
    this.#nowMs = startMs;
  }

  get nowMs(): number {
    return Math.floor(this.#nowMs);
  }
  /** With the fractions that keep messages of one channel in order. */
  get exactMs(): number {
    return this.#nowMs;
  }

  after(ms: number, run: () => void): () => void {
    return this.at(this.#nowMs + Math.max(0, ms), run);
  }

  at(atMs: number, run: () => void): () => void {
    const due: Due = { atMs, tie: this.random.unit(), run };
    this.#push(due);
    return () => (due.run = undefined);
  }

  /** Runs what is due until `untilMs`, or until `stop` says so after a step. */
  async runUntil(untilMs: number, stop: () => boolean): Promise<void> {
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined || first.atMs > untilMs) {
        this.#nowMs = untilMs;
        return;
      }
      this.#pop();
      if (first.run === undefined) continue;
      this.#nowMs = Math.max(this.#nowMs, first.atMs);
      this.steps += 1;
      first.run();
      await drained();
      if (stop()) return;
    }
  }

  #push(due: Due): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(due);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !before(due, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = due;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      const [left, right] = [heap[child], heap[child + 1]];
      if (left === undefined) break;
      if (right !== undefined && before(right, left)) child += 1;
      const least = heap[child];
      if (least === undefined || !before(least, last)) break;
      heap[at] = least;
      at = child;
    }
    heap[at] = last;
  }
}

/** Keeps the messages of one channel in order, each with a delay of its own. */
export function channel(scheduler: Scheduler): (delayMs: number, run: () => void) => void {
  let lastMs = 0;
  return (delayMs, run) => {
    lastMs = Math.max(scheduler.exactMs + delayMs, lastMs + 0.001);
    scheduler.at(lastMs, run);
  };
}

/** A process of the product: once it is killed, its timers never run and what it awaits never comes. */
export class Process {
  alive = true;
  readonly clock: Clock;

  constructor(
    readonly name: string,
    private readonly scheduler: Scheduler,
  ) {
    this.clock = {
      nowMs: () => scheduler.nowMs,
      after: (ms, run) => scheduler.after(ms, () => this.alive && run()),
      every: (ms, run) => {
        let cancel = (): void => undefined;
        const again = (): void => {
          cancel = scheduler.after(ms, () => {
            if (!this.alive) return;
            again();
            run();
          });
        };
        again();
        return () => cancel();
      },
    };
  }

  kill(): void {
    this.alive = false;
  }

  /** After `delayMs` the work is done and its outcome given to this process, if it is still there. */
  later<T>(delayMs: number, work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      if (!this.alive) return;
      this.scheduler.after(delayMs, () => {
        if (!this.alive) return;
        try {
          resolve(work());
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
  }
}
