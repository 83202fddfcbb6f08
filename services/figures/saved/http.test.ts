import { expect, test } from '@jest/globals';
import { createSavedRoutes, type SavedHttp } from './http.js';
import type { Scope } from '../../shared/domain/people/rights.js';
import type { SavedReport } from './saved-report.js';

const scope = { queues: [], sites: [], clientUnits: [] };
const saved = (id: string, ownerId: string, isShared: boolean): SavedReport => ({
  ...{ id, ownerId, isShared, name: id, period: 'yesterday', interval: 'whole', by: 'queue', figures: ['entered'] },
});

/** The routes over these reports, asked by ann; eve has left. */
function routesOf(reports: SavedReport[], own: Scope = scope) {
  const account = (_id: string, disabled: boolean, ofAccount: Scope = scope) => ({
    ...{ _id, displayName: _id, roles: ['supervisor'], scope: ofAccount, disabled },
  });
  const theirs = { ...scope, clientUnits: ['theirs'] };
  const accounts = [account('ann', false, own), account('bert', false), account('eve', true), account('fay', false, theirs)];
  const routes = createSavedRoutes({
    store: {
      own: async (id: string, ownerId: string) => reports.find((each) => each.id === id && each.ownerId === ownerId),
      change: async (id: string, ownerId: string, choices: object) => {
        const place = reports.findIndex((each) => each.id === id && each.ownerId === ownerId);
        reports.splice(place, 1, { ...reports[place], ...choices } as SavedReport);
        return place >= 0;
      },
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
    canMail: () => true,
    hasLinks: false,
    audit: async () => undefined,
    newId: () => 'new',
    now: () => new Date(),
  } satisfies SavedHttp);
  const ask = async (method: string, id?: string, body?: object): Promise<unknown> =>
    routes
      .find((route) => route.method === method && route.path.endsWith(':id') === (id !== undefined))
      ?.handle({ principal: { userId: 'ann', scope: own }, params: { id }, body, from: 'here' } as never);
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

test("somebody of one client sees no person and no report of another client's, mails nothing there, and removes nothing of anybody", async () => {
  const reports = [saved('fays', 'fay', true), saved('orphan', 'eve', true), saved('berts', 'bert', true), saved('own', 'ann', false)];
  const { ask } = routesOf(reports, { ...scope, clientUnits: ['ours'] });
  const answer = (await ask('get')) as { readonly people: readonly { name: string }[]; readonly reports: readonly { id: string }[] };
  expect(answer.people.map(({ name }) => name)).toEqual(['ann', 'bert']);
  expect(answer.reports.map(({ id }) => id)).toEqual(['berts', 'own']);
  const { id: _id, ownerId: _owner, ...choices } = saved('new', 'ann', false);
  const schedule = { rhythm: 'workday', atMinute: 480, form: 'csv', language: 'en', people: ['ann', 'fay'] };
  await expect(ask('post', undefined, { ...choices, schedule })).rejects.toMatchObject({ code: 'invalid-request' });
  await expect(ask('delete', 'orphan')).rejects.toMatchObject({ code: 'not-found' });
});

test('a report that names a person whom its owner sees no more is shown without the name and changed without the person', async () => {
  const schedule = { rhythm: 'workday', atMinute: 480, form: 'csv', language: 'en', people: ['ann', 'fay'] } as const;
  const unsent = ['ann', 'fay'].map((userId) => ({ userId, reason: 'no-address' as const }));
  const lastMailed = { date: '2026-11-30', at: new Date(), sent: [], unsent };
  const reports = [{ ...saved('own', 'ann', false), schedule, lastMailed }];
  const { ask } = routesOf(reports, { ...scope, clientUnits: ['ours'] });
  const { reports: shown } = (await ask('get')) as { readonly reports: readonly object[] };
  expect(shown).toMatchObject([
    { schedule: { people: ['ann'], unseen: 1 }, lastMailed: { unsent: [{ userId: 'ann' }], unseen: { sent: 0, unsent: ['no-address'] } } },
  ]);
  const { id: _id, ownerId: _owner, ...choices } = saved('own', 'ann', false);
  expect(await ask('put', 'own', { ...choices, name: 'Renamed', schedule })).toMatchObject({ schedule: { people: ['ann'], unseen: 0 } });
  expect(reports).toMatchObject([{ name: 'Renamed', schedule: { people: ['ann'] } }]);
  // A person who was never named is refused as before, and somebody has to remain.
  await expect(ask('put', 'own', { ...choices, schedule: { ...schedule, people: ['ann', 'eve'] } })).rejects.toMatchObject({
    code: 'invalid-request',
  });
  reports[0] = { ...saved('own', 'ann', false), schedule: { ...schedule, people: ['fay'] } } as never;
  await expect(ask('put', 'own', { ...choices, schedule: { ...schedule, people: ['fay'] } })).rejects.toMatchObject({
    code: 'invalid-request',
  });
});

test('the page learns whether mails have a link', async () => {
  expect(await routesOf([]).ask('get')).toMatchObject({ canMail: true, hasLinks: false });
});
