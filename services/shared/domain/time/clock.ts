/** The clock of a part of the system, passed in so that a test or the simulation can drive it. */
export interface Clock {
  /** Milliseconds of the epoch, UTC. */
  nowMs(): number;
  /** Runs once after so many milliseconds; the returned function calls it off, and does nothing afterwards. */
  after(ms: number, run: () => void): () => void;
  /** Runs again and again, first after `ms`, until the returned function is called. */
  every(ms: number, run: () => void): () => void;
}
