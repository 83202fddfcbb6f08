import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Principal, Role } from '../../shared/domain/people/rights.js';
import { asPerson, DAY_MS, GOOD, identityRig } from '../../../test/support/servers/identity-rig.js';
import type { Account } from '../account.js';
import { decidesFrom, isSettled, SET_UP, strongAmong } from '../settled.js';

const rig = identityRig();
const OTHER = 'Another-horse-8';

/** A site that is a month old: Root runs it, Sue decides about access, and Amy runs it too. */
let root: Account;
let sue: Account;
let amy: Account;
const seed = (name: string, ...roles: Role[]): Promise<Account> =>
  rig.people.seed({ name, displayName: name, password: GOOD, roles, mustChangePassword: false });
const later = (ms: number): void => void (rig.clock = new Date(rig.clock.getTime() + ms));
const now = (id: string): Account => rig.accounts.get(id)!;
const by = (account: Account): Principal => asPerson(now(account.id));
const decide = (account: Account, id: string | undefined, approve = true): Promise<void> =>
  rig.pending.decide(by(account), id ?? '', approve, 'a');

beforeEach(async () => {
  root = await seed('root', 'admin');
  sue = await seed('sue', 'security-admin');
  amy = await seed('amy', 'admin');
  later(30 * DAY_MS);
});

describe('of the own account', () => {
  test.each<[string, Parameters<typeof rig.people.change>[2]]>([
    ['password', { password: OTHER }],
    ['second factor', { resetTotp: true }],
    ['scope', { scope: { queues: ['q'], sites: [], clientUnits: [] } }],
    ['roles', { roles: ['compliance'] }],
    ['networks', { networks: ['10.0.0.0/8'] }],
    ['end', { expiresAt: new Date(0) }],
    ['closing', { disabled: true }],
  ])('an administrator does not change the %s the way of others', async (_name, change) => {
    await expect(rig.people.change(by(root), root.id, change, 'a')).rejects.toMatchObject({ code: 'own-account' });
  });

  test('the name shown is', async () => {
    await rig.people.change(by(root), root.id, { displayName: 'Root of all' }, 'a');
    expect(now(root.id).displayName).toBe('Root of all');
  });
});

describe('a role of weight', () => {
  const hire = (roles: Role[]) => rig.people.create(by(root), { name: 'new', displayName: 'New', password: GOOD, roles }, 'a');

  test.each<Role>(['compliance', 'security-admin', 'auditor', 'admin'])('%s is held once another administrator agrees', async (role) => {
    const { account, waiting } = await hire([role]);
    expect([now(account.id).roles, waiting.length]).toEqual([[], 1]);
    await expect(decide(root, waiting[0])).rejects.toMatchObject({ code: 'second-person-needed' });
    await decide(amy, waiting[0]);
    expect(now(account.id)).toMatchObject({ roles: [role], confirmed: { by: amy.id } });
    await expect(decide(sue, waiting[0])).rejects.toMatchObject({ code: 'wrong-state' });
    const steps = rig.trail.filter(({ what }) => what.startsWith('account.change-'));
    expect(steps.slice(0, 3).map(({ who, what, success }) => [who, what, success])).toEqual([
      [root.id, 'account.change-asked', true],
      [root.id, 'account.change-approved', false],
      [amy.id, 'account.change-approved', true],
    ]);
  });

  test('an agent or an inspector needs nobody else; a supervisor works at once, and decides about others once confirmed', async () => {
    expect((await hire(['agent'])).waiting).toEqual([]);
    const { account, waiting } = await rig.people.create(
      by(root),
      { name: 'boss', displayName: 'Boss', password: GOOD, roles: ['supervisor'] },
      'a',
    );
    expect([now(account.id).roles, waiting.length, decidesFrom(now(account.id), RULE)]).toEqual([['supervisor'], 1, undefined]);
    await decide(sue, waiting[0]);
    expect(isSettled(now(account.id), rig.clock, RULE)).toBe(false);
    later(DAY_MS);
    expect(isSettled(now(account.id), rig.clock, RULE)).toBe(true);
  });

  test('two accounts that one administrator made do not agree to what the other asks for', async () => {
    const made = await rig.people.create(by(root), { name: 'x', displayName: 'X', password: GOOD, roles: ['admin'] }, 'a');
    await decide(amy, made.waiting[0]);
    const { waiting } = await rig.people.create(by(root), { name: 'y', displayName: 'Y', password: GOOD, roles: ['compliance'] }, 'a');
    await expect(decide(made.account, waiting[0])).rejects.toMatchObject({ code: 'not-settled' });
    later(DAY_MS);
    await decide(made.account, waiting[0]);
  });

  test('nobody is approved by whom it concerns', async () => {
    const { waiting } = await rig.people.change(by(amy), sue.id, { roles: ['security-admin', 'compliance'] }, 'a');
    await expect(decide(sue, waiting[0])).rejects.toMatchObject({ code: 'second-person-needed' });
    await decide(root, waiting[0]);
    expect(now(sue.id).roles).toEqual(['security-admin', 'compliance']);
  });
});

