import { CallCentreError } from '../shared/domain/failure.js';

export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

const TRY_AGAIN_MS = 2_000;

/**
 * Lets `places` pieces of work run at once and `waitingMost` more wait in the order in which they came; beyond that `too-many-requests`.
 * Checking a password costs a core some tens of milliseconds and 19 MiB: a flood of tries must take neither all cores nor all memory.
 */
export function createTurns(places: number, waitingMost: number): Turns {
  const waiting: (() => void)[] = [];
  let busy = 0;
  return async (work) => {
    if (busy < places) busy += 1;
    else {
      if (waiting.length >= waitingMost)
        throw new CallCentreError('too-many-requests', 'Too many people sign in at this moment.', { details: { waitMs: TRY_AGAIN_MS } });
      // The place is handed over, so `busy` stays as it is.
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) busy -= 1;
      else next();
    }
  };
}
