import { expect, test } from '@jest/globals';
import { accountColumns, accountTemplate } from '../../shared/domain/people/account-list.js';
import { CallCentreError } from '../../shared/domain/failure.js';
import type { Principal, Scope } from '../../shared/domain/people/rights.js';
import { identityRig } from '../../../test/support/servers/identity-rig.js';
import { createAccountImport } from './account-import.js';
import { readAccounts } from './account-list.js';
import type { ImportOrder } from './import-order.js';

const rig = identityRig();
const teams = ['day', 'night'].map((id) => ({ team: { id, name: { 'zh-CN': `${id}班` } }, memberIds: [] }));
const boss = (more: Partial<Principal> = {}): Principal => ({
  userId: 'boss',
  name: 'Boss',
  sessionId: 's',
  roles: ['admin', 'security-admin'],
  scope: { queues: [], sites: [], clientUnits: [] },
  ...more,
});
const within = (scope: Partial<Scope>): Principal => boss({ scope: { queues: [], sites: [], clientUnits: [], ...scope } });

const head = accountColumns.join(',');
const sheetOf = (...rows: string[]): string[][] => [head, ...rows].map((row) => row.split(','));
const kept = new Map<string, ImportOrder>();
const readFile = (rows: readonly string[]) => async () => ({ ...readAccounts(sheetOf(...rows)), sha256: 'a'.repeat(64) });
const asks = (rows: readonly string[], principal: Principal, commit = false) =>
  createAccountImport({
    readFile: readFile(rows),
    accounts: { all: async () => [...rig.accounts.values()], byId: async (id) => rig.accounts.get(id) },
    orders: { add: async (order) => void kept.set(order.id, order) },
    chance: { id: () => `order-${kept.size}` },
    now: () => rig.clock,
    teams: {
      visibleTo: async () => teams,
      refuseMove: async (_by, teamId) => {
        if (teamId === 'night') throw new CallCentreError('outside-scope', 'Not yours.');
      },
    },
    queuesOf: async () => [
      { id: 'service', name: { 'zh-CN': '客服', en: 'Service' }, members: ['x'] },
      { id: 'proof', name: { en: 'Proof' }, members: ['system:proof'] },
    ],
    audit: async (entry) => void rig.trail.push(entry),
  })({ bytes: new Uint8Array(), fileName: 'people.csv', commit }, principal, '10.0.0.1');
const faults = async (row: string, principal = boss()) => (await asks([row], principal)).refused.map(({ fault }) => fault);

test('rows are read by Chinese and English heads and words; a password in the list is not read', () => {
  const { rows, refused } = readAccounts([
    ['用户名*', '姓名', '角色', '班组', '技能', '密码'],
    ['Zhang.San', '张三', '坐席；班长', '白班', '英语：3', 'Secret-1234'],
    ['', '', '', '', '', ''],
  ]);
  expect(refused).toEqual([]);
  expect(rows).toMatchObject([{ line: 2, name: 'zhang.san', roles: ['agent', 'supervisor'], team: '白班', skills: { 英语: 3 } }]);
  expect(JSON.stringify(rows)).not.toContain('Secret');
  expect(readAccounts([['姓名']]).missing).toEqual(['name', 'roles']);
});

test.each([
  ['a,Li,agent', 'name'],
  ['-li,Li,agent', 'name'],
  ['=cmd,Li,agent', 'name'],
  ['li,=HYPERLINK("x"),agent', 'displayName'],
  ['li,@SUM(A1),agent', 'displayName'],
  [`li,${'x'.repeat(65)},agent`, 'displayName'],
  ['li,\u202egnahz,agent', 'displayName'],
  ['li,Li,boss', 'roles'],
  ['li,Li,', 'roles'],
  ['li,Li,admin;auditor', 'conflict'],
  ['li,Li,inspector', 'inspector'],
  ['li,Li,agent,nowhere', 'team'],
  ['li,Li,agent,night', 'team'],
  ['li,Li,agent,,nowhere', 'serves'],
  ['li,Li,agent,,proof', 'serves'],
  ['li,Li,agent,,,english:11', 'skills'],
  ['li,Li,agent,,,,q1,,,day', 'beyond-own'],
  ['ann,Ann,agent', 'known'],
  ['ANN,Ann,agent', 'known'],
])('the row %s is refused: %s', async (row, fault) => {
  expect(await faults(row)).toEqual([fault]);
});

test('the sample row is refused, a second row of a name as well', async () => {
  const [, sample = ''] = accountTemplate.split('\n');
  expect(await faults(sample)).toEqual(['team']);
  expect((await asks(['li,Li,agent', 'Li,Other,agent'], boss())).refused).toEqual([{ line: 3, fault: 'repeated' }]);
});

test('nobody gives by a list what could not be given by hand', async () => {
  const inUnit = within({ clientUnits: ['unit-a'] });
  expect(await faults('li,Li,agent', inUnit)).toEqual(['beyond-own']);
  expect(await faults('li,Li,agent,,,,,unit-b', inUnit)).toEqual(['beyond-own']);
  expect(await faults('li,Li,agent,,,,,unit-a', inUnit)).toEqual([]);
  const keepsAccounts = boss({ roles: ['security-admin'] });
  expect(await faults('li,Li,agent,,service', keepsAccounts)).toEqual(['work']);
  expect(await faults('li,Li,agent', keepsAccounts)).toEqual([]);
});

test('a try stores nothing; what is confirmed becomes an import of the good rows, without a password, and makes no account yet', async () => {
  const rows = ['li,李四,坐席,day班,客服,english:3', 'wang,王五,security-admin', 'bad,,agent'];
  kept.clear();
  const tried = await asks(rows, boss());
  expect(tried).toMatchObject({ rows: 3, good: 2, refused: [{ line: 4, fault: 'displayName' }], order: null, committed: false });
  expect(kept.size).toBe(0);
  const { order } = await asks(rows, boss(), true);
  expect(kept.get(order ?? '')).toMatchObject({
    askedBy: 'boss',
    rows: [
      { line: 2, name: 'li', teamId: 'day', serves: ['service'], skills: { english: 3 } },
      { line: 3, name: 'wang', teamId: null },
    ],
  });
  expect(rig.accounts.size).toBe(1);
  expect(rig.trail.map(({ what }) => what)).toEqual(expect.arrayContaining(['account.list-tried', 'account.list-imported']));
  // Nothing is stored for a list without a good row.
  expect(await asks(['bad,,agent'], boss(), true)).toMatchObject({ good: 0, order: null, committed: true });
});
