import type { EventBus } from '../shared/events/catalogue.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import { nextTry, type MessageWay } from './message.js';
import { UndeliverableError, type Claimed, type OutboxStore, type Provider } from './ports.js';

/** The longest time of one attempt. After it another process may take the message. */
const CLAIM_MS = 60_000;

/**
 * Sends what is due, one after the other, and reports the end by `message.settled`. A message is tried again until its provider accepts it,
 * refuses it for good, or the attempts are used up. Delivery is at least once, with the same id each time.
 */
export function createSender({
  outbox,
  providers,
  bus,
  now,
  log,
}: {
  readonly outbox: OutboxStore;
  readonly providers: Readonly<Partial<Record<MessageWay, Provider>>>;
  readonly bus: EventBus;
  readonly now: () => Date;
  readonly log: Logger;
}) {
  async function settle({ messageId, way, topic }: Claimed, state: 'sent' | 'failed', reason?: string): Promise<void> {
    const at = now();
    await outbox.settle(messageId, { state, at, ...(reason === undefined ? {} : { reason }) });
    await bus.publish('message.settled', {
      messageId,
      at: at.toISOString(),
      way,
      state,
      topic: topic.kind,
      topicId: topic.id,
      ...(reason === undefined ? {} : { reason }),
    });
  }

  async function tryOnce(message: Claimed): Promise<void> {
    const provider = providers[message.way];
    if (provider === undefined) return settle(message, 'failed', 'no-provider');
    try {
      await provider.send(message);
    } catch (error) {
      const reason = wordOf(error);
      const again = error instanceof UndeliverableError ? undefined : nextTry(message.tries, now());
      log.warn({ messageId: message.messageId, way: message.way, tries: message.tries, reason }, 'a message was not accepted');
      return again === undefined ? settle(message, 'failed', reason) : outbox.postpone(message.messageId, again, reason);
    }
    return settle(message, 'sent');
  }

  /** Sends everything that is due now. Returns the number of attempts. */
  return async function sendDue(): Promise<number> {
    for (let tries = 0; ; tries += 1) {
      const at = now();
      const message = await outbox.claim(at, new Date(at.getTime() + CLAIM_MS));
      if (message === undefined) return tries;
      await tryOnce(message);
    }
  };
}

/** A word for the failure that names neither address nor text: providers often repeat both in theirs. */
function wordOf(error: unknown): string {
  if (error instanceof UndeliverableError) return error.message;
  if (error instanceof Error && 'responseCode' in error && typeof error.responseCode === 'number') return `SMTP ${error.responseCode}`;
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown';
}
