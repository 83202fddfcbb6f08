import type { UserId } from '../../shared/domain/ids.js';
import type { PendingChange } from './pending-change.js';

export interface ChangeStore {
  add(change: PendingChange): Promise<void>;
  byId(id: string): Promise<PendingChange | undefined>;
  /** Newest first. */
  newest(limit: number): Promise<PendingChange[]>;
  /** Changes that wait for a decision. */
  waiting(): Promise<PendingChange[]>;
  /** All changes of one account, decided or not. */
  of(userId: UserId): Promise<PendingChange[]>;
  /** False when it was decided meanwhile. Atomic, so that two decisions cannot both count. */
  decide(id: string, decision: NonNullable<PendingChange['decision']>): Promise<boolean>;
}

/** Runs one piece of work at a time across all processes. */
export type Exclusive = <T>(work: () => Promise<T>) => Promise<T>;
