import type { MessageState, OutgoingMessage } from './message.js';

export type Claimed = OutgoingMessage & { readonly tries: number };

export interface OutboxStore {
  /** Stores a message once: the same message again changes nothing. */
  put(message: OutgoingMessage, now: Date): Promise<void>;
  /** The next due message that nobody else is sending. It belongs to the caller until `until`. */
  claim(now: Date, until: Date): Promise<Claimed | undefined>;
  /** Records the end. Address and content are removed. */
  settle(messageId: string, end: { readonly state: 'sent' | 'failed'; readonly at: Date; readonly reason?: string }): Promise<void>;
  postpone(messageId: string, until: Date, reason: string): Promise<void>;
  states(messageIds: readonly string[]): Promise<MessageState[]>;
}

/** Carries the messages of one channel. Throws `UndeliverableError` when no later attempt can succeed, anything else when one may. */
export interface Provider {
  send(message: OutgoingMessage): Promise<void>;
}

/** The provider refused the message for good; `reason` is a word that may be shown. */
export class UndeliverableError extends Error {
  override readonly name = 'UndeliverableError';
}
