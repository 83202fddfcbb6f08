import { CallCentreError } from '../shared/domain/failure.js';
import type { Account } from './account.js';
import type { AccountStore, Chance, TotpCodes } from './ports.js';

export type CheckSecondFactor = (account: Account, code: string | undefined) => Promise<void>;

/** Whether an error only asks for a missing code, which is not a failed attempt. */
export const asksForCode = (error: unknown, code: string | undefined): boolean =>
  error instanceof CallCentreError &&
  (error.detailsOf('not-signed-in') ?? error.detailsOf('not-allowed'))?.need === 'totp' &&
  (code === undefined || code === '');

/** Checks a code of the authenticator or a recovery code; each works once. An account without a second factor needs none. */
export function createSecondFactor({
  accounts,
  totp,
  chance,
}: {
  readonly accounts: AccountStore;
  readonly totp: TotpCodes;
  readonly chance: Chance;
}): CheckSecondFactor {
  return async (account, code) => {
    if (account.totp?.confirmed !== true) return;
    if (code === undefined || code === '')
      throw new CallCentreError('not-signed-in', 'A code of the authenticator is needed.', { details: { need: 'totp' } });
    const step = totp.check(account.totp.secret, code);
    const good =
      step === undefined
        ? await accounts.takeRecoveryCode(account.id, chance.sha256Hex(code.trim().toLowerCase()))
        : await accounts.takeTotpStep(account.id, step);
    if (!good) throw new CallCentreError('not-signed-in', 'The code is wrong or was used before.', { details: { need: 'totp' } });
  };
}
