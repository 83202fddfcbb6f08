import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Connection } from 'mongoose';
import { connectMongo } from '../../services/shared/platform/stores/mongo.js';
import type { WalkedRoute } from '../support/hostile/route-walk.js';
import { walkReach, type ForeignObjects, type Walker } from '../support/hostile/scope-walk.js';
import { layOutForeign, layOutTwoClients, peopleOfEveryKind, routesOf } from '../support/centre/two-clients.js';
import { asked } from '../support/asked.js';
import { BareSeat } from '../support/bare-seat.js';
import { newPerson } from '../support/centre/people.js';
import { attacked } from './support/tier.js';

// Calls every route of the table without a sign-in, and as each role with each kind of scope, for reads and for writes.

const stack = attacked();
let mongo: Connection;
let routes: readonly WalkedRoute[];
let walkers: readonly Walker[];
let foreign: ForeignObjects;
let admin: string;

beforeAll(async () => {
  admin = await stack.signIn('admin');
  mongo = await connectMongo(stack.config);
  await layOutTwoClients(stack, mongo, admin);
  walkers = await peopleOfEveryKind(stack, admin);
  const whole = walkers.find(({ role, scoped }) => role === 'supervisor' && !scoped)?.token ?? '';
  ({ foreign } = await layOutForeign(stack, admin, whole));
  routes = await routesOf(stack, admin);
}, 90_000);

afterAll(async () => {
  await (mongo as Connection | undefined)?.close();
  expect((await stack.http('GET', '/api/health')).status).toBe(200);
});

test('is answered as its declared right and reach demand', async () => {
  const { asked, routes: all, askedSignedIn, faults } = await walkReach(stack, routes, walkers, foreign);
  const open = routes.filter(({ right }) => right === 'public').map(({ method, path }) => `${method} ${path}`);
  process.stdout.write(
    `${all.length} routes, ${walkers.length} people and nobody: ${asked} requests, ${faults.length} answered wrongly; ` +
      `${askedSignedIn.length} routes asked with a sign-in, ${open.length} open to everybody\n`,
  );
  expect(faults).toEqual([]);
  // What is left creates or ends the asker's own session, seat or factor, and takes no body that could be refused: it is not asked here.
  const left = routes.filter(({ method, path }) => ![...askedSignedIn, ...open].includes(`${method} ${path}`));
  for (const { method, path, reach, right } of left)
    expect([method, path, reach.kind, right, method !== 'get']).toEqual([method, path, 'self', 'self.use', true]);
}, 300_000);

test('by the supervisor of a team nothing of a person of another team who is there, whatever route names the person', async () => {
  const seat = await BareSeat.open(stack, 'agent2');
  const { users } = await asked<{ users: { id: string; name: string }[] }>(stack, admin, 'GET', '/api/users');
  const idOf = (name: string): string => users.find((user) => user.name === name)?.id ?? '';
  const [own, other] = [idOf('agent1'), idOf('agent2')];
  for (const [teamId, userId] of [
    ['attack-team-own', own],
    ['attack-team-other', other],
  ] as const) {
    await asked(stack, admin, 'PUT', `/api/teams/${teamId}`, { name: { 'zh-CN': teamId } });
    await asked(stack, admin, 'PUT', `/api/teams/${teamId}/members`, { userIds: [userId] });
  }
  const leaders: Walker[] = [];
  for (const role of ['supervisor', 'compliance', 'admin'] as const) {
    const { token } = await newPerson(stack, admin, { name: `attack-team-${role}`, roles: [role], scope: { teams: ['attack-team-own'] } });
    leaders.push({ name: `${role} with a team`, role, by: 'team', token, scoped: true });
  }
  const { asked: requests, faults } = await walkReach(stack, routes, leaders, { ...foreign, agent: other, person: other });
  process.stdout.write(`${requests} requests of three people with a team, ${faults.length} answered wrongly\n`);
  expect(faults).toEqual([]);
  const [leader] = leaders;
  const seen = async (path: string): Promise<string> => JSON.stringify(await asked(stack, leader?.token ?? '', 'GET', path));
  for (const path of ['/api/agents/board', '/api/users', '/api/users/names', '/api/agents/skills', '/api/chat', '/api/teams'])
    expect([path, (await seen(path)).includes(other)]).toEqual([path, false]);
  expect(await seen('/api/users')).toContain(own);
  // Refused now, the request succeeds once the person is a member: the walk above was about somebody who is there.
  expect(
    (
      await stack.http('POST', `/api/agents/${other}/state`, {
        token: leader?.token ?? '',
        body: { state: 'break', reason: 'for this test' },
      })
    ).status,
  ).toBe(404);
  await asked(stack, admin, 'PUT', '/api/teams/attack-team-own/members', { userIds: [own, other] });
  expect(await seen('/api/agents/board')).toContain(other);
  expect(
    (
      await stack.http('POST', `/api/agents/${other}/state`, {
        token: leader?.token ?? '',
        body: { state: 'break', reason: 'for this test' },
      })
    ).status,
  ).toBeLessThan(300);
  await asked(stack, admin, 'PUT', '/api/teams/attack-team-own/members', { userIds: [own] });
  expect(await seen('/api/agents/board')).not.toContain(other);
  await seat.leave();
}, 120_000);
