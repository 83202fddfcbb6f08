import type { ListeningReason } from '../shared/domain/calls/listening.js';
import type { Edited } from '../shared/contracts/edited.js';
import type { Reach } from '../shared/platform/reach/reach.js';
import type { HelpEnd, HelpReason } from '../shared/domain/calls/help.js';
import type { ChatMark, ChatMessage, SeenPlace } from './chat.js';
import type { Principal } from '../shared/domain/people/rights.js';
import type { StoredWall } from './walls/wall.js';
import type { Help } from './help.js';
import type { Acknowledgement, Listening, ListeningPart, ListeningRule } from './listening.js';
import type { AgentId, CallId, UserId } from '../shared/domain/ids.js';

export interface ListeningSearch {
  readonly reach: Reach;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly listenerId?: string | undefined;
  readonly agentId?: AgentId | undefined;
  readonly reason?: ListeningReason | undefined;
  /** The person who asks: what the rule hides from them as an agent is left out. */
  readonly asker?: string | undefined;
}

export interface RuleStore {
  read(): Promise<ListeningRule & Edited>;
  /** Fails with `changed-meanwhile` when somebody has saved a rule since it was read. */
  save(rule: ListeningRule, read: ListeningRule & Edited, by: string): Promise<ListeningRule & Edited>;
}

export interface AcknowledgementStore {
  put(acknowledgement: Acknowledgement): Promise<void>;
  /** The last acknowledgement of each person, or only of these people. */
  last(userIds?: readonly UserId[]): Promise<ReadonlyMap<string, Acknowledgement>>;
}

export interface ListeningStore {
  put(listening: Listening): Promise<void>;
  remove(id: string): Promise<void>;
  /** The newest listening of this call and listener that had begun at that time; if none had, the newest one. */
  newest(callId: CallId, listenerId: string, at: Date): Promise<Listening | undefined>;
  /** Adds a part only once, however often it is reported; with `endedAt` it is the last part. */
  addPart(id: string, part: ListeningPart, endedAt: Date | undefined): Promise<void>;
  list(
    search: ListeningSearch,
    page: { readonly skip: number; readonly limit: number },
  ): Promise<{ readonly rows: readonly Listening[]; readonly total: number }>;
  /** Everybody who listened or was listened to in the calls of the search. */
  people(search: ListeningSearch): Promise<readonly string[]>;
  /** Ended listenings of which the agent is notified afterwards and that the agent has not read yet. */
  unseenBy(agentId: AgentId): Promise<readonly Listening[]>;
  setSeen(agentId: AgentId, ids: readonly string[]): Promise<void>;
  forgetBefore(at: Date): Promise<void>;
}

export interface HelpStore {
  /** False when the agent already has an open request: nothing is written then. */
  put(help: Help): Promise<boolean>;
  setReason(id: string, reason: HelpReason): Promise<void>;
  /** True when the request was open and nobody was coming yet. */
  take(id: string, by: { readonly userId: UserId; readonly name: string }, at: Date): Promise<boolean>;
  /** True when the request was open. */
  end(id: string, how: HelpEnd, at: Date): Promise<boolean>;
  byId(id: string): Promise<Help | undefined>;
  newestOf(agentId: AgentId): Promise<Help | undefined>;
  openOf(agentId: AgentId): Promise<readonly Help[]>;
  /** Oldest first. */
  open(): Promise<readonly Help[]>;
  /** The newest requests of the agents that `sees` accepts; those of others do not count towards the limit. */
  endedSince(since: Date, limit: number, sees: (agentId: AgentId) => boolean): Promise<readonly Help[]>;
  forgetBefore(at: Date): Promise<void>;
}

export interface ChatStore {
  put(message: ChatMessage): Promise<void>;
  remove(id: string): Promise<void>;
  byId(id: string): Promise<ChatMessage | undefined>;
  /** The newest messages of these places, or of all places; returned oldest first. */
  newest(places: readonly SeenPlace[] | undefined, limit: number): Promise<readonly ChatMessage[]>;
  countSince(userId: UserId, since: Date): Promise<number>;
  readAt(userId: UserId, as: ChatMark): Promise<Date | undefined>;
  /** The marks of those who have one. */
  readAts(userIds: readonly UserId[], as: ChatMark): Promise<ReadonlyMap<string, Date>>;
  /** The conversations of these agents in this time, oldest first. */
  between(agentIds: readonly AgentId[], from: Date, until: Date): Promise<readonly ChatMessage[]>;
  /** The read mark never moves back. */
  setReadAt(userId: UserId, as: ChatMark, at: Date): Promise<void>;
  forgetBefore(at: Date): Promise<void>;
}

/** People who have an account, including disabled ones. */
export type People = () => Promise<readonly Person[]>;
export interface Person {
  readonly userId: UserId;
  readonly name: string;
  readonly takesCalls: boolean;
  readonly disabled: boolean;
}

export interface WallStore {
  all(): Promise<readonly StoredWall[]>;
  byId(id: string): Promise<StoredWall | undefined>;
  /** Finds a wall by the hash of its address's token. */
  byHash(hash: string): Promise<StoredWall | undefined>;
  /** The hashes of the tokens of all addresses in use. */
  hashes(): Promise<ReadonlySet<string>>;
  /** Fails with `changed-meanwhile` when somebody has saved it since it was read. */
  put(wall: StoredWall, read: StoredWall | undefined, by: string): Promise<StoredWall>;
  /** `undefined`: the wall has no address any more. */
  setAddress(id: string, address: StoredWall['address']): Promise<void>;
  remove(id: string): Promise<void>;
}

/** A person with the roles and the scope of the account as they are now; undefined when the account is closed. */
export type PersonNow = (userId: UserId) => Promise<Principal | undefined>;

/** Incidents that are not over and are meant for a person: those that nobody has seen, and those that somebody has. */
export type AlarmCounts = (principal: Principal) => Promise<{ readonly open: number; readonly seen: number }>;

/** The tokens of walls' addresses, and what is stored of them. */
export interface WallTokens {
  make(): string;
  hashOf(token: string): string;
}
