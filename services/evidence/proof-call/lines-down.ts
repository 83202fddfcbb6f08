import type { TrunkState } from '../../shared/contracts/trunks/trunk-state.js';

/** No address answers, or the carrier does not take the registration. Of a trunk that is neither asked nor registered nobody knows. */
const isDown = ({ ways, registration }: Pick<TrunkState, 'ways' | 'registration'>): boolean =>
  (ways.length > 0 && ways.every(({ state }) => state === 'down')) ||
  (registration !== undefined && registration !== 'registered' && registration !== 'new');

/** The enabled trunks over which nothing goes at this moment, by their ids, in order. */
export const linesDown = (states: readonly Pick<TrunkState, 'trunkId' | 'ways' | 'registration'>[]): string[] =>
  states
    .filter(isDown)
    .map(({ trunkId }) => trunkId)
    .sort();
