import { CallCentreError } from '../shared/domain/failure.js';

/** Refuses orders of a leader of routing that another has followed. */
export interface LeaderFence {
  /** Fails with `superseded` when a larger token was seen. Whoever shows none does not lead: a person asked, and nothing is compared. */
  admit(fencingToken: number | undefined): void;
}

/** `seen`: the largest token that is known from before this process. */
export function createLeaderFence(seen: number): LeaderFence {
  let largest = seen;
  return {
    admit(fencingToken) {
      if (fencingToken === undefined) return;
      if (fencingToken < largest) throw new CallCentreError('superseded', 'Another routing process decides by now');
      largest = fencingToken;
    },
  };
}
