import { expect, test } from '@jest/globals';
import { reachesAll } from '../../test/support/reaches.js';
import type { ReachUse } from '../shared/domain/people/named-object.js';
import type { Principal } from '../shared/domain/people/rights.js';
import type { ReachesObject } from '../shared/platform/reach/reach.js';
import type { AnyRouteReach } from '../shared/platform/http/route-reach.js';
import { refuseByAddress, refuseByContent, refuseNamed, watchScope } from './refuse-reach.js';

const person = (...queues: string[]): Principal => ({
  userId: 'u',
  name: 'U',
  sessionId: 's',
  roles: ['supervisor'],
  scope: { queues, sites: [], clientUnits: [] },
});
/** The person's own queue may be changed, the shared one only read. */
const reaches: ReachesObject = {
  ...reachesAll(false),
  queue: async (_principal, id, use) => id === 'own' || (id === 'shared' && use === 'read'),
};
const byAddress = (principal: Principal | undefined, reach: AnyRouteReach, queueId: unknown, use: ReachUse = 'write'): Promise<void> =>
  refuseByAddress(reaches, principal, reach, { queueId }, use);
const queue: AnyRouteReach = { kind: 'object', of: 'queue', param: 'queueId' };

test('what is of the whole site is refused to whoever has a scope, with a code of its own', async () => {
  await expect(byAddress(person('own'), { kind: 'site' }, undefined)).rejects.toMatchObject({ code: 'outside-scope' });
  await expect(byAddress(person(), { kind: 'site' }, undefined)).resolves.toBeUndefined();
});

test('an object out of reach is answered like one that is not there, for reads and for writes', async () => {
  await expect(byAddress(person('own'), queue, 'own')).resolves.toBeUndefined();
  await expect(byAddress(person('own'), queue, 'shared', 'read')).resolves.toBeUndefined();
  for (const id of ['shared', 'theirs', undefined, ['own']])
    await expect(byAddress(person('own'), queue, id)).rejects.toMatchObject({ code: 'not-found' });
});

test.each<[string, AnyRouteReach]>([
  ['beside the one in the address', { ...queue, also: ({ body }) => [{ of: 'queue', id: String(body), use: 'read' }] }],
  ['without one in the address', { kind: 'objects', named: async ({ body }) => [{ of: 'queue', id: String(body), use: 'read' }] }],
])('objects that the body names have to be in reach too: %s', async (_name, reach) => {
  const byBody = (principal: Principal | undefined, body: string): Promise<void> =>
    refuseByContent(reaches, principal, reach, { params: {}, query: {}, body }, 'write');
  await expect(byBody(person('own'), 'shared')).resolves.toBeUndefined();
  await expect(byBody(person('own'), 'theirs')).rejects.toMatchObject({ code: 'not-found' });
  await expect(byBody(person(), 'theirs')).resolves.toBeUndefined();
});

test('a body that names the whole site is for whoever has no scope', async () => {
  await expect(refuseNamed(reaches, person('own'), [{ of: 'site', id: '' }], 'write')).rejects.toMatchObject({ code: 'outside-scope' });
});

test('without a scope, and without a person, nothing is asked', async () => {
  for (const nobodyAsked of [person(), undefined]) await expect(byAddress(nobodyAsked, queue, 'theirs')).resolves.toBeUndefined();
});

test('a handler that never looks at the scope is found out', () => {
  const watched = watchScope(person('own'));
  expect([watched.principal.userId, watched.asked()]).toEqual(['u', false]);
  expect(watched.principal.scope.queues).toEqual(['own']);
  expect(watched.asked()).toBe(true);
});
