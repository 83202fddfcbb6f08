import { CallCentreError } from '../shared/domain/failure.js';
import type { Principal, Role, Scope } from '../shared/domain/rights.js';
import type { Audit } from '../shared/platform/route.js';
import { isPartOf, meets, scopeInAccount } from './account-scope.js';
import { conflictingRoles, type Account } from './account.js';
import { passwordFault, type IsCommonWord } from './password-policy.js';
import type { AccountStore, Chance, Passwords, SignInLimits, TotpCodes } from './ports.js';

const HISTORY = 5;
const INSPECTOR_MAX_MS = 90 * 86_400_000;

export interface NewAccount {
  readonly name: string;
  readonly displayName: string;
  readonly password: string;
  readonly roles: readonly Role[];
  readonly scope?: Scope | undefined;
  readonly expiresAt?: Date | undefined;
  readonly mustChangePassword?: boolean;
  /** Of a trial installation: until then a missing second factor is let pass. */
  readonly totpGraceUntil?: Date;
  readonly networks?: readonly string[] | undefined;
  /** The account of the first start: nobody is there yet with whom its roles could be shared. */
  readonly first?: boolean;
}

export interface AccountChange {
  readonly displayName?: string | undefined;
  readonly roles?: readonly Role[] | undefined;
  readonly scope?: Scope | undefined;
  readonly disabled?: boolean | undefined;
  readonly password?: string | undefined;
  readonly expiresAt?: Date | undefined;
  /** Takes a lost authenticator away; the person sets up a new one. */
  readonly resetTotp?: boolean | undefined;
  /** From where alone this person may sign in; an empty list takes the restriction away. */
  readonly networks?: readonly string[] | undefined;
}

export interface AccountDependencies {
  readonly accounts: AccountStore;
  readonly passwords: Passwords;
  readonly isCommon: IsCommonWord;
  readonly totp: TotpCodes;
  readonly limits: SignInLimits;
  readonly chance: Chance;
  readonly audit: Audit;
  readonly now: () => Date;
  /** Called when rights were taken away. */
  readonly endAllOf: (userId: string, reason: string, butSession?: string) => Promise<void>;
}

