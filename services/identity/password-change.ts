import { CallCentreError } from '../shared/domain/failure.js';
import type { Account } from './account.js';
import { passwordFault, type IsCommonWord } from './password-policy.js';
import type { Passwords } from './ports.js';

const HISTORY = 5;

export function refuseWeak(password: string, name: string, isCommon: IsCommonWord): void {
  const fault = passwordFault(password, name, isCommon);
  if (fault !== undefined) throw new CallCentreError('invalid-request', 'The password is too weak.', { details: { password: fault } });
}

/** The account with a new password. Fails with `invalid-request` for a password that is weak or was used before. */
export async function withPassword(
  account: Account,
  password: string,
  {
    passwords,
    isCommon,
    now,
    mustChangePassword,
  }: { readonly passwords: Passwords; readonly isCommon: IsCommonWord; readonly now: Date; readonly mustChangePassword: boolean },
): Promise<Pick<Account, 'passwordHash' | 'passwordHistory' | 'passwordSetAt' | 'mustChangePassword'>> {
  refuseWeak(password, account.name, isCommon);
  for (const old of [account.passwordHash, ...account.passwordHistory])
    if (await passwords.verify(old, password))
      throw new CallCentreError('invalid-request', 'This password was used before.', { details: { password: 'used-before' } });
  return {
    passwordHash: await passwords.hash(password),
    passwordHistory: [account.passwordHash, ...account.passwordHistory].slice(0, HISTORY),
    passwordSetAt: now,
    mustChangePassword,
  };
}
