import { beforeEach, expect, test } from '@jest/globals';
import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import type { Principal } from '../../shared/domain/people/rights.js';
import type { AuditEntry } from '../../shared/platform/http/route.js';
import { Queue } from '../queue.js';
import { createAgentBatch, type AgentBatchRow, type AgentWork } from './agent-batch.js';

const boss: Principal = {
  userId: 'boss',
  name: 'Boss',
  sessionId: 's',
  roles: ['supervisor'],
  scope: { queues: [], sites: [], clientUnits: [] },
};
let queues: Map<string, Queue>;
let skills: Map<string, Record<string, number>>;
let trail: AuditEntry[];
let facts: string[];
let failsAt: string;

const queue = (id: string, members: Queue['members']): [string, Queue] => [id, Queue.parse({ id, name: { 'zh-CN': id, en: id }, members })];
beforeEach(() => {
  queues = new Map([queue('a', ['li']), queue('b', []), queue('all', 'everyone'), queue('far', ['wang'])]);
  skills = new Map([['li', { english: 3 }]]);
  [trail, facts, failsAt] = [[], [], ''];
});

const change = (rows: readonly AgentBatchRow[], commit = true) =>
  createAgentBatch({
    queues: {
      all: async () => [...queues.values()],
      async put(next) {
        if (next.id === failsAt) throw new Error('the store is away');
        queues.set(next.id, next);
        return next;
      },
      skills: async () => skills,
      setSkills: async (id, held) => void skills.set(id, held),
    },
    listed: {
      all: async () => ['li', 'wang', 'far-one'].map((agentId) => ({ agentId, name: `Name of ${agentId}`, roles: ['agent'], queues: [] })),
    },
    commands: { send: async () => [] } as unknown as CommandBus,
    places: {
      agents: async () => (agent) => agent.agentId !== 'far-one',
      queues: async () => (id) => id !== 'far',
    },
    audit: async (entry) => void trail.push(entry),
    changed: async (what) => void facts.push(what),
  })(boss, rows, commit, 'here');
const row = (id: string, before: AgentWork, after: AgentWork): AgentBatchRow => ({ id, before, after });

test('skills and queues of two people who never signed in: previewed, done, in the audit log, undone', async () => {
  const rows = [
    row('li', { skills: { english: 3 }, serves: ['a'] }, { skills: { english: 7 }, serves: ['b'] }),
    row('wang', { skills: {}, serves: [] }, { skills: { english: 7 }, serves: ['b'] }),
  ];
  expect((await change(rows, false)).rows.map(({ name, refused }) => [name, refused])).toEqual([
    ['Name of li', undefined],
    ['Name of wang', undefined],
  ]);
  expect(facts).toEqual([]);
  expect((await change(rows)).done).toBe(true);
  expect([queues.get('a')?.members, queues.get('b')?.members, queues.get('far')?.members]).toEqual([[], ['li', 'wang'], ['wang']]);
  expect([...skills]).toEqual([
    ['li', { english: 7 }],
    ['wang', { english: 7 }],
  ]);
  expect(trail.map(({ what, object, reason }) => [what, object, reason])).toEqual([
    ['agent.work-changed', 'li', 'skills english 3 → english 7; queues a → b (2 together)'],
    ['agent.work-changed', 'wang', 'skills - → english 7; queues - → b (2 together)'],
  ]);
  expect(facts).toEqual(['queues', 'agents']);
  expect((await change(rows.map(({ id, before, after }) => row(id, after, before)))).done).toBe(true);
  expect([queues.get('a')?.members, queues.get('b')?.members, skills.get('li')]).toEqual([['li'], [], { english: 3 }]);
});

test('whoever is out of reach, a queue of others or of everybody, and what changed meanwhile are refused; then nothing is done', async () => {
  const refused = async (...rows: AgentBatchRow[]) => (await change(rows)).rows.map((each) => each.refused);
  const teach = (id: string): AgentBatchRow => row(id, {}, { skills: { english: 9 } });
  expect((await change([teach('li'), teach('far-one')])).rows).toEqual([
    { id: 'li', name: 'Name of li' },
    { id: 'far-one', refused: 'out-of-reach' },
  ]);
  expect(await refused(row('li', {}, { serves: ['a', 'far'] }))).toEqual(['queue']);
  expect(await refused(row('li', {}, { serves: ['a', 'all'] }))).toEqual(['queue']);
  expect(await refused(row('li', { skills: { english: 4 } }, { skills: {} }))).toEqual(['changed']);
  expect(await refused(row('li', { serves: [] }, { serves: ['b'] }))).toEqual(['changed']);
  expect([skills.get('li'), trail, facts]).toEqual([{ english: 3 }, [], []]);
});

test('when a queue cannot be written, skills and queues are as they were', async () => {
  failsAt = 'b';
  const rows = [row('li', {}, { skills: { english: 7 }, serves: ['b'] })];
  await expect(change(rows)).rejects.toThrow('the store is away');
  expect([queues.get('a')?.members, skills.get('li'), facts]).toEqual([['li'], { english: 3 }, []]);
});

test('nobody is put into the queue of test calls', async () => {
  queues.set(...queue('proof', ['system:proof-seat']));
  const { done, rows } = await change([row('li', { serves: ['a'] }, { serves: ['a', 'proof'] })]);
  expect([done, rows[0]?.refused]).toEqual([false, 'queue']);
  expect(queues.get('proof')?.members).toEqual(['system:proof-seat']);
});
