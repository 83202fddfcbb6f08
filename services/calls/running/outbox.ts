import { z } from 'zod';
import type { EventBus, EventInput, EventName } from '../../shared/events/catalogue.js';
import type { Logger } from '../../shared/platform/processes/logger.js';

const RETRY_MS = 500;
/** What was put while the events before it went out goes out together. */
const AT_ONCE = 256;

/**
 * Events of this process in their order. While live state is away they wait here and calls go on; they go out, still in order, when it is
 * back.
 */
export interface Outbox {
  put<N extends EventName>(name: N, event: EventInput<N>, id?: string): void;
  /** Resolves when everything that was put before has gone out, or after `timeoutMs`; without it whenever that is. */
  drained(timeoutMs?: number): Promise<void>;
  /** Runs when everything that was put before has gone out, in the order in which it was asked for; at once when all has. */
  whenOut(run: () => void): void;
  readonly waiting: number;
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
  const queue: { readonly name: EventName; readonly send: () => Promise<void> }[] = [];
  let sending = false;
  /** Then one at a time: what stands behind an event that does not go out must not go out again with each try. */
  let failing = false;
  let [put, sent] = [0, 0];
  let waiters: { readonly upTo: number; readonly resolve: () => void }[] = [];

  function hasSent(many: number): void {
    sent += many;
    const [done, waiting] = [waiters.filter(({ upTo }) => upTo <= sent), waiters.filter(({ upTo }) => upTo > sent)];
    waiters = waiting;
    for (const { resolve } of done) resolve();
  }

  /** Trying again helps against a store that is away. What its own catalogue refuses would hold up every event behind it for ever. */
  function leaveOut(name: EventName, error: unknown): void {
    if (!(error instanceof z.ZodError)) throw error;
    const fields = error.issues.map(({ path }) => path.join('.'));
    log.error({ event: name, fields }, 'event without the shape of its catalogue entry is left out');
  }

  const take = () => queue.slice(0, failing ? 1 : AT_ONCE);

  async function pump(): Promise<void> {
    if (sending) return;
    sending = true;
    for (let batch = take(); batch.length > 0; batch = take()) {
      const results = await Promise.allSettled(batch.map(({ send }) => send()));
      const failed = results.findIndex(({ status }) => status === 'rejected');
      hasSent(queue.splice(0, failed < 0 ? batch.length : failed).length);
      const refused = results[failed];
      failing = refused?.status === 'rejected';
      if (refused?.status !== 'rejected') continue;
      const err = refused.reason as unknown;
      log.warn({ err, event: batch[failed]?.name, waiting: queue.length }, 'event could not be published, trying again');
      sending = false;
      later(RETRY_MS, () => void pump());
      return;
    }
    sending = false;
  }

  return {
    put(name, event, id) {
      put += 1;
      queue.push({ name, send: () => bus.publish(name, event, id).catch((error: unknown) => leaveOut(name, error)) });
      void pump();
    },
    async drained(timeoutMs) {
      if (queue.length === 0) return;
      await new Promise<void>((resolve) => {
        waiters.push({ upTo: put, resolve });
        if (timeoutMs !== undefined) later(timeoutMs, resolve);
      });
    },
    whenOut(run) {
      if (queue.length === 0) run();
      else waiters.push({ upTo: put, resolve: run });
    },
    get waiting() {
      return queue.length;
    },
  };
}
