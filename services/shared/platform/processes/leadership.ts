/**
 * One process leads at a time; others stand by. Each turn has a fencing token, which is larger than that of every turn before: whoever is
 * written to or given an order remembers the largest that it has seen, and refuses a smaller one. So a leader that stood still while
 * another took its place can no longer do anything when it wakes.
 */
export interface Leadership {
  /** Resolves when this process leads; tells once by `standsBy` when another leads now. */
  acquire(standsBy: () => void): Promise<void>;
  /** The token of this process's turn; 0 before it leads. */
  token(): number;
  /** Nobody else can have led since the last confirmation: it is not older than the lease. */
  isSure(): boolean;
  /** Resolves when it is confirmed that this process leads; never when another leads by now. */
  sure(): Promise<void>;
  /** A larger token was seen: this process leads no longer, and is told to end. */
  superseded(): void;
  /** Whether another process leads by now. */
  isOver(): boolean;
  /** Gives up the lead, or the wait for it. */
  release(): Promise<void>;
}
