import type { Clock } from '../../shared/domain/time/clock.js';
import { CallCentreError } from '../../shared/domain/failure.js';

/** Nobody waits longer than this for a page. */
export const DAILY_LIMIT_MS = 60_000;

export interface DailyLimit {
  /** Fails with `timed-out` when the work takes longer than the time that is left of a reading. */
  within<T>(work: Promise<T>): Promise<T>;
  /** Whether the time of the reading is over: work in steps stops at the next step. */
  isOver(): boolean;
}

const tooLong = (): CallCentreError =>
  new CallCentreError('timed-out', 'These figures take too long to count now: choose fewer days, or try again in a minute.');

/**
 * Reads daily figures, one reading at a time, because each reads all rows of its days. A request for what is already being counted gets
 * that answer, so that twenty people who open the same page cost as much as one. Each reading has its own time limit, and so has the wait
 * for it.
 */
export function createDailyReadings({ after }: Pick<Clock, 'after'>, limitMs = DAILY_LIMIT_MS) {
  const running = new Map<string, Promise<unknown>>();
  let last: Promise<unknown> = Promise.resolve();

  /** Settles with the work, or fails when the time is over, whichever comes first. */
  function limited<T>(work: (limit: DailyLimit) => Promise<T>): Promise<T> {
    let over = false;
    const stops = new Set<() => void>();
    const stop = after(limitMs, () => {
      over = true;
      for (const end of stops) end();
    });
    const within = <U>(part: Promise<U>): Promise<U> =>
      new Promise<U>((resolve, reject) => {
        const end = (): void => reject(tooLong());
        if (over) end();
        stops.add(end);
        part.then(resolve, reject).finally(() => stops.delete(end));
      });
    return work({ within, isOver: () => over }).finally(stop);
  }

  /** Waits for its turn; fails with `timed-out` when the readings before it take too long. */
  function turn(before: Promise<unknown>): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = after(limitMs, () => reject(tooLong()));
      void before.finally(() => {
        stop();
        resolve();
      });
    });
  }

  return function read<T>(question: string, work: (limit: DailyLimit) => Promise<T>): Promise<T> {
    const same = running.get(question) as Promise<T> | undefined;
    if (same !== undefined) return same;
    const before = last;
    const made = turn(before)
      .then(() => limited(work))
      .finally(() => running.delete(question));
    running.set(question, made);
    // A request that gives up waiting still passes its place on: those behind it wait for the reading in progress.
    last = Promise.all([before, made.catch(() => undefined)]);
    return made;
  };
}
export type DailyReadings = ReturnType<typeof createDailyReadings>;