/** Accounts: made, changed, disabled; passwords and authenticators. */
export function createAccountService({ accounts, passwords, isCommon, totp, limits, chance, audit, now, endAllOf }: AccountDependencies) {
  function refuseWeak(password: string, name: string): void {
    const fault = passwordFault(password, name, isCommon);
    if (fault !== undefined) throw new CallCentreError('invalid-request', 'The password is too weak.', { details: { password: fault } });
  }
  function refuseConflict(roles: readonly Role[]): void {
    const conflict = conflictingRoles(roles);
    if (conflict !== undefined)
      throw new CallCentreError('invalid-request', 'One person may not hold both roles.', { details: { roles: conflict } });
  }
  /** An inspector comes for a visit: the account has an end from the start (regulation item 84). */
  function refuseEndless(roles: readonly Role[], expiresAt: Date | undefined): void {
    if (roles.includes('inspector') && (expiresAt === undefined || expiresAt.getTime() > now().getTime() + INSPECTOR_MAX_MS))
      throw new CallCentreError('invalid-request', 'An inspector has an account for at most 90 days.', {
        details: { expiresAt: 'inspector' },
      });
  }
  async function known(id: string): Promise<Account> {
    const account = await accounts.byId(id);
    if (account === undefined) throw new CallCentreError('not-found', 'There is no such account.');
    return account;
  }

  async function setPassword(account: Account, password: string, mustChangePassword: boolean): Promise<void> {
    refuseWeak(password, account.name);
    for (const old of [account.passwordHash, ...account.passwordHistory])
      if (await passwords.verify(old, password))
        throw new CallCentreError('invalid-request', 'This password was used before.', { details: { password: 'used-before' } });
    await accounts.change(account.id, {
      passwordHash: await passwords.hash(password),
      passwordHistory: [account.passwordHash, ...account.passwordHistory].slice(0, HISTORY),
      passwordSetAt: now(),
      mustChangePassword,
    });
  }

  return {
    async create(by: string, wanted: NewAccount, from: string): Promise<Account> {
      if (wanted.first !== true) refuseConflict(wanted.roles);
      refuseEndless(wanted.roles, wanted.expiresAt);
      refuseWeak(wanted.password, wanted.name);
      const at = now();
      const account: Account = {
        id: chance.id(),
        name: wanted.name.toLowerCase(),
        displayName: wanted.displayName,
        passwordHash: await passwords.hash(wanted.password),
        passwordHistory: [],
        passwordSetAt: at,
        mustChangePassword: wanted.mustChangePassword ?? true,
        roles: wanted.roles,
        scope: wanted.scope ?? { queues: [], sites: [], clientUnits: [] },
        disabled: false,
        createdAt: at,
        ...(wanted.expiresAt === undefined ? {} : { expiresAt: wanted.expiresAt }),
        ...(wanted.totpGraceUntil === undefined ? {} : { totpGraceUntil: wanted.totpGraceUntil }),
        ...(wanted.networks === undefined || wanted.networks.length === 0 ? {} : { networks: wanted.networks }),
      };
      await audit({
        who: by,
        what: 'account.created',
        object: account.id,
        from,
        success: true,
        after: { roles: account.roles, scope: account.scope, networks: account.networks },
      });
      await accounts.add(account);
      return account;
    },

    async change(by: Principal, id: string, wanted: AccountChange, from: string): Promise<void> {
      const account = await known(id);
      if (wanted.roles !== undefined) {
        refuseConflict(wanted.roles);
        refuseEndless(wanted.roles, wanted.expiresAt ?? account.expiresAt);
      }
      if (id === by.userId && (wanted.roles !== undefined || wanted.disabled === true))
        throw new CallCentreError('not-allowed', 'Nobody changes the own roles or disables the own account.');
      const { password, resetTotp, roles, scope, disabled, displayName, expiresAt, networks } = wanted;
      await audit({
        who: by.userId,
        what: 'account.changed',
        object: id,
        from,
        success: true,
        before: {
          roles: account.roles,
          scope: account.scope,
          disabled: account.disabled,
          networks: account.networks,
          expiresAt: account.expiresAt,
        },
        after: { roles, scope, disabled, expiresAt, password: password !== undefined, resetTotp, networks },
      });
      if (password !== undefined) await setPassword(account, password, true);
      await accounts.change(id, {
        ...(displayName === undefined ? {} : { displayName }),
        ...(roles === undefined ? {} : { roles }),
        ...(scope === undefined ? {} : { scope }),
        ...(disabled === undefined ? {} : { disabled }),
        ...(expiresAt === undefined ? {} : { expiresAt }),
        ...(networks === undefined ? {} : { networks }),
        ...(resetTotp === true ? { totp: { secret: '', confirmed: false, recovery: [] } } : {}),
      });
      if ([roles, scope, password, networks, expiresAt].some((each) => each !== undefined) || disabled === true || resetTotp === true)
        await endAllOf(id, 'account-changed');
    },

    async changeOwnPassword(by: Principal, current: string, next: string, from: string): Promise<void> {
      const account = await known(by.userId);
      // A stolen session must not become a way to guess the password.
      const waitMs = await limits.waitMs(account.name, from);
      if (waitMs > 0) throw new CallCentreError('too-many-requests', 'Too many wrong tries.', { details: { waitMs } });
      const right = await passwords.verify(account.passwordHash, current);
      if (!right) {
        await limits.failed(account.name, from);
        await audit({ who: by.userId, what: 'password.changed', object: by.userId, from, success: false });
        throw new CallCentreError('not-allowed', 'The current password is wrong.');
      }
      await setPassword(account, next, false);
      await audit({ who: by.userId, what: 'password.changed', object: by.userId, from, success: true });
      await endAllOf(by.userId, 'password-changed', by.sessionId);
    },

    /** Takes the access of those away who have left (regulation item 41); answers how many accounts were closed now. */
    async disableLeavers(names: readonly string[]): Promise<number> {
      const leavers = new Set(names.map((name) => name.toLowerCase()));
      const open = (await accounts.all()).filter(({ name, disabled }) => !disabled && leavers.has(name));
      for (const { id } of open) {
        await audit({ who: 'system:registry', what: 'account.disabled', object: id, success: true, reason: 'left-by-register' });
        await accounts.change(id, { disabled: true });
        await endAllOf(id, 'person-left');
      }
      return open.length;
    },

    /** A new secret, not in force before it is confirmed by a first code. */
    async beginTotp(by: Principal): Promise<{ uri: string }> {
      const account = await known(by.userId);
      if (account.totp?.confirmed === true) throw new CallCentreError('wrong-state', 'An authenticator is already set up.');
      const secret = totp.seal(totp.newSecret());
      await accounts.change(account.id, { totp: { secret, confirmed: false, recovery: [] } });
      return { uri: totp.uri(secret, account.name) };
    },

    /** The recovery codes are shown this once. */
    async confirmTotp(by: Principal, code: string, from: string): Promise<{ recoveryCodes: string[] }> {
      const account = await known(by.userId);
      const step = account.totp === undefined || account.totp.confirmed ? undefined : totp.check(account.totp.secret, code);
      if (account.totp === undefined || step === undefined)
        throw new CallCentreError('invalid-request', 'The code does not fit.', { details: { code: 'wrong' } });
      const recoveryCodes = chance.recoveryCodes();
      await audit({ who: by.userId, what: 'totp.enrolled', object: by.userId, from, success: true });
      await accounts.change(account.id, {
        totp: { ...account.totp, confirmed: true, lastStep: step, recovery: recoveryCodes.map((text) => chance.sha256Hex(text)) },
      });
      return { recoveryCodes };
    },

    all: () => accounts.all(),

    /** Nobody gives what the own scope does not hold. */
    async refuseBeyondScope(principal: Principal, given: Scope): Promise<void> {
      if (!isPartOf(given, await scopeInAccount(accounts, principal)))
        throw new CallCentreError('outside-scope', 'The scope of the account goes beyond your own.', { details: { scope: 'beyond-own' } });
    },

    /** Accounts of the own scope; an account without a scope is seen by those without one. */
    async visibleTo(principal: Principal): Promise<Account[]> {
      const [all, own] = await Promise.all([accounts.all(), scopeInAccount(accounts, principal)]);
      return all.filter(({ scope }) => isPartOf(scope, own));
    },

    /** Names of whoever may have to do with the own part of the centre. */
    async colleaguesOf(principal: Principal): Promise<Account[]> {
      const [all, own] = await Promise.all([accounts.all(), scopeInAccount(accounts, principal)]);
      return all.filter(({ scope }) => meets(scope, own));
    },

    async reaches(principal: Principal, id: string): Promise<boolean> {
      const [account, own] = await Promise.all([accounts.byId(id), scopeInAccount(accounts, principal)]);
      return account !== undefined && (id === principal.userId || isPartOf(account.scope, own));
    },
    byId: known,
  };
}
export type AccountService = ReturnType<typeof createAccountService>;
