export const messageWays = ['sms', 'mail', 'wecom', 'dingtalk', 'webhook'] as const;
export type MessageWay = (typeof messageWays)[number];

/** What a message is about: the part that asked for it finds its own row again by it. */
export interface MessageTopic {
  readonly kind: 'alarm' | 'complaint-answer' | 'complaint-receipt' | 'day-sheet' | 'report' | 'survey';
  readonly id: string;
}

/** A message that leaves the house. Where it goes and what it says is there only until it has gone. */
export interface OutgoingMessage {
  /** Also its identity at the provider: one that is sent twice after a crash is known there. */
  readonly messageId: string;
  readonly way: MessageWay;
  /** A robot or webhook has one address, set by the site: here stands its way. */
  readonly to: string;
  /** Subject of a mail or of a robot's post; an SMS has none. */
  readonly subject: string;
  readonly text: string;
  readonly topic: MessageTopic;
  /** A file that goes with a mail, of a few megabytes. */
  readonly attachment?: { readonly fileName: string; readonly mediaType: string; readonly base64: string };
  /** Not before this moment: nobody is asked for a score at night. */
  readonly notBefore?: Date;
}

/** What becomes of a message; `failed` is for good, every try before that is followed by another. */
export interface MessageState {
  readonly messageId: string;
  readonly state: 'waiting' | 'sent' | 'failed';
  readonly toMasked: string;
  readonly tries: number;
  readonly settledAt?: Date;
  /** Why the last try failed, in a word: never what was sent or to whom. */
  readonly reason?: string;
}

/** Pauses between tries; after the last the message has failed. Together about 13 hours. */
export const RETRY_AFTER_MS = [2_000, 10_000, 60_000, 300_000, 1_800_000, 7_200_000, 36_000_000] as const;

/** When the next try is after `tries` that failed, or undefined when there is none. */
export function nextTry(tries: number, now: Date): Date | undefined {
  const pauseMs = RETRY_AFTER_MS[tries - 1];
  return pauseMs === undefined ? undefined : new Date(now.getTime() + pauseMs);
}
