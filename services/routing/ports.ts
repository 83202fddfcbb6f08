import type { AgentLimits } from '../shared/contracts/queues/agent-limits.js';
import type { Threshold } from '../shared/contracts/queues/threshold.js';
import type { Agent } from './agents/agent-machine.js';
import type { BreakReason } from './agents/breaks.js';
import type { Callback } from './callbacks/callback.js';
import type { BoardLeg } from './waits/day-legs.js';
import type { BoardTransfer } from './waits/day-transfers.js';
import type { BoardVisit } from './waits/day-figures.js';
import type { WaitingCall } from './matching/matcher.js';
import type { Queue } from './queue.js';
import type { StateEntry } from './replay/replay-day.js';
import type { WaitEntry } from './waits/wait-log.js';
import type { AgentId, CallId, QueueId } from '../shared/domain/ids.js';

export interface QueueStore {
  all(): Promise<Queue[]>;
  /** Replaces the queue that was read, or adds a new one; fails with `changed-meanwhile` when there is a later version. */
  put(queue: Queue, read: Queue | undefined, by: string): Promise<Queue>;
  /** Adds a queue unless one with its id exists. */
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
  /** Replaces the threshold that was read, or adds a new one; fails with `changed-meanwhile` when there is a later version. */
  put(threshold: Threshold, read: Threshold | undefined, by: string): Promise<Threshold>;
  remove(id: string): Promise<boolean>;
}

export interface AgentLimitStore {
  all(): Promise<AgentLimits[]>;
  /** Replaces the limits that were read, or adds new ones; fails with `changed-meanwhile` when there is a later version. */
  put(id: string, draft: Pick<AgentLimits, 'scope' | 'limits'>, read: AgentLimits | undefined, by: string): Promise<AgentLimits>;
}

/** Why callers waited. Written behind: a decision does not wait for its own record. */
export interface WaitStore {
  add(entry: WaitEntry): void;
  /** In time. */
  ofCall(callId: CallId): Promise<WaitEntry[]>;
  /** The entries of calls that were queued or left between two moments, in order of time. */
  ofDay(from: Date, to: Date): Promise<WaitEntry[]>;
  /** Writes everything that is still waiting to be written. */
  flush(): Promise<void>;
  readonly aged: Aged;
}

/** Rows that expire. */
export interface Aged {
  /** Removes older rows, at most `atMost` of each kind; returns how many. */
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
  /** Callbacks that are waiting or being dialled. */
  open(): Promise<Callback[]>;
  put(callback: Callback): Promise<void>;
  /** The callbacks that joined the one of this call, in the order in which they were requested. */
  joinedTo(callId: CallId): Promise<Callback[]>;
  /** All callbacks that joined another one and have not ended, in the order in which they were requested. */
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

/** The stored service visits from which figures are made. */
export interface VisitRows {
  /** Visits that began at `enteredFrom` or later and were written at `notedFrom` or later. */
  of(enteredFrom: Date, notedFrom: Date): AsyncIterable<readonly BoardVisit[]>;
  /** The legs to numbers outside of ended calls of service, of all calls that may have one that was dialled since. */
  legsSince(at: Date): AsyncIterable<readonly BoardLeg[]>;
  /** The transfers of ended calls of service that came in, of all calls that may have a handling that began since. */
  transfersSince(at: Date): AsyncIterable<readonly BoardTransfer[]>;
}

/** Which of these agents' seats have an open page. */
export type SeatsPresent = (agentIds: readonly AgentId[]) => Promise<Set<string>>;
