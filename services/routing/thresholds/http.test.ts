import { expect, test } from '@jest/globals';
import { Threshold } from '../../shared/contracts/queues/threshold.js';
import { createThresholdRoutes, type ThresholdHttp } from './http.js';

const threshold = Threshold.parse({
  ...{ id: 't1', revision: 1, scope: { of: 'queue', id: 'q' }, figure: 'waiting', window: 'today', worse: 'above', warn: 1, clear: 0 },
});

function routes() {
  const happened: string[] = [];
  let kept: Threshold | undefined = threshold;
  const all = createThresholdRoutes({
    thresholds: {
      all: async () => (kept === undefined ? [] : [kept]),
      byId: async () => kept,
      put: async (after: Threshold) => (kept = after),
      remove: async () => {
        kept = undefined;
        happened.push('removed');
        return true;
      },
    },
    accounts: { find: async () => [] },
    audit: async () => undefined,
    changed: async () => void happened.push('changed'),
    clock: { nowMs: () => 0 },
    bus: {
      publish: async (name: string, { code, subject }: { code: string; subject: string }) =>
        void happened.push(`${name} ${code} ${subject}`),
    },
  } as unknown as ThresholdHttp);
  const ask = async (method: string, body?: object): Promise<unknown> =>
    all
      .find((each) => each.method === method)
      ?.handle({
        principal: { userId: 'u', name: 'u' },
        params: { thresholdId: 't1' },
        body,
        from: '',
        request: { get: () => undefined },
      } as never);
  return { ask, happened };
}

const takenBack = ['notice.cleared figure-warning t1', 'notice.cleared figure-alarm t1'];

test('what a removed threshold raised is cleared by the removal: the routing process that raised it may be gone', async () => {
  const { ask, happened } = routes();
  await ask('delete');
  expect(happened).toEqual(['removed', 'changed', ...takenBack]);
});

test('whoever had no answer and removes it once more ends its alarm, and is told that it is gone', async () => {
  const { ask, happened } = routes();
  await ask('delete');
  await expect(ask('delete')).rejects.toMatchObject({ code: 'not-found' });
  expect(happened).toEqual(['removed', 'changed', ...takenBack, 'changed', ...takenBack]);
});

test('so is what a threshold raised that is in use no longer; one that stays in use is left to routing', async () => {
  const { ask, happened } = routes();
  const { id: _id, revision: _revision, ...draft } = threshold;
  await ask('put', draft);
  expect(happened).toEqual(['changed']);
  await ask('put', { ...draft, active: false });
  expect(happened.slice(1)).toEqual(['changed', ...takenBack]);
});

test('whoever leads a team reads the thresholds of that team alone', async () => {
  const of = (id: string, scope: object): Threshold => Threshold.parse({ ...threshold, id, figure: 'answered', scope });
  const all = createThresholdRoutes({
    thresholds: {
      all: async () => [
        of('own', { of: 'team', id: 'day' }),
        of('theirs', { of: 'team', id: 'night' }),
        of('queue', { of: 'queue', id: 'q' }),
        of('agent', { of: 'agent', id: 'ann' }),
        of('site', { of: 'site' }),
      ],
    },
    accounts: { find: async () => [] },
    places: { queues: async () => () => false },
    reachOf: async () => ({ queues: [], numbers: [], members: [] }),
  } as unknown as ThresholdHttp);
  const principal = { userId: 'u', name: 'u', roles: ['supervisor'], scope: { queues: [], sites: [], clientUnits: [], teams: ['day'] } };
  const read = await all.find(({ method }) => method === 'get')?.handle({ principal, params: {}, from: '' } as never);
  expect((read as { thresholds: readonly Threshold[] }).thresholds.map(({ id }) => id)).toEqual(['own']);
});

test('whoever is of one client learns no name of the people of another, except of those who get its alarms already', async () => {
  const person = (name: string, clientUnits: readonly string[], more: object = {}) => ({
    ...{ _id: name, displayName: name, roles: ['supervisor'], disabled: false },
    ...{ scope: { queues: [], sites: [], clientUnits, teams: [] }, ...more },
  });
  const mine = Threshold.parse({ ...threshold, scope: { of: 'client-unit', id: 'bank' }, people: ['named'] });
  const all = createThresholdRoutes({
    thresholds: { all: async () => [mine], byId: async () => mine, put: async (after: Threshold) => after },
    accounts: {
      find: async () => [
        person('of-bank', ['bank']),
        person('everywhere', []),
        person('of-shop', ['shop']),
        person('named', ['shop']),
        person('past', ['bank'], { expiresAt: new Date(-1) }),
        person('agent', ['bank'], { roles: ['agent'] }),
      ],
    },
    places: { queues: async () => () => false },
    reachOf: async () => ({ queues: [], numbers: [], members: [] }),
    audit: async () => undefined,
    changed: async () => undefined,
    clock: { nowMs: () => 0 },
  } as unknown as ThresholdHttp);
  const principal = { userId: 'u', name: 'u', roles: ['supervisor'], scope: { queues: [], sites: [], clientUnits: ['bank'], teams: [] } };
  const ask = async (method: string, body?: object): Promise<unknown> =>
    all
      .find((each) => each.method === method)
      ?.handle({ principal, params: { thresholdId: 't1' }, body, from: '', request: { get: () => undefined } } as never);
  expect(await ask('get')).toMatchObject({
    people: [
      { userId: 'of-bank', name: 'of-bank' },
      { userId: 'everywhere', name: 'everywhere' },
      { userId: 'named', name: 'named' },
    ],
  });
  const { id: _id, revision: _revision, ...draft } = mine;
  await expect(ask('put', { ...draft, people: ['named', 'of-shop'] })).rejects.toMatchObject({
    code: 'invalid-request',
    details: [{ at: 'people.1' }],
  });
  expect(await ask('put', { ...draft, people: ['named', 'of-bank'] })).toMatchObject({ people: ['named', 'of-bank'] });
});
