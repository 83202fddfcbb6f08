import { expect, test } from '@jest/globals';
import type { Principal } from '../../domain/people/rights.js';
import { createReach, isScoped, narrowedBySites, NOTHING, ofMembers, withinReach } from './reach.js';

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

const MONDAY = Date.UTC(2026, 10, 2);
const TUESDAY = Date.UTC(2026, 10, 3);
const ofTeam = person({ teams: ['t1'] });
const reachOfTeams = createReach(
  async () => numbers,
  async (teamIds) =>
    [
      { teamId: 't1', agentId: 'ann', fromMs: TUESDAY },
      { teamId: 't1', agentId: 'bob', fromMs: MONDAY, untilMs: TUESDAY },
      { teamId: 't2', agentId: 'eve', fromMs: MONDAY },
    ].filter(({ teamId }) => teamIds?.includes(teamId) === true),
);

test.each<[string, { called?: string; agentId?: string; agentIds?: string[] }, number | undefined, boolean]>([
  ['a call of a member', { agentId: 'ann' }, undefined, true],
  ['a call that a member was in', { agentIds: ['eve', 'ann'] }, TUESDAY, true],
  ['no call of a member before the person came', { agentId: 'ann' }, MONDAY, false],
  ['a call of who was a member then', { agentId: 'bob' }, MONDAY, true],
  ['no call of who has left', { agentId: 'bob' }, undefined, false],
  ['no call of another team', { agentId: 'eve', called: '4001000' }, undefined, false],
  ['no call that nobody took', { called: '4001000' }, undefined, false],
])('a team: %s', async (_name, call, at, within) => {
  expect(withinReach(await reachOfTeams(ofTeam), call, at)).toBe(within);
});

test('whoever has teams has a scope, and of what does not ask for members nothing', async () => {
  expect(isScoped(ofTeam)).toBe(true);
  expect(await reachOfTeams(ofTeam)).toMatchObject({ queues: [], numbers: [] });
  const { scope } = await narrowedBySites(async () => numbers)(person({ teams: ['t1'], sites: ['S1'] }));
  expect(scope).toMatchObject({ clientUnits: ['(none)'], teams: ['t1'] });
});

test('the condition of a store has one line for each spell, and finds nothing for a team without members', () => {
  const condition = ofMembers([{ teamId: 't1', agentId: 'bob', fromMs: MONDAY, untilMs: TUESDAY }], {
    agent: 'agentIds',
    at: 'startedAt',
    isText: true,
  });
  expect(condition).toEqual({
    $or: [{ agentIds: 'bob', startedAt: { $gte: '2026-11-02T00:00:00.000Z', $lt: '2026-11-03T00:00:00.000Z' } }],
  });
  expect(ofMembers([], { agent: 'agentId', at: 'at' })).toEqual({ _id: { $in: [] } });
});
