import type { Delivered, EventName } from '../../events/catalogue.js';

/** So many reads may follow each other at once: those of a call that comes alone. */
const AT_ONCE = 25;
/** Where more are wanted, one may be made in this time; what comes meanwhile is read together. */
const ONE_EACH_MS = 10;
/** Events that were read lately: a notice of one of them comes by another way, and may come after it. */
const KNOWN_AGAIN = 256;

export interface ReadPace {
  /** Resolves when the next read may be made, and counts it. */
  allowed(): Promise<void>;
  /** A person waits for this event: the next read is made at once, unless the event was read already. */
  hurry(eventId: string): void;
  /** An event at which this reader is hurried was read. */
  wasRead(eventId: string): void;
}

const inSo = (ms: number, run: () => void): (() => void) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

/**
 * How often a reader of the event stream asks. Each event wakes whoever waits for it, and a wake costs more than what it reads: on a quiet
 * machine nothing is held back, on a busy one a reader asks a hundred times a second, however many events there are, and at each event for
 * which a person waits.
 */
export function createReadPace(
  nowMs: () => number = () => performance.now(),
  later: (ms: number, run: () => void) => () => void = inSo,
): ReadPace {
  let allowance = AT_ONCE;
  let countedAtMs = nowMs();
  const read = new Set<string>();
  const awaited = new Set<string>();
  let wake = (): void => undefined;
  return {
    async allowed() {
      const atMs = nowMs();
      allowance = Math.min(AT_ONCE, allowance + (atMs - countedAtMs) / ONE_EACH_MS);
      countedAtMs = atMs;
      // A read that was hurried takes of the share of the ones after it; none waits longer for that than for another.
      allowance = Math.max(allowance - 1, -1);
      if (allowance >= 0 || awaited.size > 0) {
        awaited.clear();
        return;
      }
      await new Promise<void>((resolve) => {
        const cancel = later(-allowance * ONE_EACH_MS, resolve);
        wake = () => {
          cancel();
          resolve();
        };
      });
      wake = () => undefined;
      awaited.clear();
    },
    hurry(eventId) {
      if (read.has(eventId)) return;
      awaited.add(eventId);
      wake();
    },
    wasRead(eventId) {
      awaited.delete(eventId);
      read.add(eventId);
      if (read.size <= KNOWN_AGAIN) return;
      const [oldest = ''] = read;
      read.delete(oldest);
    },
  };
}

/** Tells a reader's pace of an event that was read, where it is hurried at such ones. */
export function noteRead(pace: ReadPace, hurry: readonly EventName[], delivered: Delivered | undefined): void {
  if (delivered !== undefined && hurry.includes(delivered.name)) pace.wasRead(delivered.id);
}
