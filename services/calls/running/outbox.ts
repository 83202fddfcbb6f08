import { z } from 'zod';
import type { EventBus, EventInput, EventName } from '../../shared/events/catalogue.js';
import type { Logger } from '../../shared/platform/processes/logger.js';

const RETRY_MS = 500;
/** Events that arrive while earlier ones are being sent go out together. */
const AT_ONCE = 256;

/**
 * The events of this process in order. While the live state is down they wait here and calls go on. When it is back they are sent, still in
 * order.
 */
export interface Outbox {
  put<N extends EventName>(name: N, event: EventInput<N>, id?: string): void;
  /** Resolves when all earlier events have been sent, or after `timeoutMs`; without `timeoutMs` there is no limit. */
  drained(timeoutMs?: number): Promise<void>;
  /** Runs when all earlier events have been sent, in the order in which it was called; at once when there are none. */
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
  /** While an event fails, they are sent one at a time: those behind it must not be sent again with each attempt. */
  let failing = false;
  let [put, sent] = [0, 0];
  let waiters: { readonly upTo: number; readonly resolve: () => void }[] = [];

  function hasSent(many: number): void {
    sent += many;
    const [done, waiting] = [waiters.filter(({ upTo }) => upTo <= sent), waiters.filter(({ upTo }) => upTo > sent)];
    waiters = waiting;
    for (const { resolve } of done) resolve();
  }

  /** Retries help when a store is down. An event that its own catalogue entry refuses would block every event behind it for ever. */
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
