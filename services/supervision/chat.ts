import type { ChatPlace } from '../shared/contracts/api/calls/chat.js';
import type { UserId } from '../shared/domain/ids.js';

export interface ChatMessage {
  readonly id: string;
  readonly at: Date;
  readonly from: { readonly userId: UserId; readonly name: string };
  readonly place: ChatPlace;
  readonly text: string;
}

/** As whom somebody reads: an agent and a supervisor who are the same person have a mark each. */
export type ChatReader = 'agent' | 'supervisor';
