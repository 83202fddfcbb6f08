import { beforeEach, expect, test } from '@jest/globals';
import type { Principal, Scope } from '../../shared/domain/people/rights.js';
import { spellsOf, type Team } from '../../shared/domain/people/team.js';
import type { AuditEntry } from '../../shared/platform/http/route.js';
import type { Account } from '../account.js';
import { createTeamService, type TeamService } from './team-service.js';

const WHOLE: Scope = { queues: [], sites: [], clientUnits: [] };
const boss: Principal = { userId: 'boss', name: 'boss', sessionId: 's', roles: ['admin'], scope: WHOLE };
const withScope = (scope: Partial<Scope>): Principal => ({ ...boss, scope: { ...WHOLE, ...scope } });

let accounts: Map<string, Account>;
let teams: Map<string, Team>;
let trail: AuditEntry[];
let today: Date;
let service: TeamService;

beforeEach(async () => {
  const person = (id: string): [string, Account] => [
    id,
    { id, name: id, displayName: id, scope: WHOLE, roles: ['agent'] } as unknown as Account,
  ];
  accounts = new Map(['ann', 'bob', 'eve'].map(person));
  teams = new Map();
  trail = [];
  today = new Date('2026-11-02T00:00:00+08:00');
  service = createTeamService({
    teams: {
      all: async () => [...teams.values()],
      byId: async (id) => teams.get(id),
      put: async (team) => void teams.set(team.id, { ...teams.get(team.id), ...team }),
      close: async (id, closedAt) => void teams.set(id, { ...teams.get(id)!, closedAt }),
    },
    accounts: {
      all: async () => [...accounts.values()],
      byId: async (id) => accounts.get(id),
      change: async (id, change) => void accounts.set(id, { ...accounts.get(id)!, ...change }),
    },
    exclusive: (work) => work(),
    scopeOf: async ({ scope }) => scope,
    today: () => today,
    now: () => today,
    audit: async (entry) => void trail.push(entry),
  });
  for (const id of ['day', 'night']) await service.save(boss, { id, name: { 'zh-CN': id } }, 'here');
});

const membersOf = async (id: string, by = boss): Promise<readonly string[] | undefined> =>
  (await service.visibleTo(by)).find(({ team }) => team.id === id)?.memberIds;

test('a person is in one team: whoever comes into another leaves the one before, from that day on', async () => {
  await service.setMembers(boss, 'day', { userIds: ['ann', 'bob'] }, 'here');
  today = new Date('2026-11-10T00:00:00+08:00');
  await service.setMembers(boss, 'night', { userIds: ['bob'] }, 'here');
  expect([await membersOf('day'), await membersOf('night')]).toEqual([['ann'], ['bob']]);
  expect(spellsOf('bob', accounts.get('bob')?.memberships)).toEqual([
    { teamId: 'day', agentId: 'bob', fromMs: Date.parse('2026-11-02T00:00:00+08:00'), untilMs: today.getTime() },
    { teamId: 'night', agentId: 'bob', fromMs: today.getTime() },
  ]);
  expect(trail.filter(({ what }) => what === 'account.team-changed').map(({ object, reason }) => `${object}: ${reason}`)).toEqual([
    'ann: - → day',
    'bob: - → day',
    'bob: day → night',
  ]);
});

test('a team with members is closed only when it is said where they go, and then takes nobody', async () => {
  await service.setMembers(boss, 'day', { userIds: ['ann'] }, 'here');
  await expect(service.close(boss, 'day', undefined, 'here')).rejects.toMatchObject({ code: 'wrong-state', details: { members: 1 } });
  await service.close(boss, 'day', 'night', 'here');
  expect([await membersOf('day'), await membersOf('night')]).toEqual([[], ['ann']]);
  expect(teams.get('day')?.closedAt).toEqual(today);
  await expect(service.setMembers(boss, 'day', { userIds: ['eve'] }, 'here')).rejects.toMatchObject({ code: 'wrong-state' });
  await expect(service.save(boss, { id: 'day', name: { 'zh-CN': 'x' } }, 'here')).rejects.toMatchObject({ code: 'wrong-state' });
});

test('closing on the day of a move leaves nobody in the closed team', async () => {
  await service.setMembers(boss, 'day', { userIds: ['ann'] }, 'here');
  await service.close(boss, 'day', null, 'here');
  expect(accounts.get('ann')?.memberships).toEqual([]);
});

test.each<[string, Partial<Scope>, string | null, boolean]>([
  ['the whole site: everybody', {}, 'day', true],
  ['a team: into it', { teams: ['day'] }, 'day', true],
  ['a team: into no other', { teams: ['day'] }, 'night', false],
  ['a team: out of it', { teams: ['day'] }, null, false],
  ['a client unit: nobody', { clientUnits: ['u'] }, 'day', false],
])('moving people changes what others see; with a scope of %s', async (_name, scope, to, may) => {
  const moving = service.refuseMove(withScope(scope), to);
  if (may) await expect(moving).resolves.toBeUndefined();
  else await expect(moving).rejects.toMatchObject({ code: 'outside-scope' });
});

test('whoever saves a list that another has changed meanwhile throws nobody out', async () => {
  await service.setMembers(boss, 'day', { userIds: ['ann'], before: [] }, 'here');
  await service.move(boss, 'bob', 'day', 'here');
  const stale = service.setMembers(boss, 'day', { userIds: ['ann', 'eve'], before: ['ann'] }, 'here');
  await expect(stale).rejects.toMatchObject({ code: 'changed-meanwhile' });
  expect(await membersOf('day')).toEqual(['ann', 'bob']);
  await service.setMembers(boss, 'day', { userIds: ['bob'], before: ['bob', 'ann'] }, 'here');
  expect(await membersOf('day')).toEqual(['bob']);
});

test('an unknown person, an unknown team: nothing is done', async () => {
  await expect(service.setMembers(boss, 'day', { userIds: ['ann', 'nobody'] }, 'here')).rejects.toMatchObject({ code: 'not-found' });
  await expect(service.setMembers(boss, 'noon', { userIds: ['ann'] }, 'here')).rejects.toMatchObject({ code: 'not-found' });
  expect(await membersOf('day')).toEqual([]);
});

test('whoever has a team sees it alone', async () => {
  await service.setMembers(boss, 'day', { userIds: ['ann'] }, 'here');
  expect((await service.visibleTo(withScope({ teams: ['night'] }))).map(({ team }) => team.id)).toEqual(['night']);
  expect((await service.visibleTo(boss)).map(({ team }) => team.id)).toEqual(['day', 'night']);
});
