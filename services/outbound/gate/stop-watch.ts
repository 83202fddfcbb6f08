import type { Logger } from '../../shared/platform/processes/logger.js';
import type { Stop } from '../ports.js';

/** How often the stops are looked at while legs are being dialled: one that was pressed wins within a second. */
const LOOK_EVERY_MS = 400;

/** What a leg has that can be stopped. */
export interface Stoppable {
  readonly from: string | undefined;
  /** For whom the number shown works, and the number that the caller had called. */
  readonly clientIds: readonly string[];
  readonly agentId: string | undefined;
  readonly campaignId: string | undefined;
}

export const isStopped = (stops: readonly Pick<Stop, 'scope' | 'value'>[], { from, clientIds, agentId, campaignId }: Stoppable): boolean =>
  stops.some(
    ({ scope, value }) =>
      scope === 'platform' ||
      (scope === 'number' && value === from) ||
      (scope === 'client' && clientIds.includes(value)) ||
      (scope === 'agent' && value === agentId) ||
      (scope === 'campaign' && value === campaignId),
  );

/** Looks at the stops as long as a leg is being dialled. */
export interface StopWatch {
  /** `stop` is called once, when a stop hits the leg; the answer ends the watch over it. */
  over(leg: Stoppable, stop: () => void): () => void;
}

export function createStopWatch({
  stops,
  later,
  log,
}: {
  readonly stops: () => Promise<readonly Stop[]>;
  readonly later: (ms: number, run: () => void) => () => void;
  readonly log: Logger;
}): StopWatch {
  const watched = new Map<symbol, { readonly leg: Stoppable; readonly stop: () => void }>();
  let looking = false;

  async function look(): Promise<void> {
    try {
      const now = await stops();
      for (const [key, { leg, stop }] of watched)
        if (isStopped(now, leg)) {
          watched.delete(key);
          stop();
        }
    } catch (error) {
      // What rings was permitted: it rings on, and the next look tries again.
      log.error({ err: error }, 'the stops could not be read while a number is being dialled');
    }
    if (watched.size > 0) later(LOOK_EVERY_MS, () => void look());
    else looking = false;
  }

  return {
    over(leg, stop) {
      const key = Symbol('leg');
      watched.set(key, { leg, stop });
      if (!looking) {
        looking = true;
        void look();
      }
      return () => void watched.delete(key);
    },
  };
}
