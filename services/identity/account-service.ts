import { CallCentreError } from '../shared/domain/failure.js';
import type { ReachUse } from '../shared/domain/people/named-object.js';
import type { PersonalRight, Principal, Role, Scope } from '../shared/domain/people/rights.js';
import type { Audit } from '../shared/platform/http/route.js';
import { isPartOf, meets, scopeInAccount, WHOLE_SITE } from './account-scope.js';
import { conflictingRoles, type Account, type MadeFrom } from './account.js';
import type { ChangeService } from './changes/change-service.js';
import { givenGrants } from './changes/given-grants.js';
import type { ChangeStore, Exclusive } from './changes/ports.js';
import { lostRole } from './last-administrator.js';
import { refuseWeak, withPassword } from './password-change.js';
import type { IsCommonWord } from './password-policy.js';
import type { AccountStore, Chance, Passwords } from './ports.js';
import { decides, isSettingUp, SET_UP, strongAmong, type SettleRule } from './settled.js';
import type { Joining } from './teams/joining.js';
import type { UserId } from '../shared/domain/ids.js';

const INSPECTOR_MAX_MS = 90 * 86_400_000;

export interface NewAccount {
  readonly name: string;
  readonly displayName: string;
  readonly password: string;
  readonly roles: readonly Role[];
  readonly scope?: Scope | undefined;
  readonly expiresAt?: Date | undefined;
  readonly mustChangePassword?: boolean;
  /** Only in a trial installation: until then a missing second factor is tolerated. */
  readonly totpGraceUntil?: Date;
  readonly networks?: readonly string[] | undefined;
  readonly grants?: readonly PersonalRight[] | undefined;
  readonly teamId?: string | null | undefined;
  /** The row of the import that it comes from. */
  readonly madeFrom?: Omit<MadeFrom, 'passwordAt'>;
  /** The account of the first start: there is nobody yet with whom its roles could be shared. */
  readonly first?: boolean;
}

export interface AccountChange {
  readonly displayName?: string | undefined;
  readonly roles?: readonly Role[] | undefined;
  readonly scope?: Scope | undefined;
  readonly disabled?: boolean | undefined;
  readonly password?: string | undefined;
  readonly expiresAt?: Date | undefined;
  /** Removes a lost authenticator; the person sets up a new one. */
  readonly resetTotp?: boolean | undefined;
  /** The only networks from which this person may sign in; an empty list removes the restriction. */
  readonly networks?: readonly string[] | undefined;
  /** The rights of this person in addition to those of the roles. */
  readonly grants?: readonly PersonalRight[] | undefined;
}

export interface AccountDependencies {
  readonly accounts: AccountStore;
  readonly passwords: Passwords;
  readonly isCommon: IsCommonWord;
  readonly chance: Chance;
  readonly audit: Audit;
  readonly now: () => Date;
  readonly settle: SettleRule;
  readonly exclusive: Exclusive;
  readonly changes: Pick<ChangeService, 'open'>;
  readonly changesOf: ChangeStore['of'];
  readonly joining: Joining;
  /** Called when rights were taken away. */
  readonly endAllOf: (userId: UserId, reason: string) => Promise<void>;
}

/** Refusals that apply to everybody who asks. */
function createRules({ accounts, now, settle, exclusive }: AccountDependencies) {
  function refuseConflict(roles: readonly Role[]): void {
    const conflict = conflictingRoles(roles);
    if (conflict !== undefined)
      throw new CallCentreError('invalid-request', 'One person must not hold both roles.', { details: { roles: conflict } });
  }
  /** Inspectors come for a visit, so their accounts have an end from the start (regulation item 84). */
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
  const settingUp = async (): Promise<boolean> => isSettingUp(await accounts.all(), now(), settle);

  /**
   * Changes an account unless nobody would be left to administer the site. Changes run one at a time, so that two administrators who close
   * each other's accounts do not both succeed.
   */
  const changeGuarded = (id: string, changed: Partial<Account>): Promise<void> =>
    exclusive(async () => {
      const lost = lostRole(await accounts.all(), { ...(await known(id)), ...changed });
      if (lost !== undefined)
        throw new CallCentreError('last-administrator', 'Nobody would be left to administer the site.', { details: { role: lost } });
      await accounts.change(id, changed);
    });

  /** Nobody grants more than their own scope. */
  async function refuseBeyondScope(principal: Principal, given: Scope): Promise<void> {
    if (!isPartOf(given, await scopeInAccount(accounts, principal)))
      throw new CallCentreError('outside-scope', 'The scope of the account goes beyond your own.', { details: { scope: 'beyond-own' } });
  }

  return { refuseConflict, refuseEndless, known, settingUp, changeGuarded, refuseBeyondScope };
}
type Rules = ReturnType<typeof createRules>;

