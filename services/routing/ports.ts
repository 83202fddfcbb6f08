import type { Threshold } from '../shared/contracts/queues/threshold.js';
import type { Agent } from './agents/agent-machine.js';
import type { BreakReason } from './agents/breaks.js';
import type { Callback } from './callbacks/callback.js';
import type { BoardLeg } from './waits/day-legs.js';
import type { BoardVisit } from './waits/day-figures.js';
import type { WaitingCall } from './matching/matcher.js';
import type { Queue } from './queue.js';
import type { StateEntry } from './replay/replay-day.js';
import type { WaitEntry } from './waits/wait-log.js';
import type { AgentId, CallId, QueueId } from '../shared/domain/ids.js';

export interface QueueStore {
  all(): Promise<Queue[]>;
  /** Writes over the queue that was read, or makes a new one; fails with `changed-meanwhile` when there is a later one. */
  put(queue: Queue, read: Queue | undefined, by: string): Promise<Queue>;
  /** Makes a queue where there is none of its id. */
  seed(queue: Queue): Promise<void>;
  remove(queueId: QueueId): Promise<boolean>;
  skills(): Promise<Map<string, Record<string, number>>>;
  setSkills(agentId: AgentId, skills: Record<string, number>): Promise<void>;
  breaks(): Promise<readonly BreakReason[]>;
  setBreaks(breaks: readonly BreakReason[]): Promise<void>;
}

export interface ThresholdStore {
  all(): Promise<Threshold[]>;
  byId(id: string): Promise<Threshold | undefined>;
  /** Writes over the threshold that was read, or makes a new one; fails with `changed-meanwhile` when there is a later one. */
  put(threshold: Threshold, read: Threshold | undefined, by: string): Promise<Threshold>;
  remove(id: string): Promise<boolean>;
}

/** Why callers waited. Written behind: a decision does not wait for its own record. */
export interface WaitStore {
  add(entry: WaitEntry): void;
  /** In time. */
  ofCall(callId: CallId): Promise<WaitEntry[]>;
  /** Who was queued and who left between two moments, in time. */
  ofDay(from: Date, to: Date): Promise<WaitEntry[]>;
  /** What is still to be written, is. */
  flush(): Promise<void>;
  readonly aged: Aged;
}

/** Rows that reach the end of their time. */
export interface Aged {
  /** Removes some rows that are older, at most `atMost` of each kind; how many. */
  removeBefore(at: Date, atMost: number): Promise<number>;
}

/** Every change of an agent's state. Written behind. */
export interface StateLog {
  add(entry: StateEntry): void;
  /** In time. */
  between(from: Date, to: Date): Promise<StateEntry[]>;
  flush(): Promise<void>;
  readonly aged: Aged;
}

export interface CallbackStore {
  /** Waiting or being dialled. */
  open(): Promise<Callback[]>;
  put(callback: Callback): Promise<void>;
  /** Those that joined the callback of this call, in the order in which they were asked for. */
  joinedTo(callId: CallId): Promise<Callback[]>;
  /** All that joined another one and have no end yet, in the order in which they were asked for. */
  joined(): Promise<Callback[]>;
  one(callId: CallId): Promise<Callback | undefined>;
  /** Newest first. */
  list(query: { readonly open: boolean; readonly skip: number; readonly limit: number }): Promise<Callback[]>;
}

/** Which agent talked last with a caller, by the keyed hash of the number. */
export interface LastAgents {
  of(callerHash: string): Promise<string | undefined>;
  remember(callerHash: string, agentId: AgentId): void;
}

/** What must survive a restart of routing. */
export interface DeskState {
  readonly agents: readonly Agent[];
  readonly waiting: readonly WaitingCall[];
}

export interface StateStore {
  load(): Promise<DeskState>;
  saveAgent(agent: Agent): void;
  saveWaiting(call: WaitingCall): void;
  removeWaiting(callId: CallId): void;
}

/** The stored visits of service, of which figures are made. */
export interface VisitRows {
  /** Visits that began at `enteredFrom` or later and were written at `notedFrom` or later. */
  of(enteredFrom: Date, notedFrom: Date): AsyncIterable<readonly BoardVisit[]>;
  /** The legs to numbers outside of ended calls of service, of all calls that may have one that was dialled since. */
  legsSince(at: Date): AsyncIterable<readonly BoardLeg[]>;
}

/** Which seats have a page. */
export type SeatsPresent = (agentIds: readonly AgentId[]) => Promise<Set<string>>;
