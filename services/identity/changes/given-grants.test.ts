import { beforeEach, describe, expect, test } from '@jest/globals';
import { asPerson, DAY_MS, GOOD, identityRig } from '../../../test/support/servers/identity-rig.js';
import type { Role } from '../../shared/domain/people/rights.js';
import type { Account } from '../account.js';
import { givenGrants } from './given-grants.js';

const FREE = 'outbound.free-dial';

test('what is given waits, what is taken away does not', () => {
  expect(givenGrants([], [FREE])).toEqual({ now: undefined, waiting: [FREE] });
  expect(givenGrants([FREE], [])).toEqual({ now: [], waiting: [] });
  expect(givenGrants([FREE], [FREE])).toEqual({ now: undefined, waiting: [] });
  expect(givenGrants([], undefined)).toEqual({ now: undefined, waiting: [] });
});

describe('on a site of a month', () => {
  const rig = identityRig();
  let root: Account;
  let amy: Account;
  let eve: Account;
  const seed = (name: string, ...roles: Role[]): Promise<Account> =>
    rig.people.seed({ name, displayName: name, password: GOOD, roles, mustChangePassword: false });
  const now = (account: Account): Account => rig.accounts.get(account.id)!;
  const later = (ms: number): void => void (rig.clock = new Date(rig.clock.getTime() + ms));
  const give = (by: Account, grants: readonly (typeof FREE)[] = [FREE]) => rig.people.change(asPerson(by), eve.id, { grants }, 'a');
  const decide = (by: Account, id: string | undefined, approve = true): Promise<void> =>
    rig.pending.decide(asPerson(by), id ?? '', approve, 'a');

  beforeEach(async () => {
    [root, amy, eve] = [await seed('root', 'admin'), await seed('amy', 'admin'), await seed('eve', 'agent')];
    later(30 * DAY_MS);
  });

  test('a second administrator decides; the person is let know, and the trail names both', async () => {
    const { waiting } = await give(root);
    expect(waiting).toHaveLength(1);
    expect(now(eve)).toMatchObject({ notices: [{ what: 'grants', done: false, byName: 'root' }] });
    expect(now(eve).grants).toBeUndefined();
    await expect(decide(root, waiting[0])).rejects.toMatchObject({ code: 'second-person-needed' });
    await expect(decide(eve, waiting[0])).rejects.toMatchObject({ code: 'second-person-needed' });
    await decide(amy, waiting[0]);
    expect(now(eve)).toMatchObject({ grants: [FREE], notices: [{ done: false }, { what: 'grants', done: true }] });
    expect(now(eve).touchedAt).toBeUndefined();
    const steps = rig.trail.filter(({ what }) => what.startsWith('account.change-'));
    expect(steps.map(({ who, what, success, after }) => [who, what, success, (after as { grants: unknown }).grants])).toEqual([
      [root.id, 'account.change-asked', true, [FREE]],
      [root.id, 'account.change-approved', false, [FREE]],
      [eve.id, 'account.change-approved', false, [FREE]],
      [amy.id, 'account.change-approved', true, [FREE]],
    ]);
  });

  test('whoever asks for what waits already asks for the same, and may still approve nothing of the own', async () => {
    const first = await give(root);
    expect(await give(root)).toEqual(first);
    expect(await give(amy)).toEqual(first);
    await decide(amy, first.waiting[0]);
    expect(now(eve).grants).toEqual([FREE]);
  });

  test('it is taken away by one at once, and what the person refuses is not given', async () => {
    const { waiting } = await give(root);
    expect(await rig.pending.refuseOwn(asPerson(now(eve)), 'a')).toBe(1);
    await expect(decide(amy, waiting[0])).rejects.toMatchObject({ code: 'wrong-state' });
    await decide(amy, (await give(root)).waiting[0]);
    expect(await give(root, [])).toEqual({ waiting: [] });
    expect(now(eve).grants).toEqual([]);
  });

  test('a new account has it no sooner, and is confirmed by nothing but its confirmation', async () => {
    const wanted = { name: 'boss', displayName: 'Boss', password: GOOD, roles: ['supervisor'], grants: [FREE] } as const;
    const { account, waiting } = await rig.people.create(asPerson(root), wanted, 'a');
    expect([account.grants, waiting.length]).toEqual([undefined, 2]);
    const given = waiting.find((id) => rig.changes.get(id)?.kind === 'grants');
    await decide(amy, given);
    expect(now(account).grants).toEqual([FREE]);
    expect(now(account).confirmed).toBeUndefined();
  });

  test('while the site is set up, by one administrator alone, it waits as well', async () => {
    rig.accounts.delete(amy.id);
    rig.clock = new Date(now(root).createdAt.getTime() + 60_000);
    const { account, waiting } = await rig.people.create(
      asPerson(root),
      { name: 'bo', displayName: 'Bo', password: GOOD, roles: ['agent'], grants: [FREE] },
      'a',
    );
    expect([account.grants, waiting.length]).toEqual([undefined, 1]);
    expect((await give(root)).waiting).toHaveLength(1);
    expect(now(eve).grants).toBeUndefined();
    later(DAY_MS);
    expect(await rig.pending.applyDue()).toBe(2);
    expect([now(account).grants, now(eve).grants]).toEqual([[FREE], [FREE]]);
  });

  test('where nobody else could agree it comes after the days in which anybody may refuse it', async () => {
    rig.accounts.delete(amy.id);
    await give(root);
    expect(await rig.pending.applyDue()).toBe(0);
    later(DAY_MS);
    expect(await rig.pending.applyDue()).toBe(1);
    expect(now(eve).grants).toEqual([FREE]);
  });
});
