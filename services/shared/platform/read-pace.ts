import { setTimeout as sleep } from 'node:timers/promises';

/** So many reads may follow each other at once: those of a call that comes alone. */
const AT_ONCE = 25;
/** Where more are wanted, one may be made in this time; what comes meanwhile is read together. */
const ONE_EACH_MS = 10;

/**
 * How often a reader of the event stream asks. Each event wakes whoever waits for it, and a wake costs more than what it reads: on a quiet
 * machine nothing is held back, on a busy one a reader asks a hundred times a second at most, however many events there are.
 */
export function createReadPace(nowMs: () => number = () => performance.now()): { allowed(): Promise<void> } {
  let allowance = AT_ONCE;
  let countedAtMs = nowMs();
  return {
    /** Resolves when the next read may be made, and counts it. */
    async allowed() {
      const atMs = nowMs();
      allowance = Math.min(AT_ONCE, allowance + (atMs - countedAtMs) / ONE_EACH_MS);
      countedAtMs = atMs;
      allowance -= 1;
      if (allowance < 0) await sleep(-allowance * ONE_EACH_MS);
    },
  };
}
