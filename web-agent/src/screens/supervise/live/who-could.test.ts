import { expect, test } from '@jest/globals';
import type { AgentRow } from '../../../../../services/shared/contracts/queues/board.js';
import { whoCould, type Skills } from './who-could.js';

const row = (agentId: string, state: AgentRow['state'], queues: readonly string[]): AgentRow => ({
  agentId,
  name: agentId,
  state,
  since: '2026-11-28T08:00:00.000Z',
  queues: [...queues],
});
const agents = [
  row('anna', 'ready', ['service']),
  row('bert', 'ready', ['service']),
  row('carl', 'away', ['service']),
  row('dora', 'ready', []),
];
const levels: Readonly<Record<string, Skills>> = { anna: { french: 7 }, bert: { french: 3 }, carl: { french: 9 }, dora: { french: 9 } };

test.each<[string, Skills, string[]]>([
  ['asks for nothing: whoever is ready and serves it', {}, ['anna', 'bert']],
  ['asks for a level: who holds it', { french: 5 }, ['anna']],
  ['asks for what nobody holds', { french: 5, tax: 1 }, []],
])('a queue that %s', (_name, skills, expected) => {
  const could = whoCould({ id: 'service', skills }, agents, (agentId) => levels[agentId] ?? {});
  expect(could.map(({ agentId }) => agentId)).toEqual(expected);
});
