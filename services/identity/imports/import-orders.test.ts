import { beforeEach, expect, test } from '@jest/globals';
import type { MadeAccount } from '../../shared/contracts/api/centre/account-imports.js';
import { CallCentreError } from '../../shared/domain/failure.js';
import { WHOLE_SITE } from '../account-scope.js';
import type { Role } from '../../shared/domain/people/rights.js';
import { teamNow } from '../../shared/domain/people/team.js';
import { passwordFault } from '../password-policy.js';
import { isCommonPassword } from '../adapters/common-passwords.js';
import { accountFiles } from '../adapters/account-file.js';
import { identityRig } from '../../../test/support/servers/identity-rig.js';
import { isUnread, type ImportOrder, type OrderRow } from './import-order.js';
import { createImportOrders } from './import-orders.js';

const rig = identityRig();
const boss = { userId: 'boss', name: 'Boss', sessionId: 's', roles: ['admin', 'security-admin'] as Role[], scope: WHOLE_SITE };
const other = { ...boss, userId: 'other' };
const row = (line: number, name: string, more: Partial<OrderRow> = {}): OrderRow => ({
  ...{ line, name, displayName: name, roles: ['agent'], teamId: 'day', serves: ['service'], skills: { english: 3 }, scope: WHOLE_SITE },
  ...more,
});
let kept: ImportOrder;
let imports: ReturnType<typeof createImportOrders>;

/** After this many writes the process dies before the next one. */
let livesFor = Number.POSITIVE_INFINITY;
class Killed extends Error {}
function mortal<A extends unknown[], R>(write: (...given: A) => Promise<R>): (...given: A) => Promise<R> {
  return async (...given) => {
    if (livesFor <= 0) throw new Killed('the process is dead');
    livesFor -= 1;
    return write(...given);
  };
}

function begin(rows: readonly OrderRow[]): void {
  kept = { id: 'o1', fileName: 'people.csv', sha256: 'a'.repeat(64), askedBy: 'boss', askedAt: rig.clock, rows, refused: [], handed: [] };
}
beforeEach(() => {
  livesFor = Number.POSITIVE_INFINITY;
  // Ann's site was set up long ago: roles of weight wait.
  rig.clock = new Date(rig.clock.getTime() + 30 * 86_400_000);
  for (const name of ['add', 'addNotice', 'renewFirst'] as const) Object.assign(rig.store, { [name]: mortal(rig.store[name] as never) });
  const add = rig.store.add;
  rig.store.add = async (account) => {
    if ((await rig.store.byName(account.name)) !== undefined) throw new CallCentreError('already-exists', 'This name is taken.');
    return add(account);
  };
  const put = rig.changes.set.bind(rig.changes);
  rig.changes.set = (id, change) => {
    if (livesFor <= 0) throw new Killed('the process is dead');
    livesFor -= 1;
    return put(id, change);
  };
  imports = createImportOrders({
    orders: {
      add: async () => undefined,
      byId: async (id) => (id === kept.id ? kept : undefined),
      openOf: async (userId) => (kept.askedBy === userId && kept.endedAt === undefined ? [kept] : []),
      refused: mortal(async (_id, refused) => void (kept = { ...kept, refused: [...kept.refused, refused] })),
      handed: mortal(async (_id, lines) => void (kept = { ...kept, handed: [...kept.handed, ...lines] })),
      end: async (_id, endedAt) => void (kept = { ...kept, endedAt }),
    },
    accounts: rig.store,
    service: rig.people,
    passwords: rig.passwords,
    newPassword: accountFiles.newPassword,
    now: () => rig.clock,
    audit: mortal(async (entry) => void rig.trail.push(entry)),
  });
});
const byName = (name: string) => [...rig.accounts.values()].find((account) => account.name === name);
async function allOf(kind: 'goOn' | 'renew', who = boss): Promise<MadeAccount[]> {
  const made: MadeAccount[] = [];
  if (kind === 'goOn')
    for (let left = 1; left > 0;) {
      const part = await imports.goOn(who, 'o1', 'here');
      made.push(...part.made);
      left = part.left;
    }
  else
    for (let after: number | null = 0; after !== null;) {
      const part: Awaited<ReturnType<typeof imports.renew>> = await imports.renew(who, 'o1', after, 'here');
      made.push(...part.made);
      after = part.next;
    }
  return made;
}

test('each row becomes an account with its team and a first password of its own, twenty in a request', async () => {
  begin(Array.from({ length: 45 }, (_, i) => row(i + 2, `p${i}x`)));
  const first = await imports.goOn(boss, 'o1', 'here');
  expect([first.made.length, first.left]).toEqual([20, 25]);
  const made = [...first.made, ...(await allOf('goOn'))];
  expect(made.map(({ line }) => line)).toEqual(kept.rows.map(({ line }) => line));
  expect(new Set(made.map(({ password }) => password)).size).toBe(45);
  expect(made.every(({ password, name }) => passwordFault(password, name, isCommonPassword) === undefined)).toBe(true);
  expect(made[0]).toMatchObject({ serves: ['service'], skills: { english: 3 }, waiting: 0 });
  const stored = byName('p0x');
  expect(stored).toMatchObject({ mustChangePassword: true, passwordHash: `h:${made[0]?.password}`, madeFrom: { order: 'o1', line: 2 } });
  expect(teamNow(stored?.memberships)).toBe('day');
  expect(rig.trail.find(({ object }) => object === stored?.id)).toMatchObject({ what: 'account.created', after: { teamId: 'day' } });
  expect(JSON.stringify([rig.trail, kept])).not.toContain(made[0]?.password);
  // Until the file is saved, the page says so.
  expect(await imports.list(boss)).toMatchObject([{ rows: 45, made: 45, left: 0, unread: 45 }]);
  await imports.handed(
    boss,
    'o1',
    made.map(({ line }) => line),
  );
  expect(await imports.list(boss)).toEqual([]);
});

