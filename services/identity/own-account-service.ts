import { CallCentreError } from '../shared/domain/failure.js';
import type { Principal } from '../shared/domain/people/rights.js';
import type { Audit } from '../shared/platform/http/route.js';
import type { Account } from './account.js';
import { withPassword } from './password-change.js';
import type { IsCommonWord } from './password-policy.js';
import type { AccountStore, Chance, Passwords, TotpCodes, Trier } from './ports.js';
import type { Prove } from './proving.js';
import { asksForCode, type CheckSecondFactor } from './second-factor.js';
import type { UserId } from '../shared/domain/ids.js';

export interface OwnAccountDependencies {
  readonly accounts: AccountStore;
  readonly passwords: Passwords;
  readonly isCommon: IsCommonWord;
  readonly totp: TotpCodes;
  readonly chance: Chance;
  readonly audit: Audit;
  readonly now: () => Date;
  readonly prove: Prove;
  readonly checkSecondFactor: CheckSecondFactor;
  readonly endAllOf: (userId: UserId, reason: string, butSession?: string) => Promise<void>;
}

/** The origin of a request. */
export type Client = Omit<Trier, 'name'>;

/** Changes that people make to their own account. Each important step asks for the current credentials. */
export function createOwnAccountService(needs: OwnAccountDependencies) {
  const { accounts, passwords, isCommon, totp, chance, audit, now, prove, checkSecondFactor, endAllOf } = needs;

  async function own(by: Principal): Promise<Account> {
    const account = await accounts.byId(by.userId);
    if (account === undefined) throw new CallCentreError('not-found', 'There is no such account.');
    return account;
  }

  /** A stolen session must not allow anybody to guess the password or to take over the account. */
  async function proveOwn(
    account: Account,
    given: { readonly password: string; readonly code: string | undefined },
    client: Client,
    what: 'password.changed' | 'totp.removed',
  ): Promise<void> {
    const wrong = (error: unknown): boolean => !asksForCode(error, given.code);
    await prove(
      { name: account.name, ...client },
      async () => {
        try {
          if (!(await passwords.verify(account.passwordHash, given.password)))
            throw new CallCentreError('not-allowed', 'The current password is wrong.');
          // The person who replaces a first password has just entered the code, which works only once.
          if (!account.mustChangePassword) await checkSecondFactor(account, given.code);
        } catch (error) {
          if (wrong(error)) await audit({ who: account.id, what, object: account.id, from: client.from, success: false });
          throw asRefusal(error);
        }
      },
      wrong,
    );
  }

  return {
    async changePassword(
      by: Principal,
      given: { readonly current: string; readonly next: string; readonly code?: string | undefined },
      client: Client,
    ): Promise<void> {
      const account = await own(by);
      await proveOwn(account, { password: given.current, code: given.code }, client, 'password.changed');
      const changed = await withPassword(account, given.next, { passwords, isCommon, now: now(), mustChangePassword: false });
      await audit({ who: by.userId, what: 'password.changed', object: by.userId, from: client.from, success: true });
      await accounts.change(account.id, changed);
      await endAllOf(by.userId, 'password-changed', by.sessionId);
    },

    /** A new secret. It takes effect after its first code has been confirmed. */
    async beginTotp(by: Principal): Promise<{ uri: string }> {
      const account = await own(by);
      if (account.totp?.confirmed === true) throw new CallCentreError('wrong-state', 'An authenticator is already set up.');
      const secret = totp.seal(totp.newSecret());
      await accounts.change(account.id, { totp: { secret, confirmed: false, recovery: [] } });
      return { uri: totp.uri(secret, account.name) };
    },

    /** The recovery codes, shown only this once. */
    async confirmTotp(by: Principal, code: string, client: Client): Promise<{ recoveryCodes: string[] }> {
      const account = await own(by);
      const pending = account.totp === undefined || account.totp.confirmed ? undefined : account.totp;
      const step = await prove({ name: account.name, ...client }, async () => {
        const found = pending === undefined ? undefined : totp.check(pending.secret, code);
        if (found === undefined) throw new CallCentreError('invalid-request', 'The code is wrong.', { details: { code: 'wrong' } });
        return found;
      });
      const recoveryCodes = chance.recoveryCodes();
      await audit({ who: by.userId, what: 'totp.enrolled', object: by.userId, from: client.from, success: true });
      await accounts.change(account.id, {
        totp: {
          secret: pending?.secret ?? '',
          confirmed: true,
          lastStep: step,
          recovery: recoveryCodes.map((text) => chance.sha256Hex(text)),
        },
      });
      return { recoveryCodes };
    },

    /** For a new phone: removes the authenticator, with the password and one of its codes or a recovery code. Other sessions end. */
    async removeTotp(
      by: Principal,
      given: { readonly password: string; readonly code?: string | undefined },
      client: Client,
    ): Promise<void> {
      const account = await own(by);
      if (account.totp?.confirmed !== true) throw new CallCentreError('wrong-state', 'No authenticator is set up.');
      await proveOwn(account, { password: given.password, code: given.code }, client, 'totp.removed');
      await audit({ who: by.userId, what: 'totp.removed', object: by.userId, from: client.from, success: true });
      await accounts.change(account.id, { totp: { secret: '', confirmed: false, recovery: [] } });
      await endAllOf(by.userId, 'totp-removed', by.sessionId);
    },

    /** The person has seen what others did with the account. */
    noticesSeen: (by: Principal): Promise<void> => accounts.change(by.userId, { notices: [] }),

    byId: (userId: UserId): Promise<Account | undefined> => accounts.byId(userId),
    own,
  };
}
export type OwnAccountService = ReturnType<typeof createOwnAccountService>;

/** A wrong code does not sign the person out; the request is refused. */
function asRefusal(error: unknown): unknown {
  if (!(error instanceof CallCentreError) || error.code !== 'not-signed-in') return error;
  return new CallCentreError('not-allowed', error.message, { cause: error, details: error.detailsOf('not-signed-in') });
}
