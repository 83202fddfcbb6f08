import { z } from 'zod';
import type { EventBus, EventInput, EventName } from '../../shared/events/catalogue.js';
import type { Logger } from '../../shared/platform/processes/logger.js';

const RETRY_MS = 500;
/** No more events than these are with the bus at a time. */
const AT_ONCE = 256;

/**
 * The events of this process in order. Each is passed to the bus at once: the bus sends them in the order in which it got them, and an
 * agent waits for the ring. While the live state is down they wait here and calls go on. When it is back they are sent, still in order.
 */
export interface Outbox {
  put<N extends EventName>(name: N, event: EventInput<N>, id?: string): void;
  /** Resolves when all earlier events have been sent, or after `timeoutMs`; without `timeoutMs` there is no limit. */
  drained(timeoutMs?: number): Promise<void>;
  /** Runs when all earlier events have been sent, in the order in which it was called; at once when there are none. */
  whenOut(run: () => void): void;
  readonly waiting: number;
}

interface Waiting {
  readonly name: EventName;
  readonly send: () => Promise<void>;
  /** What became of the last attempt. */
  outcome: 'unknown' | 'out' | { readonly error: unknown };
}

export function createOutbox({
  bus,
  log,
  later,
}: {
  readonly bus: EventBus;
  readonly log: Logger;
  readonly later: (ms: number, run: () => void) => void;
}): Outbox {
  const queue: Waiting[] = [];
  /** Passed to the bus, but not yet confirmed as sent together with all earlier ones. */
  const inHand: Waiting[] = [];
  /** After a failure nothing is passed until all in hand have settled and a pause is over. */
  let isHeld = false;
  /** While an event fails, they are sent one at a time: those behind it must not be sent again with each attempt. */
  let isAlone = false;
  let [put, sent] = [0, 0];
  let waiters: { readonly upTo: number; readonly resolve: () => void }[] = [];

  function hasSent(): void {
    sent += 1;
    const [done, waiting] = [waiters.filter(({ upTo }) => upTo <= sent), waiters.filter(({ upTo }) => upTo > sent)];
    waiters = waiting;
    for (const { resolve } of done) resolve();
  }

  /** Retries help when a store is down. An event that its own catalogue entry refuses would block every event behind it for ever. */
  function leaveOut(name: EventName, error: unknown): void {
    if (!(error instanceof z.ZodError)) throw error;
    const fields = error.issues.map(({ path }) => path.join('.'));
    log.error({ event: name, fields }, 'an event that does not match its catalogue entry is skipped');
  }

  function pass(): void {
    while (!isHeld && inHand.length < (isAlone ? 1 : AT_ONCE)) {
      const next = queue.shift();
      if (next === undefined) return;
      next.outcome = 'unknown';
      inHand.push(next);
      next.send().then(
        () => settled(next, 'out'),
        (error: unknown) => settled(next, { error }),
      );
    }
  }

  function settled(event: Waiting, outcome: Waiting['outcome']): void {
    event.outcome = outcome;
    while (inHand[0]?.outcome === 'out') {
      inHand.shift();
      hasSent();
    }
    const failed = inHand.find((each) => typeof each.outcome === 'object');
    if (failed === undefined) {
      if (inHand.length === 0) isAlone = false;
      pass();
      return;
    }
    isHeld = true;
    if (inHand.some((each) => each.outcome === 'unknown')) return;
    queue.unshift(...inHand.splice(0));
    isAlone = true;
    const err = (failed.outcome as { readonly error: unknown }).error;
    log.warn({ err, event: failed.name, waiting: queue.length }, 'event could not be published, trying again');
    later(RETRY_MS, () => {
      isHeld = false;
      pass();
    });
  }

  return {
    put(name, event, id) {
      put += 1;
      queue.push({ name, send: () => bus.publish(name, event, id).catch((error: unknown) => leaveOut(name, error)), outcome: 'unknown' });
      pass();
    },
    async drained(timeoutMs) {
      if (sent === put) return;
      await new Promise<void>((resolve) => {
        waiters.push({ upTo: put, resolve });
        if (timeoutMs !== undefined) later(timeoutMs, resolve);
      });
    },
    whenOut(run) {
      if (sent === put) run();
      else waiters.push({ upTo: put, resolve: run });
    },
    get waiting() {
      return put - sent;
    },
  };
}
