import type { PendingChange } from './pending-change.js';

export interface ChangeStore {
  add(change: PendingChange): Promise<void>;
  byId(id: string): Promise<PendingChange | undefined>;
  /** Newest first. */
  newest(limit: number): Promise<PendingChange[]>;
  /** Changes that wait for a decision. */
  waiting(): Promise<PendingChange[]>;
  /** False when it was decided meanwhile: atomic, so that two decisions are one. */
  decide(id: string, decision: NonNullable<PendingChange['decision']>): Promise<boolean>;
}

/** Runs one piece of work at a time, whichever process it is in. */
export type Exclusive = <T>(work: () => Promise<T>) => Promise<T>;
