import { expect, test } from '@jest/globals';
import type { AgentRow } from '../../../../../services/shared/contracts/queues/board.js';
import { EVERY_TEAM, NO_TEAM, shownAgents, standingOf, withAbsent, type AgentBeside, type Order } from './agents-order.js';

const row = (name: string, state: AgentRow['state'], minute: number): AgentRow => ({
  agentId: name.toLowerCase().replace(' ', '-'),
  name,
  state,
  since: `2026-11-28T08:${String(minute).padStart(2, '0')}:00.000Z`,
  queues: [],
});
const rows = [row('Seat 10', 'ready', 3), row('Seat 2', 'ready', 5), row('Seat 1', 'on-call', 9), row('Seat 3', 'signed-out', 0)];
const names = (order: 'state' | 'name' | 'since', text = '', state: AgentRow['state'] | 'all' = 'all'): string[] =>
  shownAgents(rows, { text, state, order }).map(({ name }) => name);

test('names are in the order in which people count', () => {
  expect(names('name')).toEqual(['Seat 1', 'Seat 2', 'Seat 3', 'Seat 10']);
});

test('by state those in a call come first; by time the longest', () => {
  expect(names('state')).toEqual(['Seat 1', 'Seat 2', 'Seat 10', 'Seat 3']);
  expect(names('since')).toEqual(['Seat 3', 'Seat 10', 'Seat 2', 'Seat 1']);
});

test('a search finds names and ids, within the state that is chosen', () => {
  expect(names('name', 'seat 1')).toEqual(['Seat 1', 'Seat 10']);
  expect(names('name', 'seat-10', 'ready')).toEqual(['Seat 10']);
});

test('everybody with an account is there: who has never signed in has a state of their own, and comes last', () => {
  const everybody = withAbsent(rows, [
    { agentId: 'seat-1', name: 'Seat 1', lastSignInAt: '2026-11-28T08:00:00.000Z' },
    { agentId: 'seat-4', name: 'Seat 4', lastSignInAt: null },
    { agentId: 'seat-5', name: 'Seat 5', lastSignInAt: '2026-11-01T08:00:00.000Z' },
  ]);
  const shown = (state: 'all' | 'never' | 'signed-out', order: Order = 'state'): string[] =>
    shownAgents(everybody, { text: '', state, order }).map(({ name }) => name);
  expect(everybody.map(standingOf)).toEqual(['ready', 'ready', 'on-call', 'signed-out', 'never', 'signed-out']);
  expect(shown('all')).toEqual(['Seat 1', 'Seat 2', 'Seat 10', 'Seat 3', 'Seat 5', 'Seat 4']);
  expect(shown('all', 'since')).toEqual(['Seat 5', 'Seat 3', 'Seat 10', 'Seat 2', 'Seat 1', 'Seat 4']);
  expect([shown('never'), shown('signed-out')]).toEqual([['Seat 4'], ['Seat 3', 'Seat 5']]);
  const many = withAbsent(
    Array.from({ length: 60 }, (_, index) => row(`A ${index}`, 'away', index % 60)),
    [{ agentId: 'new', name: 'New', lastSignInAt: null }],
  );
  expect(shownAgents(many, { text: '', state: 'all', order: 'name' })).toHaveLength(61);
});

test('whoever asks for help comes first in every order', () => {
  const asking = { ...row('Seat 9', 'ready', 9), help: { id: 'h1', at: '2026-11-28T08:10:00.000Z' } };
  for (const order of ['state', 'name', 'since'] as const)
    expect(shownAgents([...rows, asking], { text: '', state: 'all', order })[0]?.name).toBe('Seat 9');
});

test('a team narrows the list, and a figure of today orders it: whoever has none comes last', () => {
  const today = { answered: 3, aht: 90, occupancy: null };
  const of: Readonly<Record<string, AgentBeside>> = {
    'seat-10': { teamId: 'north', today: { ...today, answered: 12 } },
    'seat-2': { teamId: 'north', today },
    'seat-1': { today: { ...today, aht: 300 } },
  };
  const beside = (agentId: string): AgentBeside => of[agentId] ?? {};
  const shown = (order: Order, team?: string): string[] =>
    shownAgents(rows, { text: '', state: 'all', order, ...(team === undefined ? {} : { team }) }, beside).map(({ name }) => name);
  expect(shown('answered')).toEqual(['Seat 10', 'Seat 1', 'Seat 2', 'Seat 3']);
  expect(shown('aht')[0]).toBe('Seat 1');
  expect(shown('occupancy')).toEqual(['Seat 1', 'Seat 2', 'Seat 3', 'Seat 10']);
  expect(shown('name', 'north')).toEqual(['Seat 2', 'Seat 10']);
  expect(shown('name', NO_TEAM)).toEqual(['Seat 1', 'Seat 3']);
  expect(shown('name', EVERY_TEAM)).toHaveLength(4);
});

test('whoever is furthest beyond a limit comes first, any alarm before any warning; a queue and a skill narrow the list', () => {
  const limit = (level: 'warn' | 'alarm', value: number) => ({ what: 'talk', level, value, limit: 100 }) as const;
  const of: Readonly<Record<string, AgentBeside>> = {
    'seat-10': { passed: [limit('warn', 900)], skills: { french: 3 } },
    'seat-2': { passed: [limit('alarm', 101)], skills: { french: 0 } },
    'seat-3': { passed: [limit('warn', 101)] },
  };
  const serving = rows.map((each) => (each.agentId === 'seat-1' ? { ...each, queues: ['sales'] } : each));
  const shown = (order: Order, more: { queueId?: string; skill?: string } = {}): string[] =>
    shownAgents(serving, { text: '', state: 'all', order, ...more }, (agentId) => of[agentId] ?? {}).map(({ name }) => name);
  expect(shown('limits')).toEqual(['Seat 2', 'Seat 10', 'Seat 3', 'Seat 1']);
  expect(shown('name', { queueId: 'sales' })).toEqual(['Seat 1']);
  expect(shown('name', { skill: 'french' })).toEqual(['Seat 10']);
});
