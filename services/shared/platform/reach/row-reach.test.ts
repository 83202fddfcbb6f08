import { expect, test } from '@jest/globals';
import { rowScopes } from '../../domain/figures/scope-rows.js';
import type { Principal, Scope } from '../../domain/people/rights.js';
import type { TeamSpell } from '../../domain/people/team.js';
import { createReach } from './reach.js';
import { createRowReach } from './row-reach.js';

const NOW = Date.parse('2026-11-30T04:00:00Z');
const HOUR = 3_600_000;
const numbers = [
  { number: '4001', clientUnit: 'unit-a', site: 'site-a' },
  { number: '4002', clientUnit: 'unit-b', site: 'site-a' },
  { number: '4003', clientUnit: 'unit-a', site: 'site-b' },
];
const spells: readonly TeamSpell[] = [
  { teamId: 'day', agentId: 'anna', fromMs: NOW - 9 * HOUR },
  { teamId: 'day', agentId: 'moved-now', fromMs: NOW - 60_000 },
  { teamId: 'day', agentId: 'left', fromMs: NOW - 9 * HOUR, untilMs: NOW - HOUR },
];
const reach = createRowReach(
  createReach(
    async () => numbers,
    async () => spells,
  ),
  () => NOW,
);
const rows = [
  ...['4001', '4002', '4003'].map((id) => ({ of: 'number' as const, id })),
  { of: 'trunk' as const, id: 'carrier' },
  ...['unit-a', 'unit-b'].map((id) => ({ of: 'client-unit' as const, id })),
  ...['day', 'night'].map((id) => ({ of: 'team' as const, id })),
  ...['anna', 'moved-now', 'left', 'bert'].map((id) => ({ of: 'agent' as const, id })),
];
async function seen(scope: Partial<Scope>): Promise<string[]> {
  const whole: Scope = { queues: [], sites: [], clientUnits: [], ...scope };
  const principal: Principal = { userId: 'u', name: 'u', sessionId: '', roles: ['supervisor'], scope: whole };
  const isSeen = await reach(principal);
  return rows.filter(isSeen).map(({ of, id }) => `${of} ${id}`);
}

test('whoever sees the whole site sees all rows', async () => {
  expect(await seen({})).toHaveLength(rows.length);
  expect(new Set(rows.map(({ of }) => of))).toEqual(new Set(rowScopes));
});

test.each<[string, Partial<Scope>, readonly string[]]>([
  ['a client unit', { clientUnits: ['unit-a'] }, ['number 4001', 'number 4003', 'client-unit unit-a']],
  ['a site: a client unit has numbers elsewhere, too', { sites: ['site-a'] }, ['number 4001', 'number 4002']],
  ['a client unit at a site', { clientUnits: ['unit-a'], sites: ['site-a'] }, ['number 4001']],
  ['a queue: every row counts other queues as well', { queues: ['a'] }, []],
  ['a queue of a client unit', { queues: ['a'], clientUnits: ['unit-a'] }, []],
  ['a team: its row, and members for all that a row counts', { teams: ['day'] }, ['team day', 'agent anna']],
])('of %s', async (_name, scope, expected) => {
  expect(await seen(scope)).toEqual(expected);
});
