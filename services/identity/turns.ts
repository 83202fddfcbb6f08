import { CallCentreError } from '../shared/domain/failure.js';

/** `whose` groups the work of one address. */
export type Turns = <T>(work: () => Promise<T>, whose: string) => Promise<T>;

const TRY_AGAIN_MS = 2_000;

export interface TurnLimits {
  /** The number of pieces of work that run at once. */
  readonly places: number;
  /** The number of attempts that may wait, in total and per address. Further attempts are refused with `too-many-requests`. */
  readonly waitingMost: number;
  readonly waitingOfOne: number;
}

/**
 * Runs work in the order of its arrival. Checking a password takes some tens of milliseconds of a core and 19 MiB, so a flood of attempts
 * must not take all cores or all memory, and one address must not take the turns of all others.
 */
export function createTurns({ places, waitingMost, waitingOfOne }: TurnLimits): Turns {
  const waiting: (() => void)[] = [];
  const waitingOf = new Map<string, number>();
  let busy = 0;

  async function turn(whose: string): Promise<void> {
    const own = waitingOf.get(whose) ?? 0;
    if (waiting.length >= waitingMost || own >= waitingOfOne)
      throw new CallCentreError('too-many-requests', 'Too many people are signing in right now.', { details: { waitMs: TRY_AGAIN_MS } });
    waitingOf.set(whose, own + 1);
    // The place is passed on, so `busy` does not change.
    await new Promise<void>((resolve) => waiting.push(resolve));
    const left = (waitingOf.get(whose) ?? 1) - 1;
    if (left === 0) waitingOf.delete(whose);
    else waitingOf.set(whose, left);
  }

  return async (work, whose) => {
    if (busy < places) busy += 1;
    else await turn(whose);
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) busy -= 1;
      else next();
    }
  };
}
