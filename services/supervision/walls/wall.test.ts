import { expect, test } from '@jest/globals';
import { AgentSnapshot, QueueSnapshot } from '../../shared/contracts/calls/commands.js';
import type { ThresholdMark } from '../../shared/contracts/queues/threshold.js';
import { ScopeRow } from '../../shared/contracts/queues/scope-row.js';
import { WallLayout } from '../../shared/contracts/queues/wall.js';
import { boardFigureKeys } from '../../shared/domain/figures/keys.js';
import { mayShow, queuesOfLayout, rowScopesOf, rowsOfWall, type ShownWall } from './wall.js';

const figures = Object.fromEntries(boardFigureKeys.map((key) => [key, { numerator: 1, denominator: 1, value: 1 }]));
const queue = (queueId: string, more: object = {}): QueueSnapshot =>
  QueueSnapshot.parse({
    queueId,
    name: { en: queueId },
    waiting: 1,
    longestWaitMs: 1_000,
    states: {},
    today: figures,
    lately: figures,
    serviceLevel: { targetPercent: 80, thresholdMs: 20_000, formula: 'sl.strict' },
    ...more,
  });
const agent = (agentId: string, queues: string[], more: object = {}): AgentSnapshot =>
  AgentSnapshot.parse({ agentId, name: `Person ${agentId}`, state: 'ready', since: '2026-11-30T01:00:00Z', queues, ...more });
const mark = (thresholdId: string, scope: ThresholdMark['scope']): ThresholdMark => ({
  thresholdId,
  scope,
  figure: 'waiting',
  window: 'today',
  level: 'alarm',
  value: 3,
  denominator: 1,
  clientUnit: 'unit-a',
});

const row = (of: ScopeRow['of'], id: string): ScopeRow => ScopeRow.parse({ of, id, today: {}, lately: {} });

const facts = {
  queues: [queue('a'), queue('b'), queue('proof', { internal: true })],
  agents: [
    agent('anna', ['a'], { state: 'on-call', callId: 'call-of-anna' }),
    agent('both', ['a', 'b']),
    agent('bert', ['b']),
    agent('system:proof-seat', ['a']),
  ],
  rows: [row('team', 'day'), row('team', 'night'), row('number', '4001'), row('agent', 'anna')],
  marks: [mark('m-a', { of: 'queue', id: 'a' }), mark('m-b', { of: 'queue', id: 'b' }), mark('m-site', { of: 'site', id: '' })],
};
const layout = (...tiles: object[]): WallLayout => WallLayout.parse({ screens: [{ tiles }] });
const wall = (shown: WallLayout, seen: readonly string[] | 'all'): ShownWall => ({
  wallId: 'w',
  name: 'Hall',
  layout: shown,
  zone: 'Asia/Shanghai',
  isOwn: (id) => seen === 'all' || seen.includes(id),
  isOwnRow: ({ id }) => seen === 'all' || seen.includes(id),
  wholeSite: seen === 'all',
  alarms: undefined,
});
const ids = (shown: ShownWall): string[] => rowsOfWall(shown, facts).map(({ id }) => id);

test('a wall has the queues that its maker sees and no others, with their thresholds', () => {
  expect(ids(wall(layout({ kind: 'queues' }), ['a']))).toEqual(['layout', 'queue:a', 'mark:m-a']);
  expect(ids(wall(layout({ kind: 'queues' }), 'all'))).toEqual(['layout', 'queue:a', 'queue:b', 'mark:m-a', 'mark:m-b', 'mark:m-site']);
});

test('it has only what its layout shows, and nothing of a named queue that went out of reach', () => {
  const shown = layout({ kind: 'figure', figure: 'waiting', queueId: 'b' });
  expect(queuesOfLayout(shown)).toEqual(['b']);
  expect(ids(wall(shown, 'all'))).toEqual(['layout', 'queue:b', 'mark:m-b', 'mark:m-site']);
  expect(ids(wall(shown, ['a']))).toEqual(['layout']);
});

test('rows of a kind are those that its maker sees, with their thresholds; a layout without such a tile has none, and none is of a person', () => {
  const shown = layout({ kind: 'rows', by: 'team' });
  expect(rowScopesOf(shown)).toEqual(['team']);
  expect(ids(wall(shown, ['day']))).toEqual(['layout', 'team:day']);
  expect(ids(wall(shown, 'all'))).toEqual(['layout', 'team:day', 'team:night', 'mark:m-site']);
  const ofTeam = { ...facts, marks: [mark('m-day', { of: 'team', id: 'day' }), mark('m-night', { of: 'team', id: 'night' })] };
  expect(rowsOfWall(wall(shown, ['day']), ofTeam).map(({ id }) => id)).toEqual(['layout', 'team:day', 'mark:m-day']);
  expect(ids(wall(layout({ kind: 'queues' }), 'all'))).not.toContain('team:day');
  expect(WallLayout.safeParse({ screens: [{ tiles: [{ kind: 'rows', by: 'agent' }] }] }).success).toBe(false);
});

test('a tile of a trunk has the row of that trunk alone, and no queue', () => {
  const shown = layout({ kind: 'figure', figure: 'asr', trunkId: 't1' });
  expect(rowScopesOf(shown)).toEqual(['trunk']);
  const withTrunks = { ...facts, rows: [...facts.rows, row('trunk', 't1'), row('trunk', 't2')] };
  expect(rowsOfWall(wall(shown, 'all'), withTrunks).map(({ id }) => id)).toEqual(['layout', 'trunk:t1', 'mark:m-site']);
  expect(rowsOfWall(wall(shown, ['a']), withTrunks).map(({ id }) => id)).toEqual(['layout']);
});

test('a tile of channels has its trunk, or all that its maker sees', () => {
  const withTrunks = { ...facts, rows: [...facts.rows, row('trunk', 't1'), row('trunk', 't2')] };
  const idsOf = (tile: object) => rowsOfWall(wall(layout({ kind: 'channels', ...tile }), 'all'), withTrunks).map(({ id }) => id);
  expect(idsOf({})).toEqual(['layout', 'trunk:t1', 'trunk:t2', 'mark:m-site']);
  expect(idsOf({ trunkId: 't2' })).toEqual(['layout', 'trunk:t2', 'mark:m-site']);
});

test('agents are counted once each and never named; the call of one is nowhere in it', () => {
  const shown = layout({ kind: 'agents' }, { kind: 'queues' });
  const find = (seen: readonly string[] | 'all') => rowsOfWall(wall(shown, seen), facts).find(({ id }) => id === 'agents');
  expect(find('all')).toEqual({ id: 'agents', of: 'agents', states: { 'on-call': 1, ready: 2 } });
  expect(find(['b'])).toEqual({ id: 'agents', of: 'agents', states: { ready: 2 } });
  const text = JSON.stringify(rowsOfWall(wall(shown, 'all'), facts));
  for (const hidden of ['anna', 'Person', 'call-of-anna', 'unit-a']) expect(text).not.toContain(hidden);
});

test('whoever may no longer make walls, or no longer sees the centre, has none that is shown', () => {
  const maker = { userId: 'u', name: 'u', sessionId: '', scope: { queues: [], sites: [], clientUnits: [] } };
  expect(mayShow({ ...maker, roles: ['supervisor'] })).toBe(true);
  expect(mayShow({ ...maker, roles: ['agent'] })).toBe(false);
  expect(mayShow({ ...maker, roles: [] })).toBe(false);
});