describe('the password or the factor of somebody who holds such a role', () => {
  test('is reset once another administrator agrees; until then nothing changes, and the person is let know', async () => {
    const { passwordHash } = now(sue.id);
    const { waiting } = await rig.people.change(by(root), sue.id, { password: OTHER, resetTotp: true }, 'a');
    expect(now(sue.id)).toMatchObject({ passwordHash, notices: [{ what: 'reset', done: false, byName: 'root' }] });
    await decide(amy, waiting[0]);
    expect(now(sue.id)).toMatchObject({ mustChangePassword: true, totp: { confirmed: false }, touchedAt: rig.clock });
    expect(now(sue.id).passwordHash).not.toBe(passwordHash);
    expect(now(sue.id).notices?.at(-1)).toMatchObject({ what: 'reset', done: true });
    // For a while, the person who now has the account decides nothing.
    expect(isSettled(now(sue.id), rig.clock, RULE)).toBe(false);
  });

  test('is not reset when the person, or who asked, refuses', async () => {
    const { waiting } = await rig.people.change(by(root), sue.id, { resetTotp: true }, 'a');
    await decide(sue, waiting[0], false);
    await expect(decide(amy, waiting[0])).rejects.toMatchObject({ code: 'wrong-state' });
    const again = await rig.people.change(by(root), sue.id, { resetTotp: true }, 'a');
    await decide(root, again.waiting[0], false);
    expect(now(sue.id).touchedAt).toBeUndefined();
  });

  test('is refused by whoever it concerns, with or without the right to keep accounts', async () => {
    const { waiting } = await rig.people.change(by(root), sue.id, { resetTotp: true }, 'a');
    const other = await rig.people.change(by(root), amy.id, { resetTotp: true }, 'a');
    expect(await rig.pending.refuseOwn({ ...by(sue), roles: [] }, 'a')).toBe(1);
    expect(rig.changes.get(waiting[0]!)?.decision).toMatchObject({ approved: false, by: sue.id });
    expect(rig.changes.get(other.waiting[0]!)?.decision).toBeUndefined();
    expect(rig.trail.at(-1)).toMatchObject({ what: 'account.change-refused', who: sue.id });
  });

  test('of an agent or a supervisor it is at once; who was given a new password decides nothing for a day', async () => {
    const ann = (await rig.people.all()).find(({ name }) => name === 'ann')!;
    expect(await rig.people.change(by(root), ann.id, { password: OTHER }, 'a')).toEqual({ waiting: [] });
    expect(isSettled(now(ann.id), rig.clock, RULE)).toBe(false);
    expect(now(ann.id).notices).toMatchObject([{ what: 'reset', done: true }]);
  });
});

describe('where nobody else could agree', () => {
  beforeEach(async () => {
    for (const { id } of [sue, amy]) rig.accounts.delete(id);
  });

  test('a change comes into force after a day in which anybody may refuse it', async () => {
    const { account, waiting } = await rig.people.create(by(root), { name: 'n', displayName: 'N', password: GOOD, roles: ['admin'] }, 'a');
    expect(await rig.pending.applyDue()).toBe(0);
    later(DAY_MS);
    expect(await rig.pending.applyDue()).toBe(1);
    expect(now(account.id)).toMatchObject({ roles: ['admin'], confirmed: { by: 'system:waited' } });
    expect(await rig.pending.applyDue()).toBe(0);
    expect(rig.changes.get(waiting[0]!)?.decision).toMatchObject({ approved: true, by: 'system:waited' });
  });

  test('one that was refused does not', async () => {
    const { account, waiting } = await rig.people.create(by(root), { name: 'n', displayName: 'N', password: GOOD, roles: ['admin'] }, 'a');
    await decide(root, waiting[0], false);
    later(DAY_MS);
    expect(await rig.pending.applyDue()).toBe(0);
    expect(now(account.id).roles).toEqual([]);
  });
});

test('a new site is set up by one person at once, for a day', async () => {
  rig.accounts.clear();
  const first = await rig.people.seed({ name: 'first', displayName: 'F', password: GOOD, roles: ['admin', 'security-admin'], first: true });
  const made = await rig.people.create(asPerson(first), { name: 'c', displayName: 'C', password: GOOD, roles: ['compliance'] }, 'a');
  expect([made.waiting, made.account.roles, made.account.confirmed?.by]).toEqual([[], ['compliance'], SET_UP]);
  expect(isSettled(made.account, rig.clock, RULE)).toBe(true);
  later(DAY_MS);
  const after = await rig.people.create(asPerson(first), { name: 'd', displayName: 'D', password: GOOD, roles: ['compliance'] }, 'a');
  expect(after.waiting).toHaveLength(1);
});

