import type { Delivered, EventName } from '../../events/catalogue.js';

/** This many reads may follow each other directly: those of a single call. */
const AT_ONCE = 25;
/** Beyond that, one read is allowed in this time; what arrives in between is read together. */
const ONE_EACH_MS = 10;
/** Recently read events that are remembered: the notice of an event comes by another way, and may arrive after it. */
const KNOWN_AGAIN = 256;

export interface ReadPace {
  /** Resolves when the next read may be made, and counts it. */
  allowed(): Promise<void>;
  /** A person waits for this event: the next read happens at once, unless the event was already read. */
  hurry(eventId: string): void;
  /** An event that hurries this reader was read. */
  wasRead(eventId: string): void;
}

const inSo = (ms: number, run: () => void): (() => void) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

/**
 * How often a reader of the event stream asks. Each event wakes the readers that wait for it, and waking costs more than reading. On a
 * quiet machine nothing is held back. On a busy one a reader asks a hundred times a second, however many events there are, and in addition
 * at each event for which a person waits.
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
      // A hurried read uses up the share of the next ones, but none waits longer because of it than because of any other read.
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

/** Tells a reader's pace that an event was read, if such events hurry it. */
export function noteRead(pace: ReadPace, hurry: readonly EventName[], delivered: Delivered | undefined): void {
  if (delivered !== undefined && hurry.includes(delivered.name)) pace.wasRead(delivered.id);
}
