import { expect, test } from '@jest/globals';
import type { Principal } from '../domain/rights.js';
import { createReach, narrowedBySites, NOTHING, withinReach } from './reach.js';

const numbers = [
  { number: '4001000', clientUnit: 'C1', site: 'S1' },
  { number: '4002000', clientUnit: 'C2', site: 'S2' },
  { number: '4003000' },
];
const person = (scope: Partial<Principal['scope']>): Principal => ({
  userId: 'u',
  name: 'u',
  sessionId: 's',
  roles: ['supervisor'],
  scope: { queues: [], sites: [], clientUnits: [], ...scope },
});
const reachOf = createReach(async () => numbers);

test.each<[string, Partial<Principal['scope']>, { queueId?: string; called?: string }, boolean]>([
  ['without a scope every call', {}, {}, true],
  ['one queue: its calls', { queues: ['q1'] }, { queueId: 'q1', called: '4002000' }, true],
  ['one queue: no other queue', { queues: ['q1'] }, { queueId: 'q2' }, false],
  ['one queue: no call that reached none', { queues: ['q1'] }, {}, false],
  ['one client: calls on its numbers', { clientUnits: ['C1'] }, { queueId: 'q9', called: '4001000' }, true],
  ["one client: no call of another client's", { clientUnits: ['C1'] }, { called: '4002000' }, false],
  ['one client: no call on a number of nobody', { clientUnits: ['C1'] }, { called: '4003000' }, false],
  ['a client without numbers: nothing', { clientUnits: ['C3'] }, { called: '4001000' }, false],
  ['queue and client: both have to fit', { queues: ['q1'], clientUnits: ['C1'] }, { queueId: 'q1', called: '4002000' }, false],
  ['one site: calls on its numbers', { sites: ['S1'] }, { called: '4001000' }, true],
  ["one site: no call of another site's", { sites: ['S1'] }, { called: '4002000' }, false],
  ['site and client: both have to fit', { sites: ['S1'], clientUnits: ['C2'] }, { called: '4002000' }, false],
])('%s', async (_name, scope, call, within) => {
  expect(withinReach(await reachOf(person(scope)), call)).toBe(within);
});

test('nobody reaches nothing', async () => {
  expect(await reachOf(undefined)).toEqual(NOTHING);
  expect(withinReach(NOTHING, { called: '4001000' })).toBe(false);
});

test.each<[string, Partial<Principal['scope']>, readonly string[]]>([
  ['no site: as it was', { clientUnits: ['C2'] }, ['C2']],
  ['a site: the client units whose numbers are served there', { sites: ['S1'] }, ['C1']],
  ['a site and another client unit: none', { sites: ['S1'], clientUnits: ['C2'] }, ['(none)']],
  ['a site that serves nobody: none', { sites: ['S9'] }, ['(none)']],
])('what is kept by client unit alone follows the sites: %s', async (_name, scope, clientUnits) => {
  expect((await narrowedBySites(async () => numbers)(person(scope))).scope.clientUnits).toEqual(clientUnits);
});
