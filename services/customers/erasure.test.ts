import { expect, test } from '@jest/globals';
import { createErasure } from './erasure.js';
import type { StoredCustomer } from './ports.js';

const customerOf = (id: string, more: Partial<StoredCustomer> = {}): StoredCustomer => ({
  ...{ id, unit: 'north', name: id, fields: {}, tags: [], note: '', version: 1, merged: [] },
  ...{ madeAt: '', madeBy: '', changedAt: '', changedBy: '' },
  numbers: [{ id: `n-${id}`, hash: `hash-${id}`, masked: '***' }],
  ...more,
});

/** Erasures of families that the store returns one after the other; `erases` says whether each is removed without a concurrent change. */
function centre(families: readonly (readonly StoredCustomer[])[], erases: readonly boolean[]) {
  const asked: string[][] = [];
  const audited: string[] = [];
  let turn = 0;
  let erasing = 0;
  const erasure = createErasure({
    store: {
      one: async (id) => families[Math.max(0, turn - 1)]?.find((each) => each.id === id),
      async erase(many) {
        asked.push(many.map(({ id, version }) => `${id} ${version}`));
        return erases[(erasing += 1) - 1] ?? true;
      },
    },
    service: { present: async () => customerOf('a'), family: async () => [...(families[(turn += 1) - 1] ?? [])] },
    references: { rest: async () => ({ calls: 1, recordings: 0, complaints: 0, consents: 0 }) },
    audit: async ({ what, object = '' }) => void audited.push(`${what} ${object}`),
    forgetNote: async () => undefined,
    forgetCallNotes: async () => undefined,
    now: () => new Date(0),
  });
  const erase = (id: string) => erasure.erase(id, { who: 'officer', from: '', reason: 'request' });
  return { erase, asked, audited };
}

test('goes: first what was merged into it, then the one that stands, last the one that was asked for', async () => {
  const { erase, asked, audited } = centre(
    [[customerOf('a'), customerOf('b', { mergedInto: 'a' }), customerOf('c', { mergedInto: 'a' })]],
    [],
  );
  expect(await erase('b')).toMatchObject({ calls: 1 });
  expect(asked).toEqual([['c 1', 'a 1', 'b 1']]);
  expect(audited).toEqual(['customer.erased customer:a']);
});

test('whoever was merged into it meanwhile goes too', async () => {
  const later = [customerOf('a', { version: 2 }), customerOf('d', { mergedInto: 'a' })];
  const { erase, asked } = centre([[customerOf('a')], later], [false, true]);
  expect(await erase('a')).toMatchObject({ calls: 1 });
  expect(asked).toEqual([['a 1'], ['d 1', 'a 2']]);
});

test('one that is being taken apart takes nobody along', async () => {
  const merge = { id: 'b', name: 'b', at: '', by: '', reason: '', numberIds: ['n-b'], leaving: true };
  const apart = [customerOf('b')];
  const { erase, asked } = centre(
    [[customerOf('a', { merged: [merge] }), customerOf('b', { mergedInto: 'a' })], [customerOf('a')], apart],
    [],
  );
  await erase('b');
  expect(asked).toEqual([['b 1']]);
});

test('one that others change again and again is refused, and one that is gone is nothing', async () => {
  const { erase } = centre(
    Array.from({ length: 20 }, () => [customerOf('a')]),
    Array.from({ length: 20 }, () => false),
  );
  await expect(erase('a')).rejects.toMatchObject({ code: 'changed-meanwhile' });
  expect(await centre([], []).erase('a')).toBeUndefined();
});
