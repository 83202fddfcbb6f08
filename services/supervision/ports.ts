import type { ListeningReason } from '../shared/domain/calls/listening.js';
import type { Edited } from '../shared/contracts/edited.js';
import type { Reach } from '../shared/platform/reach/reach.js';
import type { HelpEnd, HelpReason } from '../shared/domain/calls/help.js';
import type { ChatPlace } from '../shared/contracts/api/calls/chat.js';
import type { ChatMessage, ChatReader } from './chat.js';
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
  /** Who asks: what the rule keeps from them as agents is not among the rows. */
  readonly asker?: string | undefined;
}

export interface RuleStore {
  read(): Promise<ListeningRule & Edited>;
  /** Fails with `changed-meanwhile` when somebody has saved one since it was read. */
  save(rule: ListeningRule, read: ListeningRule & Edited, by: string): Promise<ListeningRule & Edited>;
}

export interface AcknowledgementStore {
  put(acknowledgement: Acknowledgement): Promise<void>;
  /** The last one of each person, or of these alone. */
  last(userIds?: readonly UserId[]): Promise<ReadonlyMap<string, Acknowledgement>>;
}

export interface ListeningStore {
  put(listening: Listening): Promise<void>;
  remove(id: string): Promise<void>;
  /** The newest of a call and a listener that had begun at that time; when none had, the newest. */
  newest(callId: CallId, listenerId: string, at: Date): Promise<Listening | undefined>;
  /** Adds a part once, however often it comes; with `endedAt` it is the last one. */
  addPart(id: string, part: ListeningPart, endedAt: Date | undefined): Promise<void>;
  list(
    search: ListeningSearch,
    page: { readonly skip: number; readonly limit: number },
  ): Promise<{ readonly rows: readonly Listening[]; readonly total: number }>;
  /** Whoever listened or was listened to in the calls of the search. */
  people(search: ListeningSearch): Promise<readonly string[]>;
  /** Ended ones of which the agent is notified afterwards and has not read yet. */
  unseenBy(agentId: AgentId): Promise<readonly Listening[]>;
  setSeen(agentId: AgentId, ids: readonly string[]): Promise<void>;
  forgetBefore(at: Date): Promise<void>;
}

export interface HelpStore {
  /** False when a request of the agent is open already: nothing is written then. */
  put(help: Help): Promise<boolean>;
  setReason(id: string, reason: HelpReason): Promise<void>;
  /** Whether it was open and nobody had said so before. */
  take(id: string, by: { readonly userId: UserId; readonly name: string }, at: Date): Promise<boolean>;
  /** Whether it was open. */
  end(id: string, how: HelpEnd, at: Date): Promise<boolean>;
  byId(id: string): Promise<Help | undefined>;
  newestOf(agentId: AgentId): Promise<Help | undefined>;
  openOf(agentId: AgentId): Promise<readonly Help[]>;
  /** The oldest first. */
  open(): Promise<readonly Help[]>;
  /** The newest of the agents that are seen; those of others do not count towards the limit. */
  endedSince(since: Date, limit: number, sees: (agentId: AgentId) => boolean): Promise<readonly Help[]>;
  forgetBefore(at: Date): Promise<void>;
}

export interface ChatStore {
  put(message: ChatMessage): Promise<void>;
  byId(id: string): Promise<ChatMessage | undefined>;
  /** The newest of these places, or of all; the oldest of them first. */
  newest(places: readonly ChatPlace[] | undefined, limit: number): Promise<readonly ChatMessage[]>;
  countSince(userId: UserId, since: Date): Promise<number>;
  readAt(userId: UserId, as: ChatReader): Promise<Date | undefined>;
  /** Never goes back. */
  setReadAt(userId: UserId, as: ChatReader, at: Date): Promise<void>;
  forgetBefore(at: Date): Promise<void>;
}

/** People whose accounts exist, also the ones that are disabled. */
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
  /** By the hash of the token of its address. */
  byHash(hash: string): Promise<StoredWall | undefined>;
  /** Of the tokens of all addresses in use. */
  hashes(): Promise<ReadonlySet<string>>;
  /** Fails with `changed-meanwhile` when somebody has saved it since it was read. */
  put(wall: StoredWall, read: StoredWall | undefined, by: string): Promise<StoredWall>;
  /** Undefined: it has none any more. */
  setAddress(id: string, address: StoredWall['address']): Promise<void>;
  remove(id: string): Promise<void>;
}

/** A person with the roles and the scope of the account as they are now; undefined when the account is closed. */
export type PersonNow = (userId: UserId) => Promise<Principal | undefined>;

/** Incidents that are not over and are meant for a person: nobody has seen them, and somebody has. */
export type AlarmCounts = (principal: Principal) => Promise<{ readonly open: number; readonly seen: number }>;

/** Tokens of addresses of walls, and what is kept of one. */
export interface WallTokens {
  make(): string;
  hashOf(token: string): string;
}
