import type { StoredCall } from '../shared/records/call.js';
import type { StoredVisit } from '../shared/records/visit.js';
import type { Briefing, Contact, ContactEntry, SeatCallback, Worksheet } from '../shared/contracts/workspace.js';
import type { AgentId, CallId, QueueId, UserId } from '../shared/domain/ids.js';

/** A call as far as its paperwork needs it, going on or ended. */
export interface CallFacts {
  readonly callId: CallId;
  /** None of a caller who withheld the number: nothing is known of them. */
  readonly callerHash: string | undefined;
  readonly callerMasked: string;
  readonly agentIds: readonly AgentId[];
  readonly called: string;
  readonly queueId?: QueueId;
}

export interface WorksheetStore {
  all(): Promise<Worksheet[]>;
  one(queueId: QueueId): Promise<Worksheet | undefined>;
  put(worksheet: Worksheet): Promise<void>;
}

/** An agent's part in a call, with the facts of the call that are kept with it. */
export interface ContactKey {
  readonly callId: CallId;
  readonly agentId: AgentId;
  readonly queueId?: QueueId;
  readonly callerHash?: string;
}

export interface ContactStore {
  of(callId: CallId): Promise<Contact[]>;
  one(callId: CallId, agentId: AgentId): Promise<Contact | undefined>;
  ofCaller(callerHashes: readonly string[], limit: number): Promise<Contact[]>;
  /** Makes the entry, or keeps the facts of the call in the one that is there. */
  open(contact: ContactKey, at: string): Promise<void>;
  /** Makes the entry or changes what is given, and keeps the facts of the call. */
  save(contact: ContactKey, change: Partial<ContactEntry> & { readonly completedAt?: string }, at: string): Promise<Contact>;
  sticky(callerHash: string): Promise<Briefing['stickyNote']>;
  /** An empty text takes the note away. */
  stick(callerHash: string, note: NonNullable<Briefing['stickyNote']>): Promise<void>;
}

export interface CallbackStore {
  /** With the keyed hash of the person's number, where anybody of a queue is to call: a person has one of those. */
  add(callback: SeatCallback, callerHash?: string): Promise<void>;
  /** The open one of this person that a queue owes. */
  openOfPerson(callerHash: string): Promise<SeatCallback | undefined>;
  /** Another call of the person is answered by it; undefined when it is closed. */
  join(id: string, call: { readonly callId: CallId; readonly queueId?: QueueId }): Promise<SeatCallback | undefined>;
  one(id: string): Promise<SeatCallback | undefined>;
  /** The open one of a call, or the one that answers it too. */
  openOf(callId: CallId): Promise<SeatCallback | undefined>;
  /** Open ones that are the agent's or anybody's of the queues, by time. */
  openFor(agentId: AgentId, queues: readonly string[]): Promise<SeatCallback[]>;
  /** All open ones, by time; `queues` limits them to those queues, and to those that answer a call of them too. */
  open(query: { readonly queues?: readonly string[]; readonly limit: number }): Promise<SeatCallback[]>;
  /** Gives an open one to an agent, or to anybody of its queue; false when it is closed, or would be nobody's. */
  assign(id: string, agentId: AgentId | undefined): Promise<boolean>;
  /** Takes an open one for the agent and notes the try; false when somebody else has it. */
  tried(id: string, tried: SeatCallback['tries'][number]): Promise<boolean>;
  close(id: string, state: 'done' | 'cancelled'): Promise<boolean>;
}

export interface FavouriteStore {
  /** In the order of marking. */
  of(userId: UserId): Promise<readonly string[]>;
  /** Undefined when the person has `most` others marked already. */
  mark(userId: UserId, favourite: string, most: number): Promise<readonly string[] | undefined>;
  unmark(userId: UserId, favourite: string): Promise<readonly string[]>;
}

export interface QualitySample {
  readonly id: string;
  readonly callId: CallId;
  readonly agentId: AgentId;
  readonly at: Date;
  readonly lossPercent: number;
  readonly jitterMs: number;
  readonly roundTripMs: number;
  readonly mos?: number;
}

export interface QualityStore {
  /** A sample that comes a second time changes nothing. */
  add(sample: QualitySample): Promise<void>;
  ofCall(callId: CallId): Promise<QualitySample[]>;
}

/** What other slices have written down, read only. */
export interface CentreRecords {
  endedCall(callId: CallId): Promise<CallFacts | undefined>;
  client(called: string): Promise<Briefing['client']>;
  openComplaints(callerHashes: readonly string[]): Promise<Briefing['openComplaints']>;
  /** Newest first; of one that was joined into another case its own number, which the caller was told. */
  complaintsOfCall(callId: CallId): Promise<Briefing['complaintsOfCall']>;
  /** Test calls are not among them. */
  callsOf(agentId: AgentId, from: Date): Promise<readonly DayCall[]>;
  /** Visits of service that began at `from` or later and that the agent answered. */
  visitsOf(agentId: AgentId, from: Date): Promise<readonly AnsweredVisit[]>;
  /** The agent's states that had not ended at `from`; the present one has no `until`. */
  stateSpans(agentId: AgentId, from: Date): Promise<readonly StateSpan[]>;
  scores(agentId: AgentId, from: Date): Promise<readonly number[]>;
  reviewPercents(agentId: AgentId, from: Date): Promise<readonly number[]>;
}

export interface StateSpan {
  readonly state: string;
  readonly at: Date;
  readonly untilAt?: Date | undefined;
}

/** What agents did in a call. */
export type DayCall = Pick<StoredCall, 'segments'>;

/** A visit to a queue that the agent answered. */
export type AnsweredVisit = Pick<StoredVisit, 'outcome' | 'waitMs' | 'thresholdMs'>;