test('killed before each of its writes, an import ends with every account, its team, its request and a password that works', async () => {
  for (let deathAt = 0; deathAt < 40; deathAt += 1) {
    rig.accounts.clear();
    rig.changes.clear();
    begin([row(2, 'li.si'), row(3, 'wang.wu', { roles: ['security-admin'] }), row(4, 'sun.liu', { roles: ['supervisor'], teamId: null })]);
    livesFor = Number.POSITIVE_INFINITY;
    await rig.people.seed({
      name: 'ann',
      displayName: 'Ann',
      password: 'Correct-horse-7',
      roles: ['supervisor'],
      mustChangePassword: false,
    });
    rig.clock = new Date(rig.clock.getTime() + 30 * 86_400_000);
    const known = new Map<number, string>();
    livesFor = deathAt;
    // What a request that died had made, nobody got.
    try {
      const { made } = await imports.goOn(boss, 'o1', 'here');
      if (livesFor > 0) for (const each of made) known.set(each.line, each.password);
    } catch (error) {
      expect(error).toBeInstanceOf(Killed);
    }
    livesFor = Number.POSITIVE_INFINITY;
    for (const { line, password } of await allOf('goOn')) known.set(line, password);
    await imports.handed(boss, 'o1', [...known.keys()]);
    for (const { line, password } of await allOf('renew')) known.set(line, password);
    for (const each of kept.rows) {
      const account = byName(each.name);
      expect(account?.passwordHash).toBe(`h:${known.get(each.line)}`);
      expect(teamNow(account?.memberships) ?? null).toBe(each.teamId);
    }
    const asked = (name: string) => [...rig.changes.values()].filter(({ userId }) => userId === byName(name)?.id).map(({ kind }) => kind);
    expect([asked('li.si'), asked('wang.wu'), asked('sun.liu')]).toEqual([[], ['roles'], ['confirm']]);
    expect(byName('wang.wu')?.roles).toEqual([]);
  }
});

test('a first password is made anew only while nobody has saved it, set another or signed in', async () => {
  begin([row(2, 'saved'), row(3, 'signed.in'), row(4, 'reset'), row(5, 'closed'), row(6, 'unread')]);
  await allOf('goOn');
  await imports.handed(boss, 'o1', [2]);
  const change = (name: string, changed: object) => rig.store.change(byName(name)?.id ?? '', changed);
  await change('signed.in', { lastSignInAt: rig.clock });
  await change('reset', { passwordSetAt: new Date(rig.clock.getTime() + 1) });
  await change('closed', { disabled: true });
  const before = new Map(kept.rows.map(({ name }) => [name, byName(name)?.passwordHash]));
  const made = await allOf('renew');
  expect(made.map(({ name }) => name)).toEqual(['unread']);
  for (const name of ['saved', 'signed.in', 'reset', 'closed']) expect(byName(name)?.passwordHash).toBe(before.get(name));
  const renewed = byName('unread');
  expect(renewed).toMatchObject({ passwordHash: `h:${made[0]?.password}`, passwordHistory: [before.get('unread')] });
  expect(renewed !== undefined && isUnread(renewed)).toBe(true);
});

test('an import belongs to the person who began it; ended, it makes nothing more', async () => {
  begin(Array.from({ length: 21 }, (_, i) => row(i + 2, `p${i}x`)));
  await imports.goOn(boss, 'o1', 'here');
  for (const act of [
    () => imports.goOn(other, 'o1', 'here'),
    () => imports.renew(other, 'o1', 0, 'here'),
    () => imports.handed(other, 'o1', [2]),
    () => imports.end(other, 'o1', 'here'),
  ])
    await expect(act()).rejects.toMatchObject({ code: 'not-found' });
  expect(await imports.list(other)).toEqual([]);
  await imports.end(boss, 'o1', 'here');
  await expect(imports.goOn(boss, 'o1', 'here')).rejects.toMatchObject({ code: 'wrong-state' });
  await expect(imports.renew(boss, 'o1', 0, 'here')).rejects.toMatchObject({ code: 'wrong-state' });
  expect(await imports.list(boss)).toEqual([]);
  expect(rig.trail.at(-1)).toMatchObject({ what: 'account.list-imported', reason: 'ended', after: { left: 1, unread: 20 } });
});

test('a row whose name was taken since the check is refused once; one that another page of this import made is passed over', async () => {
  begin([row(2, 'taken'), row(3, 'fine')]);
  await rig.people.create(boss, { name: 'taken', displayName: 'T', password: 'Correct-horse-7', roles: ['agent'] }, 'here');
  const { made, refused, left } = await imports.goOn(boss, 'o1', 'here');
  expect([made.map(({ name }) => name), refused, left]).toEqual([['fine'], [{ line: 2, fault: 'known' }], 0]);
  expect(await imports.goOn(boss, 'o1', 'here')).toEqual({ made: [], refused: [], left: 0 });

  begin([row(12, 'twice'), row(13, 'once')]);
  const [one, two] = await Promise.all([imports.goOn(boss, 'o1', 'here'), imports.goOn(boss, 'o1', 'here')]);
  expect([...one.made, ...two.made].map(({ name }) => name).sort()).toEqual(['once', 'twice']);
  expect([...one.refused, ...two.refused]).toEqual([]);
});
