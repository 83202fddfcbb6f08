import { CallCentreError } from '../shared/domain/failure.js';
import type { SignInLimits, Trier } from './ports.js';
import type { Turns } from './turns.js';

/** Checks a password or a code of a person. Fails with `too-many-requests` while that person has to wait. */
export type Prove = <T>(trier: Trier, check: () => Promise<T>, isWrong?: (error: unknown) => boolean) => Promise<T>;

/**
 * The only way to check a password or a code. Checks wait for their turn, so that a flood takes neither all cores nor all memory, and are
 * limited, so that a stolen session cannot be used for guessing. Every error of `check` counts as a failed attempt unless `isWrong` says
 * otherwise.
 */
export function createProving({ limits, turns }: { readonly limits: SignInLimits; readonly turns: Turns }): Prove {
  async function refuseEarly(trier: Trier): Promise<void> {
    const waitMs = await limits.waitMs(trier);
    if (waitMs > 0) throw new CallCentreError('too-many-requests', 'Too many wrong attempts.', { details: { waitMs } });
  }
  return async (trier, check, isWrong = () => true) => {
    await refuseEarly(trier);
    return turns(async () => {
      // Checked again: when many attempts come at once, the later ones may have to wait by now.
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
