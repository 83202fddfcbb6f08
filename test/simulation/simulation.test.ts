import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { mutants } from './mutants/list.js';
import { notYet, openSeeds } from './not-yet.js';
import { Flow } from '../../services/shared/contracts/calls/flow.js';
import { universe, type Kind } from './coverage.js';
import { notReached } from './coverage-list.js';
import { differences } from './coverage-run.js';
import { exampleCall } from '../support/centre/example-call.js';
import { fault } from './explore/judge.js';
import { explore, worlds } from './explore/explore.js';
import { startOf } from './explore/state.js';
import { runSeed } from './run.js';
import { LONGEST_MS, shownBy } from './seed-tests.js';

const RARE_SEEDS = 40;
const RARE_TOGETHER = 10;
const CAMPAIGN_SEEDS = 10;
const DECIDER_SEEDS = 8;
const MACHINE_SEEDS = 6;

test('the same seed gives the same history, byte for byte', async () => {
  const digests = [];
  for (let turn = 0; turn < 2; turn += 1) digests.push((await runSeed({ seed: 6, profile: 'night' })).digest);
  expect(digests[1]).toBe(digests[0]);
});

test('another seed gives another history', async () => {
  const [one, other] = [await runSeed({ seed: 1, profile: 'calm' }), await runSeed({ seed: 2, profile: 'calm' })];
  expect(one.digest).not.toBe(other.digest);
});

test.each(Array.from({ length: RARE_SEEDS / RARE_TOGETHER }, (_, index) => index * RARE_TOGETHER + 1))(
  'what the documents promise holds when faults strike between two steps of a call, in the %s. seed and those after it',
  async (first) => {
    for (let seed = first; seed < first + RARE_TOGETHER; seed += 1) expect(await shownBy(seed, 'rare')).toBe('');
  },
  LONGEST_MS,
);

test('what the documents promise holds while campaigns call their lists', async () => {
  for (let seed = 1; seed <= CAMPAIGN_SEEDS; seed += 1) expect(await shownBy(seed, 'campaigns')).toBe('');
});

test(
  'what the documents promise holds while a leader of routing is late to know that another has followed',
  async () => {
    for (let seed = 1; seed <= DECIDER_SEEDS; seed += 1) expect(await shownBy(seed, 'deciders')).toBe('');
  },
  LONGEST_MS,
);

test(
  'what the documents promise holds while the recorder moves between two machines with a disk each',
  async () => {
    for (let seed = 1; seed <= MACHINE_SEEDS; seed += 1) expect(await shownBy(seed, 'machines')).toBe('');
  },
  LONGEST_MS,
);

test('the page has a row for each invariant', () => {
  const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'simulation.md'), 'utf8');
  const folder = join(import.meta.dirname, 'invariants');
  const sources = (readdirSync(folder, { recursive: true }) as string[])
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8'));
  const names = sources.flatMap((source) => [...source.matchAll(/const name = '([^']+)'/g)].map(([, name]) => name ?? ''));
  expect(names.length).toBeGreaterThan(30);
  expect(names.filter((name) => !page.includes(`| ${name} |`))).toEqual([]);
});

test('the page names every class of events that is left out, with its reason', () => {
  const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'simulation.md'), 'utf8');
  for (const { name, reason } of notYet) expect(page).toContain(`| ${name} | ${reason} |`);
  for (const [seed, shows] of openSeeds) expect(page).toContain(`| ${seed} | ${shows} |`);
});

test.each(mutants.flatMap(({ name, edits }) => edits.map(({ file, find }) => [name, file, find])))(
  'the known fault fits the source: %s',
  (_name, file, find) => {
    const source = readFileSync(join(import.meta.dirname, '..', '..', file), 'utf8');
    expect(source.split(find)).toHaveLength(2);
  },
);

test.each(Object.keys(universe) as Kind[])('what is listed as not reached is something of this kind, once, with a reason: %s', (kind) => {
  const listed = notReached[kind].flatMap(({ names }) => names);
  expect(new Set(listed).size).toBe(listed.length);
  expect(listed.filter((name) => !(universe[kind] as readonly string[]).includes(name))).toEqual([]);
  expect(notReached[kind].filter(({ reason, names }) => reason === '' || names.length === 0)).toEqual([]);
});

test('a gap without a reason and a reason that is no longer so are told', () => {
  const [[{ names: [listed = ''] } = { names: [] }]] = [notReached['stage x event']];
  const all = Object.fromEntries(
    Object.entries(universe).map(([kind, names]) => {
      const left = new Set(notReached[kind as Kind].flatMap((each) => each.names));
      return [kind, names.filter((name) => !left.has(name))];
    }),
  ) as unknown as Readonly<Record<Kind, readonly string[]>>;
  expect(differences(all)).toEqual([]);
  expect(differences({ ...all, 'stage x event': [...all['stage x event'], listed] })).toEqual([
    `stage x event: ${listed} is reached, and listed as not`,
  ]);
  expect(differences({ ...all, effect: all.effect.slice(1) })).toEqual([
    `effect: ${universe.effect[0] ?? ''} is not reached, and no reason is listed`,
  ]);
});

test('each known fault has a name of its own', () => {
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
});

const SHORT_DEPTH = 8;

test.each(worlds.map((world) => [world.name, world] as const))('every interleaving holds in the small world: %s', (_name, world) => {
  const { violation, states } = explore(world, SHORT_DEPTH);
  expect(violation).toBeUndefined();
  expect(states).toBeGreaterThan(100);
});

test('a state that contradicts itself is seen', () => {
  const call = exampleCall(Flow.parse({ start: 'end', steps: { end: { kind: 'hang-up', cause: 'completed' } } }), {
    kind: 'parked',
    by: 'a1',
    token: '4',
    mixed: false,
  });
  expect(fault(startOf(call))).toBe('parked has no clock');
  const timed = { ...startOf(call), timers: [{ timer: 'park' as const, token: '4' }] };
  expect(fault(timed)).toBeUndefined();
  expect(fault({ ...timed, waits: true })).toBe('routing has a call in line that is parked');
  expect(fault({ ...timed, legs: ['7'] })).toMatch('legs 7 are up');
});
