import type { Trunk } from '../../shared/contracts/calls/flow.js';
import type { TrunkState } from '../../shared/contracts/trunks/trunk-state.js';
import type { TrunkLoad } from './trunk-load.js';
import type { WayView } from '../ways.js';
import type { RegistrationView } from './registrations.js';

const instant = (atMs: number): string => new Date(atMs).toISOString();

/** What an administrator sees of each enabled trunk. */
export function trunkStates({
  trunks,
  ways,
  registrations,
  load,
}: {
  readonly trunks: readonly Trunk[];
  readonly ways: Readonly<Record<string, readonly WayView[]>>;
  readonly registrations: Readonly<Record<string, RegistrationView>>;
  readonly load: Pick<TrunkLoad, 'view'>;
}): TrunkState[] {
  return trunks
    .filter(({ enabled }) => enabled)
    .map(({ id, channels, echoNumber }) => {
      const registration = registrations[id];
      return {
        trunkId: id,
        ...load.view(id),
        ...(channels === undefined ? {} : { channels }),
        ...(echoNumber === undefined ? {} : { echoNumber }),
        ...(registration === undefined
          ? {}
          : {
              registration: registration.state,
              registrationHistory: registration.changes.map(({ state, atMs }) => ({ state, from: instant(atMs) })),
            }),
        ways: (ways[id] ?? []).map(({ uri, place, state, sinceMs, changes }) => ({
          uri,
          place,
          state,
          since: instant(sinceMs),
          history: changes.map((change) => ({ state: change.state, from: instant(change.atMs) })),
        })),
      };
    });
}
