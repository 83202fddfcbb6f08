import type { ChatPlace } from '../shared/contracts/api/calls/chat.js';
import type { UserId } from '../shared/domain/ids.js';
import type { TeamSpell } from '../shared/domain/people/team.js';

export interface ChatMessage {
  readonly id: string;
  readonly at: Date;
  readonly from: { readonly userId: UserId; readonly name: string };
  readonly place: ChatPlace;
  readonly text: string;
}

/** A place whose messages somebody sees: all of them, or those of the times that `during` names. */
export type SeenPlace = ChatPlace & { readonly during?: readonly Pick<TeamSpell, 'fromMs' | 'untilMs'>[] };

/** The capacity in which somebody reads: a person who is both agent and supervisor has a read mark for each. */
export type ChatReader = 'agent' | 'supervisor';

/** `supervisors`: how far the conversation of an agent has been read by any of its supervisors. */
export type ChatMark = ChatReader | 'supervisors';
