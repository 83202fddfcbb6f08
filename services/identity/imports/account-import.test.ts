import { expect, test } from '@jest/globals';
import { accountColumns, accountTemplate } from '../../shared/domain/people/account-list.js';
import { CallCentreError } from '../../shared/domain/failure.js';
import type { Principal, Scope } from '../../shared/domain/people/rights.js';
import { passwordFault } from '../password-policy.js';
import { isCommonPassword } from '../adapters/common-passwords.js';
import { accountFiles } from '../adapters/account-file.js';
import { identityRig } from '../../../test/support/servers/identity-rig.js';
import { createAccountImport } from './account-import.js';
import { readAccounts } from './account-list.js';

const rig = identityRig();
const teams = ['day', 'night'].map((id) => ({ team: { id, name: { 'zh-CN': `${id}班` } }, memberIds: [] }));
const moves: [string, string | null][] = [];
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
const asks = (rows: readonly string[], principal: Principal, commit = false, after = 1) =>
  createAccountImport({
    readFile: async () => ({ ...readAccounts(sheetOf(...rows)), sha256: 'a'.repeat(64) }),
    accounts: { all: async () => [...rig.accounts.values()], byId: async (id) => rig.accounts.get(id) },
    service: rig.people,
    teams: {
      visibleTo: async () => teams,
      move: async (_by, userId, teamId) => void moves.push([userId, teamId]),
      refuseMove: async (_by, teamId) => {
        if (teamId === 'night') throw new CallCentreError('outside-scope', 'Not yours.');
      },
    },
    queuesOf: async () => [
      { id: 'service', name: { 'zh-CN': '客服', en: 'Service' }, members: ['x'] },
      { id: 'proof', name: { en: 'Proof' }, members: ['system:proof'] },
    ],
    newPassword: accountFiles.newPassword,
    audit: async (entry) => void rig.trail.push(entry),
  })({ bytes: new Uint8Array(), fileName: 'people.csv', commit, after }, principal, '10.0.0.1');
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

test('a try makes nothing; the import makes each account as by hand, with a first password that has to be changed, once', async () => {
  const rows = ['li,李四,坐席,day班,客服,english:3', 'wang,王五,security-admin', 'bad,,agent'];
  const tried = await asks(rows, boss());
  expect(tried).toMatchObject({ rows: 3, good: 2, refused: [{ line: 4, fault: 'displayName' }], made: [], committed: false });
  expect(rig.accounts.size).toBe(1);
  // Ann's site was set up long ago.
  rig.clock = new Date(rig.clock.getTime() + 30 * 86_400_000);
  const done = await asks(rows, boss(), true);
  expect(done).toMatchObject({ good: 2, next: null, refused: [{ line: 4, fault: 'displayName' }] });
  const [li, wang] = done.made;
  expect(li).toMatchObject({ line: 2, name: 'li', serves: ['service'], skills: { english: 3 } });
  expect(moves).toEqual([[li?.id, 'day']]);
  const stored = [...rig.accounts.values()].find(({ name }) => name === 'li');
  expect(stored).toMatchObject({ displayName: '李四', roles: ['agent'], mustChangePassword: true });
  expect(passwordFault(li?.password ?? '', 'li', isCommonPassword)).toBeUndefined();
  expect(li?.password).not.toBe(wang?.password);
  // A privileged role waits for the second administrator.
  expect(wang?.waiting).toBe(1);
  expect([...rig.accounts.values()].find(({ name }) => name === 'wang')?.roles).toEqual([]);
  expect(rig.trail.filter(({ what }) => what === 'account.created')).toHaveLength(3);
  expect(rig.trail.map(({ what }) => what)).toEqual(expect.arrayContaining(['account.list-tried', 'account.list-imported']));
  expect(JSON.stringify(rig.trail)).not.toContain(li?.password);
  const again = await asks(rows, boss(), true);
  expect(again.made).toEqual([]);
  expect(again.refused.map(({ fault }) => fault)).toEqual(['known', 'known', 'displayName']);
});

test('accounts are made some at a time, in the order of the list; a failure keeps what was made and says where it stood', async () => {
  const rows = Array.from({ length: 45 }, (_, i) => `p${i}x,Person,agent`);
  const first = await asks(rows, boss(), true);
  expect([first.made.length, first.next]).toEqual([20, 21]);
  const second = await asks(rows, boss(), true, first.next ?? 0);
  expect([second.made.length, second.next, second.refused]).toEqual([20, 41, []]);
  const add = rig.people.create;
  let made = 0;
  rig.people.create = async (...given) => {
    made += 1;
    if (made === 3) throw new Error('the store is away');
    return add(...given);
  };
  const third = await asks(rows, boss(), true, 41);
  expect([third.made.map(({ line }) => line), third.next]).toEqual([[42, 43], 43]);
  made = 2;
  await expect(asks(rows, boss(), true, 43)).rejects.toThrow('the store is away');
  rig.people.create = add;
  const last = await asks(rows, boss(), true, 43);
  expect([last.made.map(({ line }) => line), last.next]).toEqual([[44, 45, 46], null]);
});
