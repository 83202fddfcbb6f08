import type { MessageState, OutgoingMessage } from './message.js';

export type Claimed = OutgoingMessage & { readonly tries: number };

export interface OutboxStore {
  /** Once: the same message again changes nothing. */
  put(message: OutgoingMessage, now: Date): Promise<void>;
  /** The next that is due and nobody else is sending; it is the caller's until `until`. */
  claim(now: Date, until: Date): Promise<Claimed | undefined>;
  /** Says how it ended; the address and the words are forgotten. */
  settle(messageId: string, end: { readonly state: 'sent' | 'failed'; readonly at: Date; readonly reason?: string }): Promise<void>;
  postpone(messageId: string, until: Date, reason: string): Promise<void>;
  states(messageIds: readonly string[]): Promise<MessageState[]>;
}

/** Who carries messages of one way. Throws `UndeliverableError` when no later try can succeed, anything else when one may. */
export interface Provider {
  send(message: OutgoingMessage): Promise<void>;
}

/** The provider refused the message for good; `reason` is a word that may be shown. */
export class UndeliverableError extends Error {
  override readonly name = 'UndeliverableError';
}