describe('the last administrator', () => {
  test.each<[string, Parameters<typeof rig.people.change>[2]]>([
    ['is not closed', { disabled: true }],
    ['gets no end', { expiresAt: new Date(Date.now() + 400 * DAY_MS) }],
    ['keeps the role', { roles: ['agent'] }],
    ['gets no scope', { scope: { queues: ['q'], sites: [], clientUnits: [] } }],
    ['is not locked to a network', { networks: ['10.0.0.0/8'] }],
  ])('%s, and neither is the last security administrator', async (_name, change) => {
    await expect(rig.people.change(by(root), sue.id, change, 'a')).rejects.toMatchObject({ details: { role: 'security-admin' } });
    await rig.people.change(by(sue), amy.id, change, 'a');
    await expect(rig.people.change(by(sue), root.id, change, 'a')).rejects.toMatchObject({ details: { role: 'admin' } });
  });

  test('two who close each other at once: one of them stays', async () => {
    const both = await Promise.allSettled([
      rig.people.change(by(root), amy.id, { disabled: true }, 'a'),
      rig.people.change(by(amy), root.id, { disabled: true }, 'a'),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect([now(root.id), now(amy.id)].filter(({ disabled }) => !disabled)).toHaveLength(1);
  });

  test('stays when the register says that the person has left', async () => {
    expect(await rig.people.disableLeavers(['sue', 'amy'])).toEqual({ closed: 1, kept: 1 });
    expect([now(sue.id).disabled, now(amy.id).disabled]).toEqual([false, true]);
  });
});

describe('an administrator with a scope', () => {
  const own = { queues: [], sites: [], clientUnits: ['C1'] };
  const scoped = (): Principal => ({ ...by(amy), scope: own });
  beforeEach(() => void rig.accounts.set(amy.id, { ...now(amy.id), scope: own }));
  const hire = (scope: typeof own | undefined) =>
    rig.people.create(scoped(), { name: 'n', displayName: 'N', password: GOOD, roles: ['agent'], scope }, 'a');

  test.each<[string, typeof own | undefined]>([
    ['without a scope', undefined],
    ['of another client unit', { ...own, clientUnits: ['C2'] }],
    ['of more than the own one', { ...own, clientUnits: ['C1', 'C2'] }],
  ])('makes no account %s', async (_name, scope) => {
    await expect(hire(scope)).rejects.toMatchObject({ code: 'outside-scope' });
  });

  test('makes one of the own scope, widens none, and reaches no account beyond it', async () => {
    const { account } = await hire(own);
    await expect(rig.people.change(scoped(), account.id, { scope: { ...own, clientUnits: [] } }, 'a')).rejects.toMatchObject({
      code: 'outside-scope',
    });
    expect([await rig.people.reaches(scoped(), account.id, 'write'), await rig.people.reaches(scoped(), sue.id, 'write')]).toEqual([
      true,
      false,
    ]);
    expect((await rig.people.visibleTo(scoped())).map(({ id }) => id).sort()).toEqual([account.id, amy.id].sort());
  });

  test('does not decide about changes beyond it', async () => {
    const { waiting } = await rig.people.change(by(root), sue.id, { resetTotp: true }, 'a');
    await expect(rig.pending.decide(scoped(), waiting[0]!, false, 'a')).rejects.toMatchObject({ code: 'not-found' });
    expect(await rig.pending.list(scoped())).toEqual([]);
  });
});

const RULE = { settleMs: DAY_MS, setUpMs: DAY_MS };

test('accounts of earlier versions count as confirmed', () => {
  const createdAt = new Date(rig.clock.getTime() - DAY_MS);
  expect(isSettled({ createdAt }, rig.clock, RULE)).toBe(true);
  expect(strongAmong(['agent', 'supervisor', 'inspector', 'admin'])).toEqual(['admin']);
});

describe('the own authenticator', () => {
  test('is taken away by password and code alone', async () => {
    rig.accounts.set(sue.id, { ...now(sue.id), totp: { secret: '', confirmed: true, recovery: ['r'] } });
    const remove = (password: string, code?: string) => rig.own.removeTotp(by(sue), { password, code }, { from: 'a' });
    await expect(remove('wrong', '000000')).rejects.toMatchObject({ code: 'not-allowed' });
    await expect(remove(GOOD)).rejects.toMatchObject({ code: 'not-allowed', details: { need: 'totp' } });
    await expect(remove(GOOD, 'no recovery code')).rejects.toMatchObject({ code: 'not-allowed' });
    expect(now(sue.id).totp?.confirmed).toBe(true);
  });
});
