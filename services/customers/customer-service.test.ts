import { expect, test } from '@jest/globals';
import { CallCentreError } from '../shared/domain/failure.js';
import { createCustomerService } from './customer-service.js';
import type { CustomerStore, StoredCustomer } from './ports.js';

const asker = { principal: { userId: 'u1', name: 'Li' }, from: '127.0.0.1' };
const customerOf = (id: string, hash: string): StoredCustomer => ({
  id,
  unit: 'north',
  name: `name of ${id}`,
  fields: {},
  tags: [],
  note: '',
  numbers: [{ id: `n-${id}`, hash, masked: '138****0001' }],
  version: 1,
  madeAt: '2026-11-30T01:00:00.000Z',
  madeBy: 'Anna',
  changedAt: '2026-11-30T01:00:00.000Z',
  changedBy: 'Anna',
  merged: [],
});

/** Three customers in memory; `replacing` runs before a write and stands for what others do at the same moment. */
function centre(replacing: (next: StoredCustomer) => Promise<void> = async () => undefined) {
  const rows = new Map(['a', 'b', 'c'].map((id) => [id, customerOf(id, `hash-${id}`)]));
  const store: CustomerStore = {
    one: async (id) => rows.get(id),
    ofNumber: async () => undefined,
    into: async (id) => [...rows.values()].filter(({ mergedInto }) => mergedInto === id),
    list: async () => ({ customers: [], total: 0 }),
    add: async () => true,
    addMany: async () => new Set(),
    async replace(next) {
      await replacing(next);
      if (rows.get(next.id)?.version !== next.version - 1) return 'stale';
      rows.set(next.id, next);
      return 'done';
    },
    taken: async (_unit, hashes) => {
      const known = new Set(
        [...rows.values()].flatMap(({ mergedInto, numbers }) => (mergedInto === undefined ? numbers : [])).map(({ hash }) => hash),
      );
      return new Set(hashes.filter((hash) => known.has(hash)));
    },
    erase: async () => true,
    fields: async () => [],
    setFields: async () => undefined,
  };
  let ids = 0;
  const audited: string[] = [];
  const service = createCustomerService({
    store,
    hashNumber: (number) => number,
    audit: async ({ what, success, reason = '' }) => void audited.push(`${what} ${success ? 'done' : `not done: ${reason}`}`),
    now: () => new Date('2026-11-30T02:00:00Z'),
    newId: () => `id-${(ids += 1)}`,
  });
  return { rows, service, audited };
}
const outcome = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof CallCentreError ? error.code : Promise.reject(error as Error)),
  );
const standing = (rows: ReadonlyMap<string, StoredCustomer>): string[] =>
  [...rows.values()].flatMap(({ id, mergedInto }) => (mergedInto === undefined ? [id] : []));

test('two customers that two people merge into one another in the same moment are both still there', async () => {
  const { rows, service } = centre();
  const outcomes = await Promise.all([
    outcome(service.merge('a', 'b', 'the same', asker)),
    outcome(service.merge('b', 'a', 'the same', asker)),
  ]);
  expect(outcomes).not.toEqual(['done', 'done']);
  // A merged customer is merged into one that exists and names it.
  for (const { id, mergedInto } of rows.values()) {
    if (mergedInto === undefined) continue;
    expect(rows.get(mergedInto)).toMatchObject({ merged: [{ id }] });
    expect(standing(rows)).toContain(mergedInto);
  }
  expect(standing(rows)).toContain('c');
  expect(standing(rows).length).toBeGreaterThanOrEqual(2);
});

test('one that a third takes in while another is merged into it leaves the other as it was', async () => {
  let isTaken = false;
  const { rows, service } = centre(async ({ id, mergedInto }) => {
    if (id !== 'b' || mergedInto !== 'a' || isTaken) return;
    isTaken = true;
    await service.merge('c', 'a', 'first', asker);
  });
  expect(await outcome(service.merge('a', 'b', 'second', asker))).toBe('not-found');
  expect(standing(rows)).toEqual(['b', 'c']);
  expect(rows.get('b')).toMatchObject({ name: 'name of b', numbers: [{ hash: 'hash-b' }] });
  expect(rows.get('b')).not.toHaveProperty('mergedInto');
});

test('a number that comes to a customer while it is merged away is refused, not lost', async () => {
  let isMerged = false;
  const { rows, service, audited } = centre(async ({ id, numbers }) => {
    if (id !== 'b' || numbers.length < 2 || isMerged) return;
    isMerged = true;
    await service.merge('a', 'b', 'the same', asker);
  });
  expect(await outcome(service.addNumber('b', { id: 'n-new', hash: 'hash-new', masked: '139****0002' }, asker))).toBe('not-found');
  expect(rows.get('a')?.numbers.map(({ hash }) => hash)).toEqual(['hash-a', 'hash-b']);
  // The audit row of the first attempt was written before the change; a second row takes it back.
  expect(audited).toEqual(['customer.number-added done', 'customer.merged done', 'customer.number-added not done: not-found']);
});

test('what goes with a customer is all that was merged into it, also when the merge stopped half way', async () => {
  const { rows, service } = centre();
  await service.merge('a', 'b', 'the same', asker);
  // The process ended before `b` named `c` as merged.
  rows.set('c', { ...customerOf('c', 'hash-c'), mergedInto: 'b' });
  for (const id of ['a', 'b', 'c']) {
    const family = await service.family(id);
    expect(family[0]?.id).toBe('a');
    expect(family.map((each) => each.id).sort()).toEqual(['a', 'b', 'c']);
  }
});

test('a number that somebody else is given while it is on its way stays with them', async () => {
  let isGiven = false;
  const { rows, service } = centre(async ({ id, merged }) => {
    if (id !== 'a' || merged.length === 0 || isGiven) return;
    isGiven = true;
    rows.set('d', customerOf('d', 'hash-b'));
    rows.set('a', { ...customerOf('a', 'hash-a'), version: 2 });
  });
  await service.merge('a', 'b', 'the same', asker);
  expect(rows.get('a')).toMatchObject({ numbers: [{ hash: 'hash-a' }], merged: [{ id: 'b' }] });
  expect(rows.get('b')).toMatchObject({ mergedInto: 'a' });
});

test('a merge that stopped half way into one that is gone leaves nobody hidden when it is asked for again', async () => {
  const { rows, service } = centre();
  rows.set('b', { ...customerOf('b', 'hash-b'), mergedInto: 'a' });
  rows.delete('a');
  expect(await outcome(service.merge('a', 'b', 'the same', asker))).toBe('not-found');
  expect(rows.get('b')).not.toHaveProperty('mergedInto');
});

test('a separation from one that was erased meanwhile comes to its end, so that the one that stays can be erased', async () => {
  const { rows, service } = centre(async ({ id, merged }) => {
    if (id === 'a' && merged.some(({ leaving }) => leaving === true)) rows.delete('b');
  });
  await service.merge('a', 'b', 'the same', asker);
  expect(await outcome(service.separate('a', 'b', 'two people', asker))).toBe('done');
  expect(rows.get('a')).toMatchObject({ merged: [], numbers: [{ hash: 'hash-a' }] });
  expect(rows.has('b')).toBe(false);
});
