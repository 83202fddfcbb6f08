import { expect, test } from '@jest/globals';
import type { Principal, Scope } from '../../domain/people/rights.js';
import { createPlaceReach } from './place-reach.js';
import { queuesNamedIn } from './reach.js';

const flow = (...queueIds: string[]) => ({
  steps: Object.fromEntries(queueIds.map((queueId, i) => [`s${i}`, { kind: 'queue', queueId }])),
});
const numbers = [
  { number: '1', clientUnit: 'C1', site: 'S1', flow: flow('ours', 'shared') },
  { number: '2', clientUnit: 'C2', site: 'S2', flow: flow('theirs', 'shared') },
];
const queues = [
  { id: 'ours', overflow: { to: 'queue', queueId: 'ours-late' } },
  { id: 'theirs', overflow: { to: 'queue', queueId: 'theirs-late' } },
  { id: 'theirs-late', overflow: { to: 'queue', queueId: 'shared-late' } },
  { id: 'ours-late', overflow: { to: 'queue', queueId: 'shared-late' } },
  { id: 'shared', overflow: { to: 'hang-up' } },
];
const places = createPlaceReach({ numbersOf: async () => numbers, queuesOf: async () => queues });
const person = (scope: Partial<Scope>): Principal => ({
  userId: 'u',
  name: 'u',
  sessionId: 's',
  roles: ['supervisor'],
  scope: { queues: [], sites: [], clientUnits: [], ...scope },
});
const all = ['ours', 'ours-late', 'theirs', 'theirs-late', 'shared', 'shared-late', 'unused', undefined];

test.each<[string, Partial<Scope>, string[], string[]]>([
  ['client unit', { clientUnits: ['C1'] }, ['ours', 'ours-late', 'shared', 'shared-late'], ['ours', 'ours-late']],
  ['site', { sites: ['S2'] }, ['theirs', 'theirs-late', 'shared', 'shared-late'], ['theirs', 'theirs-late']],
  ['queue', { queues: ['theirs'] }, ['theirs'], ['theirs']],
  ['queue and client unit: both have to fit', { queues: ['ours', 'theirs'], clientUnits: ['C1'] }, ['ours'], ['ours']],
  ['a client unit without numbers', { clientUnits: ['C3'] }, [], []],
  ['a client unit at the site of another', { clientUnits: ['C1'], sites: ['S2'] }, [], []],
])('queues of a person with a scope by %s: seen and changed', async (_name, scope, seen, changed) => {
  const [read, write] = [await places.queues(person(scope), 'read'), await places.queues(person(scope), 'write')];
  expect(all.filter((id) => read(id))).toEqual(seen);
  expect(all.filter((id) => write(id))).toEqual(changed);
});

test('without a scope every queue is in reach, also one into which no number leads; nobody reaches nothing', async () => {
  const own = await places.queues(person({}), 'write');
  expect(all.every((id) => own(id))).toBe(true);
  expect((await places.queues(undefined, 'read'))('ours')).toBe(false);
  expect((await places.numbers(undefined, 'read'))(numbers[0]!)).toBe(false);
});

test.each<[string, Partial<Scope>, string[], string[]]>([
  ['client unit', { clientUnits: ['C1'] }, ['1'], ['1']],
  ['site', { sites: ['S2'] }, ['2'], ['2']],
  ['one of the queues', { queues: ['shared'] }, ['1', '2'], []],
  ['all queues of a number', { queues: ['shared', 'ours'] }, ['1', '2'], ['1']],
  ['nothing', {}, ['1', '2'], ['1', '2']],
])('numbers of a person with a scope by %s: seen and changed', async (_name, scope, seen, changed) => {
  const [read, write] = [await places.numbers(person(scope), 'read'), await places.numbers(person(scope), 'write')];
  expect(numbers.filter(read).map(({ number }) => number)).toEqual(seen);
  expect(numbers.filter(write).map(({ number }) => number)).toEqual(changed);
});

test('queues are found however deep a draft names them, and nothing else is taken for one', () => {
  expect(queuesNamedIn({ overflow: { to: 'queue', queueId: 'a' }, steps: [{ queueId: 'b' }, { queueId: 7 }], name: 'queueId' })).toEqual([
    { of: 'queue', id: 'a', use: 'read' },
    { of: 'queue', id: 'b', use: 'read' },
  ]);
  for (const nothing of [undefined, null, 'queueId', 7, []]) expect(queuesNamedIn(nothing)).toEqual([]);
});
