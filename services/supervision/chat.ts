import type { ChatPlace } from '../shared/contracts/api/calls/chat.js';
import type { UserId } from '../shared/domain/ids.js';

export interface ChatMessage {
  readonly id: string;
  readonly at: Date;
  readonly from: { readonly userId: UserId; readonly name: string };
  readonly place: ChatPlace;
  readonly text: string;
}

/** The capacity in which somebody reads: a person who is both agent and supervisor has a read mark for each. */
export type ChatReader = 'agent' | 'supervisor';
