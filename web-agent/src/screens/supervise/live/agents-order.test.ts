import { expect, test } from '@jest/globals';
import type { AgentRow } from '../../../../../services/shared/contracts/queues/board.js';
import { EVERY_TEAM, NO_TEAM, shownAgents, type AgentBeside, type Order } from './agents-order.js';

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

test('in a long list those who are signed out are shown when asked for', () => {
  const many = [...rows, ...Array.from({ length: 30 }, (_, index) => row(`A ${index}`, 'away', index))];
  const shown = (state: AgentRow['state'] | 'all', text = ''): boolean =>
    shownAgents(many, { text, state, order: 'name' }).some(({ name }) => name === 'Seat 3');
  expect([shown('all'), shown('signed-out'), shown('all', 'seat')]).toEqual([false, true, true]);
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
