import { CallCentreError } from '../shared/domain/failure.js';
import type { SignInLimits, Trier } from './ports.js';
import type { Turns } from './turns.js';

/** Checks what somebody shows to be a person: a password, a code. Fails with `too-many-requests` while that person has to wait. */
export type Prove = <T>(trier: Trier, check: () => Promise<T>, isWrong?: (error: unknown) => boolean) => Promise<T>;

/**
 * The one way to check a password or a code, wherever it is asked for: in turn, so that a flood takes neither all cores nor all memory, and
 * within the limits, so that a stolen session is no way to guess. Every error of `check` counts as a wrong try unless `isWrong` says no.
 */
export function createProving({ limits, turns }: { readonly limits: SignInLimits; readonly turns: Turns }): Prove {
  async function refuseEarly(trier: Trier): Promise<void> {
    const waitMs = await limits.waitMs(trier);
    if (waitMs > 0) throw new CallCentreError('too-many-requests', 'Too many wrong tries.', { details: { waitMs } });
  }
  return async (trier, check, isWrong = () => true) => {
    await refuseEarly(trier);
    return turns(async () => {
      // Again: whoever sent many tries at once has been told to wait meanwhile.
      await refuseEarly(trier);
      try {
        return await check();
      } catch (error) {
        if (isWrong(error)) await limits.failed(trier);
        throw error;
      }
    }, trier.from);
  };
}
