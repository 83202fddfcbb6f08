/**
 * One process leads at a time; others stand by. Each turn has a fencing token, which is larger than that of every earlier turn. Everybody
 * who receives a write or an order remembers the largest token seen and refuses a smaller one. So a leader that stood still while another
 * took its place can do nothing more when it wakes.
 */
export interface Leadership {
  /** Resolves when this process leads. Calls `standsBy` once if another process leads now. */
  acquire(standsBy: () => void): Promise<void>;
  /** The token of this process's turn; 0 before it leads. */
  token(): number;
  /** Whether nobody else can have led since the last confirmation, because it is not older than the lease. */
  isSure(): boolean;
  /** Resolves when it is confirmed that this process leads; never if another leads by now. */
  sure(): Promise<void>;
  /** A larger token was seen: this process no longer leads, and is told to end. */
  superseded(): void;
  /** Whether another process leads by now. */
  isOver(): boolean;
  /** Gives up the leadership, or the wait for it. */
  release(): Promise<void>;
}
