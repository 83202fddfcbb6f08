import { CallCentreError } from '../../shared/domain/failure.js';
import type { Principal, Role } from '../../shared/domain/people/rights.js';
import type { Audit } from '../../shared/platform/http/route.js';
import type { Account } from '../account.js';
import { isPartOf, scopeInAccount } from '../account-scope.js';
import { lostRole } from '../last-administrator.js';
import type { AccountStore, Chance } from '../ports.js';
import { isOpen, isSettled, keepsAccounts, WAITED, type SettleRule } from '../settled.js';
import { isDue, mayBeApprovedBy, stateOf, type PendingChange } from './pending-change.js';
import type { ChangeStore, Exclusive } from './ports.js';
import type { UserId } from '../../shared/domain/ids.js';

const SHOWN = 100;
const HISTORY = 5;

export interface ChangeDependencies {
  readonly accounts: AccountStore;
  readonly changes: ChangeStore;
  readonly exclusive: Exclusive;
  readonly audit: Audit;
  readonly chance: Pick<Chance, 'id'>;
  readonly now: () => Date;
  readonly settle: SettleRule;
  readonly endAllOf: (userId: UserId, reason: string) => Promise<void>;
}

type Wanted = Pick<PendingChange, 'kind' | 'roles' | 'grants' | 'passwordHash' | 'resetTotp'>;

/** What is recorded about a change, and what puts it in force. */
function createSteps({ accounts, exclusive, audit, now, endAllOf }: ChangeDependencies) {
  async function note(change: PendingChange, success: boolean, what: 'asked' | 'approved' | 'refused', who: string, from?: string) {
    await audit({
      who,
      what: `account.change-${what}`,
      object: change.userId,
      success,
      reason: change.kind,
      ...(from === undefined ? {} : { from }),
      after: {
        change: change.id,
        roles: change.roles,
        grants: change.grants,
        password: change.passwordHash !== undefined,
        resetTotp: change.resetTotp,
      },
    });
  }

  /** Puts an approved change in force. */
  async function apply(change: PendingChange, by: string): Promise<void> {
    await exclusive(async () => {
      const account = await accounts.byId(change.userId);
      if (account === undefined) return;
      const changed = changedBy(change, account, by, now());
      if (lostRole(await accounts.all(), { ...account, ...changed }) !== undefined)
        throw new CallCentreError('last-administrator', 'Nobody would be left to administer the site.');
      await accounts.change(account.id, changed);
    });
    if (change.kind !== 'confirm') await endAllOf(change.userId, 'account-changed');
    await accounts.addNotice(change.userId, { at: now(), what: change.kind, done: true, byName: change.askedByName });
  }

  return { note, apply };
}

