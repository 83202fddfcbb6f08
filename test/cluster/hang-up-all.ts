import type { BusyHouse } from '../support/centre/busy-house.js';
import { within } from '../support/within.js';
import type { Callers } from './round.js';

const HEARD_OF_WITHIN_MS = 15_000;

/** Every other caller hangs up, and of the others the agent: the longest time until the other side knows. */
export async function hangUpAll(talks: BusyHouse['talks'], callers: Callers): Promise<number> {
  const tookMs = await Promise.all(
    talks.map(async ({ seat, caller, callId }, index) => {
      const sinceMs = performance.now();
      if (index % 2 === 0) {
        const ended = seat.next('call:ended');
        callers.hangUp(caller);
        await within(ended, HEARD_OF_WITHIN_MS, () => 'the agent is not told that the caller has hung up');
      } else {
        callers.hungUpThere(caller);
        await seat.ask('call:hang-up', { callId });
        await within(caller.ended, HEARD_OF_WITHIN_MS, () => 'the caller is not hung up');
      }
      return performance.now() - sinceMs;
    }),
  );
  return Math.round(Math.max(0, ...tookMs));
}