function createAdding(
  { accounts, passwords, isCommon, chance, audit, now, exclusive, joining }: AccountDependencies,
  { refuseConflict, refuseEndless }: Pick<Rules, 'refuseConflict' | 'refuseEndless'>,
) {
  async function add(wanted: NewAccount, by: string, roles: readonly Role[], confirmed: boolean, from: string): Promise<Account> {
    if (wanted.first !== true) refuseConflict(wanted.roles);
    refuseEndless(wanted.roles, wanted.expiresAt);
    refuseWeak(wanted.password, wanted.name, isCommon);
    const at = now();
    const account: Account = {
      id: chance.id(),
      name: wanted.name.toLowerCase(),
      displayName: wanted.displayName,
      passwordHash: await passwords.hash(wanted.password),
      passwordHistory: [],
      passwordSetAt: at,
      mustChangePassword: wanted.mustChangePassword ?? true,
      roles,
      scope: wanted.scope ?? WHOLE_SITE,
      disabled: false,
      createdAt: at,
      madeBy: by,
      ...(confirmed ? { confirmed: { at, by: SET_UP } } : {}),
      ...(wanted.expiresAt === undefined ? {} : { expiresAt: wanted.expiresAt }),
      ...(wanted.totpGraceUntil === undefined ? {} : { totpGraceUntil: wanted.totpGraceUntil }),
      ...(wanted.networks === undefined || wanted.networks.length === 0 ? {} : { networks: wanted.networks }),
      ...(wanted.grants === undefined || wanted.grants.length === 0 ? {} : { grants: wanted.grants }),
      ...(wanted.madeFrom === undefined ? {} : { madeFrom: { ...wanted.madeFrom, passwordAt: at } }),
    };
    const { teamId = null } = wanted;
    await audit({
      who: by,
      what: 'account.created',
      object: account.id,
      from,
      success: true,
      after: { roles: account.roles, scope: account.scope, networks: account.networks, grants: account.grants, teamId },
    });
    // Account and team are one write: a process that dies leaves both or neither.
    if (teamId === null) await accounts.add(account);
    else await exclusive(async () => accounts.add({ ...account, memberships: await joining(teamId) }));
    return account;
  }

  return add;
}

