import { CallCentreError } from '../shared/domain/failure.js';

/** Refuses orders from a routing leader that another leader has replaced. */
export interface LeaderFence {
  /**
   * Fails with `superseded` when a larger token was seen. An order without a token comes from a person, not from a leader, and nothing is
   * compared.
   */
  admit(fencingToken: number | undefined): void;
}

/** `seen`: the largest token known from before this process. */
export function createLeaderFence(seen: number): LeaderFence {
  let largest = seen;
  return {
    admit(fencingToken) {
      if (fencingToken === undefined) return;
      if (fencingToken < largest) throw new CallCentreError('superseded', 'Another routing process has taken over');
      largest = fencingToken;
    },
  };
}
