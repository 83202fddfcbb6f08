import { expect, test } from '@jest/globals';
import { createSavedRoutes, type SavedHttp } from './http.js';
import type { SavedReport } from './saved-report.js';

const scope = { queues: [], sites: [], clientUnits: [] };
const saved = (id: string, ownerId: string, isShared: boolean): SavedReport => ({
  ...{ id, ownerId, isShared, name: id, period: 'yesterday', interval: 'whole', by: 'queue', figures: ['entered'] },
});

/** The routes over these reports, asked by ann; eve has left. */
function routesOf(reports: SavedReport[]) {
  const account = (_id: string, disabled: boolean) => ({ _id, displayName: _id, roles: ['supervisor'], scope, disabled });
  const accounts = [account('ann', false), account('bert', false), account('eve', true)];
  const routes = createSavedRoutes({
    store: {
      own: async (id: string, ownerId: string) => reports.find((each) => each.id === id && each.ownerId === ownerId),
      byId: async (id: string) => reports.find((each) => each.id === id),
      readableBy: async () => reports,
      remove: async (id: string, ownerId: string) => {
        const place = reports.findIndex((each) => each.id === id && each.ownerId === ownerId);
        if (place >= 0) reports.splice(place, 1);
        return place >= 0;
      },
    } as never,
    reads: { accounts: { find: async () => accounts.filter(({ disabled }) => !disabled) } } as never,
    addressesOf: async () => new Map(),
    canMail: () => false,
    audit: async () => undefined,
    newId: () => 'new',
  } satisfies SavedHttp);
  const ask = async (method: string, id?: string): Promise<unknown> =>
    routes
      .find((route) => route.method === method && route.path.endsWith(':id') === (id !== undefined))
      ?.handle({ principal: { userId: 'ann' }, params: { id }, from: 'here' } as never);
  return { ask };
}

test('a shared report of an owner who left is removed by whoever keeps reports; of others, and what is not shared, it is not', async () => {
  const reports = [saved('orphan', 'eve', true), saved('hidden', 'eve', false), saved('berts', 'bert', true), saved('own', 'ann', false)];
  const { ask } = routesOf(reports);
  const { reports: shown } = (await ask('get')) as { readonly reports: readonly { readonly id: string; readonly isOrphaned: boolean }[] };
  expect(shown.map(({ id, isOrphaned }) => [id, isOrphaned])).toEqual([
    ['orphan', true],
    ['hidden', true],
    ['berts', false],
    ['own', false],
  ]);
  await expect(ask('delete', 'berts')).rejects.toMatchObject({ code: 'not-found' });
  await expect(ask('delete', 'hidden')).rejects.toMatchObject({ code: 'not-found' });
  await ask('delete', 'orphan');
  await ask('delete', 'own');
  expect(reports.map(({ id }) => id)).toEqual(['hidden', 'berts']);
});
