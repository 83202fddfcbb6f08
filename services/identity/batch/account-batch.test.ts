import { beforeEach, expect, test } from '@jest/globals';
import { identityRig } from '../../../test/support/servers/identity-rig.js';
import { CallCentreError } from '../../shared/domain/failure.js';
import type { Principal, Scope } from '../../shared/domain/people/rights.js';
import { teamNow } from '../../shared/domain/people/team.js';
import type { Account } from '../account.js';
import { createAccountBatch, type AccountBatchRow, type BatchFields } from './account-batch.js';

const rig = identityRig();
const WHOLE: Scope = { queues: [], sites: [], clientUnits: [] };
const boss: Principal = { userId: 'boss', name: 'boss', sessionId: 's', roles: ['admin'], scope: WHOLE };
let ended: string[];
let failsAt: string;

beforeEach(() => {
  ended = [];
  failsAt = '';
  for (const [id, more] of Object.entries({
    boss: { roles: ['admin', 'security-admin'] },
    li: {},
    wang: {},
    east: { scope: { ...WHOLE, clientUnits: ['east'] } },
  })) {
    const account = { id, name: id, displayName: `Name of ${id}`, roles: ['agent'], scope: WHOLE, disabled: false, createdAt: rig.clock };
    rig.accounts.set(id, { ...account, ...more } as unknown as Account);
  }
});

const change = (rows: readonly AccountBatchRow[], { by = boss, commit = true } = {}) =>
  createAccountBatch({
    accounts: {
      all: async () => [...rig.accounts.values()],
      byId: async (id) => rig.accounts.get(id),
      async change(id, changed) {
        if (id === failsAt) throw new Error('the store is away');
        rig.accounts.set(id, { ...rig.accounts.get(id)!, ...changed });
      },
    },
    service: rig.people,
    teams: {
      today: () => rig.clock,
      async refuseMove(_by, teamId) {
        if (teamId === 'gone') throw new CallCentreError('wrong-state', 'Closed.');
        if (teamId === 'other') throw new CallCentreError('outside-scope', 'Not yours.');
      },
    },
    exclusive: (work) => work(),
    audit: async (entry) => void rig.trail.push(entry),
    now: () => rig.clock,
    settle: { settleMs: 0, setUpMs: 0 },
    endAllOf: async (id) => void ended.push(id),
  })(by, rows, commit, 'here');
const row = (id: string, before: BatchFields, after: BatchFields): AccountBatchRow => ({ id, before, after });
const into = (teamId: string | null) => (id: string) => row(id, { teamId: null }, { teamId });
const close = (id: string): AccountBatchRow => row(id, { disabled: false }, { disabled: true });
const refusals = async (rows: readonly AccountBatchRow[], by = boss) => (await change(rows, { by })).rows.map(({ refused }) => refused);

test('a preview changes nothing; the change moves each person, with a row each in the audit log; undone it is as before', async () => {
  const rows = ['li', 'wang'].map(into('day'));
  expect(await change(rows, { commit: false })).toEqual({
    done: false,
    rows: [
      { id: 'li', name: 'Name of li' },
      { id: 'wang', name: 'Name of wang' },
    ],
  });
  expect(teamNow(rig.accounts.get('li')?.memberships)).toBeUndefined();
  expect((await change(rows)).done).toBe(true);
  expect(['li', 'wang'].map((id) => teamNow(rig.accounts.get(id)?.memberships))).toEqual(['day', 'day']);
  const written = rig.trail.filter(({ what }) => what === 'account.team-changed');
  expect(written.map(({ object, reason }) => `${object ?? ''}: ${reason ?? ''}`)).toEqual([
    'li: - → day (2 together)',
    'wang: - → day (2 together)',
  ]);
  expect((await change(rows.map(({ id, before, after }) => row(id, after, before)))).done).toBe(true);
  expect(['li', 'wang'].map((id) => rig.accounts.get(id)?.memberships)).toEqual([[], []]);
});

test('whoever is closed is signed out', async () => {
  await change([close('li'), row('wang', { disabled: false }, { disabled: false })]);
  expect([rig.accounts.get('li')?.disabled, ended]).toEqual([true, ['li']]);
});

test('each row that is refused says why, and then nothing is changed for anybody', async () => {
  expect(await refusals([into('day')('li'), into('gone')('wang')])).toEqual([undefined, 'team']);
  expect(await refusals([into('other')('li'), close('boss'), close('nobody')])).toEqual(['team-scope', 'own-account', 'out-of-reach']);
  expect(await refusals([row('li', { teamId: 'night' }, { teamId: 'day' })])).toEqual(['changed']);
  expect(teamNow(rig.accounts.get('li')?.memberships)).toBeUndefined();
  expect(rig.trail.some(({ what }) => what === 'account.team-changed')).toBe(false);
});

test('a scope is a wall: accounts beyond it are refused, and one that is not seen has no name in the answer', async () => {
  const by = { ...boss, userId: 'east-boss', scope: { ...WHOLE, clientUnits: ['east'] } };
  rig.accounts.set('east-boss', { ...rig.accounts.get('east')!, id: 'east-boss' });
  expect(await change([close('east'), close('li')], { by })).toEqual({
    done: false,
    rows: [
      { id: 'east', name: 'Name of east' },
      { id: 'li', refused: 'out-of-reach' },
    ],
  });
  expect(rig.accounts.get('east')?.disabled).toBe(false);
});

test('two administrators are not closed together when nobody would be left', async () => {
  rig.accounts.set('second', { ...rig.accounts.get('boss')!, id: 'second' });
  const by = { ...boss, userId: 'li' };
  expect(await refusals([close('boss'), close('second')], by)).toEqual([undefined, 'last-administrator']);
});

test('when the store fails midway, what was done is taken back', async () => {
  failsAt = 'wang';
  await expect(change(['li', 'wang'].map(into('day')))).rejects.toThrow('the store is away');
  expect(teamNow(rig.accounts.get('li')?.memberships)).toBeUndefined();
});
