import type { Agent } from './agent-machine.js';
import type { Decision, WaitingCall } from './matcher.js';
import type { Queue } from './queue.js';

export interface QueueStore {
  all(): Promise<Queue[]>;
  /** Makes or replaces. */
  put(queue: Queue): Promise<void>;
  remove(queueId: string): Promise<boolean>;
  skills(): Promise<Map<string, Record<string, number>>>;
  setSkills(agentId: string, skills: Record<string, number>): Promise<void>;
}

export interface StoredDecision extends Decision {
  readonly decisionId: string;
  readonly at: Date;
}

export interface DecisionStore {
  add(decision: StoredDecision): Promise<void>;
  ofCall(callId: string): Promise<StoredDecision[]>;
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
  removeWaiting(callId: string): void;
  saveToday(day: string, figures: unknown): void;
  loadToday(day: string): Promise<unknown>;
}

/** One routing process decides at a time; others stand by. */
export interface Lease {
  /** Resolves when this process holds it. */
  acquire(): Promise<void>;
  release(): Promise<void>;
}

/** Which seats have a page. */
export type SeatsPresent = (agentIds: readonly string[]) => Promise<Set<string>>;
