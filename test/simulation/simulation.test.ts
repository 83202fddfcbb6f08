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