/** Changes of accounts that a second administrator decides. */
export function createChangeService(needs: ChangeDependencies) {
  const { accounts, changes, chance, now, settle } = needs;
  const { note, apply } = createSteps(needs);

  /** Administrators who could approve a change of `target` that `askedBy` requests. */
  const approvers = (all: readonly Account[], target: Account, askedBy: string): Account[] =>
    all.filter(
      (account) =>
        account.id !== askedBy &&
        account.id !== target.id &&
        keepsAccounts(account.roles) &&
        isOpen(account, now()) &&
        isSettled(account, now(), settle) &&
        isPartOf(target.scope, account.scope),
    );

  return {
    /** Stores a change until it is decided, and notifies the person whom it concerns. */
    async open(by: Principal, target: Account, wanted: Wanted, from: string): Promise<PendingChange> {
      const open = (await changes.waiting()).find(
        (each) => each.userId === target.id && each.kind === wanted.kind && stateOf(each, now()) === 'waiting',
      );
      if (open !== undefined && (wanted.kind === 'confirm' || (wanted.kind === 'grants' && isSame(open.grants, wanted.grants))))
        return open;
      if (open !== undefined)
        throw new CallCentreError('wrong-state', 'A change of this account is already waiting.', { details: { change: open.id } });
      const at = now();
      const alone = approvers(await accounts.all(), target, by.userId).length === 0;
      const change: PendingChange = {
        ...wanted,
        id: chance.id(),
        userId: target.id,
        userName: target.displayName,
        askedBy: by.userId,
        askedByName: by.name,
        askedAt: at,
        ...(alone ? { dueAt: new Date(at.getTime() + settle.settleMs) } : {}),
      };
      await note(change, true, 'asked', by.userId, from);
      await changes.add(change);
      await accounts.addNotice(target.id, { at, what: wanted.kind, done: false, byName: by.name });
      return change;
    },

    /** Changes within the principal's own scope, newest first. */
    async list(principal: Principal): Promise<(PendingChange & { readonly mayApprove: boolean; readonly mayRefuse: boolean })[]> {
      const [all, own, people] = await Promise.all([changes.newest(SHOWN), scopeInAccount(accounts, principal), accounts.all()]);
      return all.flatMap((change) => {
        const target = people.find(({ id }) => id === change.userId);
        if (target === undefined || !isPartOf(target.scope, own)) return [];
        const waiting = stateOf(change, now()) === 'waiting';
        const mayApprove = waiting && approvers(people, target, change.askedBy).some(({ id }) => id === principal.userId);
        return [{ ...change, mayApprove, mayRefuse: waiting }];
      });
    },

    async decide(principal: Principal, id: string, approved: boolean, from: string): Promise<void> {
      const change = await changes.byId(id);
      const [target, own] = await Promise.all([
        change === undefined ? undefined : accounts.byId(change.userId),
        scopeInAccount(accounts, principal),
      ]);
      if (change === undefined || target === undefined || !isPartOf(target.scope, own))
        throw new CallCentreError('not-found', 'There is no such change.');
      const fits = !approved || approvers(await accounts.all(), target, change.askedBy).some((account) => account.id === principal.userId);
      await note(change, fits, approved ? 'approved' : 'refused', principal.userId, from);
      if (!fits)
        throw new CallCentreError(
          mayBeApprovedBy(change, principal.userId) ? 'not-settled' : 'second-person-needed',
          'A second administrator, whose account is settled, has to decide.',
        );
      const decision = { approved, by: principal.userId, byName: principal.name, at: now() };
      if (stateOf(change, now()) !== 'waiting' || !(await changes.decide(id, decision)))
        throw new CallCentreError('wrong-state', 'This request has been decided or has expired.');
      if (approved) await apply(change, principal.userId);
    },

    /** The person whom the changes concern refuses all waiting ones. Returns their number. */
    async refuseOwn(principal: Principal, from: string): Promise<number> {
      const own = (await changes.waiting()).filter((change) => change.userId === principal.userId && stateOf(change, now()) === 'waiting');
      for (const change of own) {
        await note(change, true, 'refused', principal.userId, from);
        await changes.decide(change.id, { approved: false, by: principal.userId, byName: principal.name, at: now() });
      }
      return own.length;
    },

    /** Puts changes in force that nobody else could approve and nobody has refused in time. Returns their number. */
    async applyDue(): Promise<number> {
      const due = (await changes.waiting()).filter((change) => isDue(change, now()));
      for (const change of due) {
        const decision = { approved: true, by: WAITED, byName: '', at: now() };
        if (!(await changes.decide(change.id, decision))) continue;
        await note(change, true, 'approved', WAITED);
        await apply(change, WAITED);
      }
      return due.length;
    },
  };
}
export type ChangeService = ReturnType<typeof createChangeService>;

const isSame = (some: readonly string[] = [], others: readonly string[] = []): boolean =>
  some.length === others.length && some.every((each) => others.includes(each));

/** What a change makes of the account. A person whose account somebody else has changed may decide about others only after a while. */
function changedBy(change: PendingChange, account: Account, by: string, at: Date): Partial<Account> {
  const { kind, roles, grants = [], passwordHash, resetTotp } = change;
  // A personal right does not confirm who the person is.
  if (kind === 'grants') return { grants: [...new Set([...(account.grants ?? []), ...grants])] };
  const confirmed = account.confirmed ?? (account.madeBy === undefined ? undefined : { at, by });
  const given: readonly Role[] | undefined = kind === 'roles' ? roles : undefined;
  return {
    ...(confirmed === undefined ? {} : { confirmed }),
    ...(kind === 'confirm' ? {} : { touchedAt: at }),
    ...(given === undefined ? {} : { roles: given }),
    ...(passwordHash === undefined
      ? {}
      : {
          passwordHash,
          passwordHistory: [account.passwordHash, ...account.passwordHistory].slice(0, HISTORY),
          passwordSetAt: at,
          mustChangePassword: true,
        }),
    ...(resetTotp === true ? { totp: { secret: '', confirmed: false, recovery: [] } } : {}),
  };
}
