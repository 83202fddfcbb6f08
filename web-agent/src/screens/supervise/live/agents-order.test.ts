import { expect, test } from '@jest/globals';
import type { AgentRow } from '../../../../../services/shared/contracts/queues/board.js';
import { shownAgents } from './agents-order.js';

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
