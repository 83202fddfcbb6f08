/** The clock of a part of the system. It is passed in, so that tests and the simulation can move it. */
export interface Clock {
  /** Milliseconds since the epoch, UTC. */
  nowMs(): number;
  /** Runs `run` once after `ms` milliseconds. The returned function cancels it and does nothing once it has run. */
  after(ms: number, run: () => void): () => void;
  /** Runs `run` every `ms` milliseconds, first after `ms`, until the returned function is called. */
  every(ms: number, run: () => void): () => void;
}
