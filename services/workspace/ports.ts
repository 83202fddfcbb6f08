import type { AgentDayKey } from '../shared/domain/figures/keys.js';
import type { FigureValue } from '../shared/domain/figures/registry.js';
import type { StoredCall } from '../shared/records/call.js';
import type { Briefing, Contact, ContactEntry, SeatCallback, Worksheet } from '../shared/contracts/workspace.js';
import type { AgentId, CallId, QueueId, UserId } from '../shared/domain/ids.js';

/** The facts of a call, live or ended, that its paperwork needs. */
export interface CallFacts {
  readonly callId: CallId;
  /** Missing for a caller who withheld the number: nothing is known about them. */
  readonly callerHash: string | undefined;
  readonly callerMasked: string;
  readonly agentIds: readonly AgentId[];
  readonly called: string;
  readonly direction?: 'inbound' | 'outbound' | undefined;
  readonly queueId?: QueueId;
  /** Only of an ended call: the texts that its agents were given to say. */
  readonly scripts?: StoredCall['scripts'];
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
  /** Creates the entry, or stores the facts of the call in the existing one. */
  open(contact: ContactKey, at: string): Promise<void>;
  /** Creates the entry or changes the given fields, and stores the facts of the call. */
  save(contact: ContactKey, change: Partial<ContactEntry> & { readonly completedAt?: string }, at: string): Promise<Contact>;
  sticky(callerHash: string): Promise<Briefing['stickyNote']>;
  /** An empty text removes the note. */
  stick(callerHash: string, note: NonNullable<Briefing['stickyNote']>): Promise<void>;
}

/** To whom a callback is owed, and by which client unit: the keyed hash of the number. */
export interface Promised {
  readonly callerHash: string;
  readonly clientUnit?: string | undefined;
}

export interface CallbackStore {
  add(callback: SeatCallback, person: Promised, promisedAt: Date): Promise<void>;
  /** The open callback that somebody at a seat owes this person. */
  openOfPerson(person: Promised): Promise<SeatCallback | undefined>;
  /** Undefined for one of an earlier version, which does not say whose number it is for. */
  personOf(id: string): Promise<Promised | undefined>;
  /** Makes an open callback of nobody else the agent's own; undefined when it is closed, or somebody else's. */
  take(id: string, own: { readonly agentId: AgentId; readonly dueAt: string; readonly note: string }): Promise<SeatCallback | undefined>;
  /** The person was reached in another way. */
  reached(id: string, tried: SeatCallback['tries'][number]): Promise<void>;
  /** Lets the callback answer another call of the person too; undefined when it is closed. */
  join(id: string, call: { readonly callId: CallId; readonly queueId?: QueueId }): Promise<SeatCallback | undefined>;
  one(id: string): Promise<SeatCallback | undefined>;
  /** The open callback of a call, or the one that also answers it. */
  openOf(callId: CallId): Promise<SeatCallback | undefined>;
  /** Every callback of a call and every one that also answers it, open or not, by time. */
  ofCall(callId: CallId): Promise<SeatCallback[]>;
  /** Open callbacks that belong to the agent or to anybody of these queues, by time. */
  openFor(agentId: AgentId, queues: readonly string[]): Promise<SeatCallback[]>;
  /** All open callbacks, by time; `queues` limits them to those of these queues, and to those that also answer a call of them. */
  open(query: { readonly queues?: readonly string[]; readonly limit: number }): Promise<SeatCallback[]>;
  /** Gives an open callback to an agent, or to anybody of its queue; false when it is closed, or would then belong to nobody. */
  assign(id: string, agentId: AgentId | undefined): Promise<boolean>;
  /** Takes an open callback for the agent and records the try; false when somebody else has it. */
  tried(id: string, tried: SeatCallback['tries'][number]): Promise<boolean>;
  close(id: string, state: 'done' | 'cancelled'): Promise<boolean>;
}

export interface FavouriteStore {
  /** In the order in which they were marked. */
  of(userId: UserId): Promise<readonly string[]>;
  /** Undefined when the person has already marked `most` others. */
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
  /** A sample that arrives a second time changes nothing. */
  add(sample: QualitySample): Promise<void>;
  ofCall(callId: CallId): Promise<QualitySample[]>;
}

/** What other slices have recorded; read only. */
export interface CentreRecords {
  endedCall(callId: CallId): Promise<CallFacts | undefined>;
  client(called: string): Promise<Briefing['client']>;
  /** The client unit whose number this is. */
  unitOf(called: string): Promise<string | undefined>;
  openComplaints(callerHashes: readonly string[]): Promise<Briefing['openComplaints']>;
  /** Newest first. A case that was joined to another one has its own number, which the caller was told. */
  complaintsOfCall(callId: CallId): Promise<Briefing['complaintsOfCall']>;
  /** Test calls are not included. */
  callsOf(agentId: AgentId, from: Date): Promise<readonly DayCall[]>;
  /** The agent's states that had not ended at `from`; the current one has no `until`. */
  stateSpans(agentId: AgentId, from: Date): Promise<readonly StateSpan[]>;
  scores(agentId: AgentId, from: Date): Promise<readonly number[]>;
  reviewPercents(agentId: AgentId, from: Date): Promise<readonly number[]>;
}

export interface StateSpan {
  readonly state: string;
  readonly at: Date;
  readonly untilAt?: Date | undefined;
}

export type DayCall = Pick<StoredCall, 'segments' | 'direction'>;

/** An agent's figures of today, as the reports have them. */
export type AgentFigures = Readonly<Record<AgentDayKey, FigureValue>>;
