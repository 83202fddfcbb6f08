import { expect, test } from '@jest/globals';
import type { Principal } from '../shared/domain/rights.js';
import type { ReachesObject } from '../shared/platform/reach.js';
import { objectsNamedBy, refuseOutOfReach } from './object-reach.js';

const person = (queues: readonly string[]): Principal => ({
  userId: 'u',
  name: 'U',
  sessionId: 's',
  roles: ['supervisor'],
  scope: { queues, sites: [], clientUnits: [] },
});
const only =
  (own: string) =>
  async (_principal: Principal, id: string): Promise<boolean> =>
    id === own;
const reaches: ReachesObject = { call: only('c1'), complaint: only('k1'), agent: only('a1'), queue: only('q1'), number: only('n1') };

test.each([
  ['/recordings/:callId/audio', [{ kind: 'call', param: 'callId' }]],
  ['/complaints/:id/act', [{ kind: 'complaint', param: 'id' }]],
  ['/complaints/calendars/:year', []],
  ['/agents/:agentId/state', [{ kind: 'agent', param: 'agentId' }]],
  ['/numbers/:number/flows', [{ kind: 'number', param: 'number' }]],
  ['/users/:id', []],
])('%s', (path, named) => {
  expect(objectsNamedBy(path)).toEqual(named);
});

test('a scope keeps out of what is not in reach, as if it were not there', async () => {
  const asked = (callId: unknown): Promise<void> => refuseOutOfReach(reaches, person(['q1']), '/calls/:callId', { callId });
  await expect(asked('c1')).resolves.toBeUndefined();
  for (const other of ['c2', undefined, ['c1']]) await expect(asked(other)).rejects.toMatchObject({ code: 'not-found' });
});

test('without a scope nothing is asked', async () => {
  await expect(refuseOutOfReach(reaches, person([]), '/calls/:callId', { callId: 'c2' })).resolves.toBeUndefined();
  await expect(refuseOutOfReach(reaches, undefined, '/calls/:callId', { callId: 'c2' })).resolves.toBeUndefined();
});