function createChanging(
  { accounts, passwords, isCommon, audit, now, changes, endAllOf }: AccountDependencies,
  { refuseConflict, refuseEndless, known, settingUp, changeGuarded, refuseBeyondScope }: Rules,
) {
  return async (by: Principal, id: string, asked: AccountChange, from: string): Promise<{ readonly waiting: readonly string[] }> => {
    const account = await known(id);
    const wanted = differing(asked, account);
    const { password, resetTotp, roles, scope, disabled, displayName, expiresAt, networks, grants } = wanted;
    const heldBack = Object.entries(wanted).some(([field, value]) => field !== 'displayName' && value !== undefined);
    if (id === by.userId && heldBack)
      throw new CallCentreError('own-account', 'Of your own account you can change only the displayed name here.');
    if (roles !== undefined) {
      refuseConflict(roles);
      refuseEndless(roles, expiresAt ?? account.expiresAt);
    }
    if (scope !== undefined) await refuseBeyondScope(by, scope);
    const alone = await settingUp();
    const rolesWait = !alone && roles !== undefined && strongAmong(roles).some((role) => !account.roles.includes(role));
    const given = givenGrants(account.grants ?? [], grants);
    const resets = password !== undefined || resetTotp === true;
    const resetWaits = !alone && resets && strongAmong(account.roles).length > 0;
    const newPassword =
      password === undefined
        ? undefined
        : await withPassword(account, password, { passwords, isCommon, now: now(), mustChangePassword: true });
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
        grants: account.grants,
        expiresAt: account.expiresAt,
      },
      after: {
        roles,
        scope,
        disabled,
        expiresAt,
        password: password !== undefined,
        resetTotp,
        networks,
        grants: given.now,
        rolesWait,
        resetWaits,
        grantsWait: given.waiting,
      },
    });
    const changed: Partial<Account> = {
      ...(displayName === undefined ? {} : { displayName }),
      ...(roles === undefined || rolesWait ? {} : { roles }),
      ...(scope === undefined ? {} : { scope }),
      ...(disabled === undefined ? {} : { disabled }),
      ...(expiresAt === undefined ? {} : { expiresAt }),
      ...(networks === undefined ? {} : { networks }),
      ...(given.now === undefined ? {} : { grants: given.now }),
      ...(newPassword === undefined || resetWaits ? {} : newPassword),
      ...(resetTotp !== true || resetWaits ? {} : { totp: { secret: '', confirmed: false, recovery: [] } }),
    };
    const touched = !alone && (['roles', 'scope', 'passwordHash', 'totp'].some((field) => field in changed) || changed.disabled === false);
    await changeGuarded(id, { ...changed, ...(touched ? { touchedAt: now() } : {}) });
    if (resets && !resetWaits) await accounts.addNotice(id, { at: now(), what: 'reset', done: true, byName: by.name });
    if (Object.keys(changed).some((field) => field !== 'displayName') && changed.disabled !== false) await endAllOf(id, 'account-changed');

    const waiting: string[] = [];
    if (rolesWait) waiting.push((await changes.open(by, account, { kind: 'roles', roles }, from)).id);
    if (resetWaits)
      waiting.push(
        (
          await changes.open(
            by,
            account,
            {
              kind: 'reset',
              ...(newPassword === undefined ? {} : { passwordHash: newPassword.passwordHash }),
              ...(resetTotp === true ? { resetTotp } : {}),
            },
            from,
          )
        ).id,
      );
    if (given.waiting.length > 0) waiting.push((await changes.open(by, account, { kind: 'grants', grants: given.waiting }, from)).id);
    const unconfirmed = account.madeBy !== undefined && account.confirmed === undefined;
    if (!alone && unconfirmed && !rolesWait && roles !== undefined && decides(roles))
      waiting.push((await changes.open(by, account, { kind: 'confirm' }, from)).id);
    return { waiting };
  };
}

/** Whether a person is in one of the teams of a scope, or once was: what the person did there then still has a name. */
const wasIn = ({ memberships = [] }: Account, { teams = [] }: Scope, when: 'now' | 'ever'): boolean =>
  (when === 'now' ? memberships.slice(-1) : memberships).some(({ teamId }) => teamId !== null && teams.includes(teamId));

