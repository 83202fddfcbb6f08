export const messageWays = ['sms', 'mail', 'wecom', 'dingtalk', 'webhook'] as const;
export type MessageWay = (typeof messageWays)[number];

/** The subject of a message: the part that requested the message finds its own row by it. */
export interface MessageTopic {
  readonly kind: 'alarm' | 'complaint-answer' | 'complaint-receipt' | 'day-sheet' | 'report' | 'survey';
  readonly id: string;
}

/** An outgoing message. Its address and content exist only until it has been sent. */
export interface OutgoingMessage {
  /** Also its id at the provider, which can then recognise a message that is sent twice after a crash. */
  readonly messageId: string;
  readonly way: MessageWay;
  /** A robot or webhook has one address, set by the site; this field then holds its channel. */
  readonly to: string;
  /** The subject of a mail or of a robot's post; an SMS has none. */
  readonly subject: string;
  readonly text: string;
  readonly topic: MessageTopic;
  /** An attachment of a mail, a few megabytes at most. */
  readonly attachment?: { readonly fileName: string; readonly mediaType: string; readonly base64: string };
  /** The message is not sent before this moment: nobody is asked for a score at night. */
  readonly notBefore?: Date;
}

/** The outcome of a message. `failed` is final; after every earlier failure there is another attempt. */
export interface MessageState {
  readonly messageId: string;
  readonly state: 'waiting' | 'sent' | 'failed';
  readonly toMasked: string;
  readonly tries: number;
  readonly settledAt?: Date;
  /** Why the last attempt failed, in a word: never the content or the receiver. */
  readonly reason?: string;
}

/** Pauses between attempts, about 13 hours in total. After the last one the message has failed. */
export const RETRY_AFTER_MS = [2_000, 10_000, 60_000, 300_000, 1_800_000, 7_200_000, 36_000_000] as const;

/** The time of the next attempt after `tries` failures; undefined when there is none. */
export function nextTry(tries: number, now: Date): Date | undefined {
  const pauseMs = RETRY_AFTER_MS[tries - 1];
  return pauseMs === undefined ? undefined : new Date(now.getTime() + pauseMs);
}