/** Accounts as administrators manage them: created, changed, disabled. Privileged changes wait for a second administrator. */
export function createAccountService(needs: AccountDependencies) {
  const { accounts, audit, changes, changesOf, endAllOf } = needs;
  const rules = createRules(needs);
  const { known, settingUp, changeGuarded, refuseBeyondScope } = rules;

  const add = createAdding(needs, rules);

  /** Requests the roles that wait for a second administrator, or the confirmation of a person who decides. */
  async function openRoles(by: Principal, account: Account, roles: readonly Role[], from: string): Promise<string[]> {
    if (strongAmong(roles).length > 0) return [(await changes.open(by, account, { kind: 'roles', roles }, from)).id];
    return decides(account.roles) ? [(await changes.open(by, account, { kind: 'confirm' }, from)).id] : [];
  }

  return {
    /** The accounts of the first start. */
    seed: (wanted: NewAccount): Promise<Account> => add(wanted, 'system:first-start', wanted.roles, true, 'local'),

    /**
     * A privileged role takes effect once a second administrator has approved it; while a new site is being set up, at once. A personal
     * right always waits: for that approval, or for the time to settle where nobody else could approve it.
     */
    async create(by: Principal, wanted: NewAccount, from: string): Promise<{ account: Account; waiting: readonly string[] }> {
      await refuseBeyondScope(by, wanted.scope ?? WHOLE_SITE);
      const alone = await settingUp();
      const heavy = alone ? [] : strongAmong(wanted.roles);
      const given = givenGrants([], wanted.grants);
      const account = await add(
        { ...wanted, grants: given.now },
        by.userId,
        heavy.length > 0 ? wanted.roles.filter((role) => !heavy.includes(role)) : wanted.roles,
        alone,
        from,
      );
      const waiting = alone ? [] : await openRoles(by, account, wanted.roles, from);
      if (given.waiting.length > 0) waiting.push((await changes.open(by, account, { kind: 'grants', grants: given.waiting }, from)).id);
      return { account, waiting };
    },

    /**
     * What `create` would have requested after the account was stored, if the process died in between. Does nothing for an account that
     * has, or had, a change.
     */
    async openMissing(by: Principal, account: Account, roles: readonly Role[], from: string): Promise<readonly string[]> {
      if (account.confirmed !== undefined || account.touchedAt !== undefined || (await changesOf(account.id)).length > 0) return [];
      return openRoles(by, account, roles, from);
    },

    /** Returns the ids of the changes that wait for a second administrator; the others are in force. */
    change: createChanging(needs, rules),

    /** Closes the accounts of people who have left (regulation item 41). Returns how many were closed now, and how many were kept. */
    async disableLeavers(names: readonly string[]): Promise<{ readonly closed: number; readonly kept: number }> {
      const leavers = new Set(names.map((name) => name.toLowerCase()));
      const open = (await accounts.all()).filter(({ name, disabled }) => !disabled && leavers.has(name));
      let closed = 0;
      for (const { id } of open) {
        try {
          await changeGuarded(id, { disabled: true });
        } catch (error) {
          // The last administrator stays until there is another one: otherwise nobody on the site could appoint one.
          if (!(error instanceof CallCentreError) || error.code !== 'last-administrator') throw error;
          continue;
        }
        closed += 1;
        await audit({ who: 'system:registry', what: 'account.disabled', object: id, success: true, reason: 'left-by-register' });
        await endAllOf(id, 'person-left');
      }
      return { closed, kept: open.length - closed };
    },

    all: () => accounts.all(),

    /**
     * Accounts within the person's scope, and those of members of the person's teams. Accounts without a scope are visible only to people
     * without one.
     */
    async visibleTo(principal: Principal): Promise<Account[]> {
      const [all, own] = await Promise.all([accounts.all(), scopeInAccount(accounts, principal)]);
      return all.filter((account) => isPartOf(account.scope, own) || wasIn(account, own, 'now'));
    },

    /** The accounts of everybody who may deal with the person's part of the centre. */
    async colleaguesOf(principal: Principal): Promise<Account[]> {
      const [all, own] = await Promise.all([accounts.all(), scopeInAccount(accounts, principal)]);
      if ((own.teams ?? []).length > 0) return all.filter((account) => account.id === principal.userId || wasIn(account, own, 'ever'));
      return all.filter(({ scope }) => meets(scope, own));
    },

    /** Whoever has the team may read a member's account; only a person whose scope contains the member's whole scope may change it. */
    async reaches(principal: Principal, id: string, use: ReachUse): Promise<boolean> {
      const [account, own] = await Promise.all([accounts.byId(id), scopeInAccount(accounts, principal)]);
      if (account === undefined) return false;
      return id === principal.userId || isPartOf(account.scope, own) || (use === 'read' && wasIn(account, own, 'now'));
    },

    byId: known,
  };
}
/** Equal values give equal texts, whatever the order of their fields. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  ) ?? '';

/** A field that keeps its value is not a change: forms send all their fields. */
const differing = (asked: AccountChange, account: Account): AccountChange =>
  Object.fromEntries(
    Object.entries(asked).filter(
      ([field, value]) =>
        value !== undefined &&
        textOf(value) !== textOf(account[field as keyof Account] ?? (field === 'networks' || field === 'grants' ? [] : undefined)),
    ),
  );
export type AccountService = ReturnType<typeof createAccountService>;
