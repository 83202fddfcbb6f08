import { availableParallelism } from 'node:os';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createBuilder } from '../build.js';
import { openSeeds } from '../not-yet.js';
import { createSeedPool, type SeedPool, type Shown } from './pool.js';

// Each seed is a run of five minutes and more of a centre's life; docs/simulation.md says how to look at one that fails. Seeds run in
// processes of their own: in a context of jest's, whose every look at a global goes through an interceptor, they take half as long again.

/** A machine of two cores, as the checks run on. */
const PROCESSES = Math.min(2, availableParallelism());
const BUILD_WITHIN_MS = 120_000;
const LONGEST_MS = 300_000;
const MIXED_SEEDS = 500;
const TOGETHER = 25;

const range = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** What is run, in turn: the profile, its seeds, and the name of the test that judges them. */
const groups: readonly (readonly [name: string, profile: string, seeds: readonly number[]])[] = [
  ...Array.from({ length: MIXED_SEEDS / TOGETHER }, (_, index) => {
    const first = index * TOGETHER + 1;
    return [`in seeds ${first} to ${first + TOGETHER - 1}`, 'mixed', range(first, first + TOGETHER - 1)] as const;
  }),
  ['when faults strike between two steps of a call', 'rare', range(1, 40)],
  ['while campaigns call their lists', 'campaigns', range(1, 10)],
  ['while a leader of routing is late to know that another has followed', 'deciders', range(1, 8)],
  ['while the recorder moves between two machines with a disk each', 'machines', range(1, 6)],
];

let pool: SeedPool;
const shown = new Map<string, Promise<readonly Shown[]>>();
let twice: Promise<readonly Shown[]>;

beforeAll(async () => {
  const builder = await createBuilder('test/simulation/seeds/process.ts', '.cache/simulation/seeds.mjs');
  pool = createSeedPool(await builder.build([]), PROCESSES);
  await builder.close();
  // All are asked for at once, so that no process waits for the end of a group.
  twice = Promise.all([6, 6].map((seed) => pool.run({ seed, profile: 'night' })));
  for (const [name, profile, seeds] of groups) {
    const isOpen = (seed: number): boolean => profile === 'mixed' && openSeeds.has(seed);
    shown.set(name, Promise.all(seeds.filter((seed) => !isOpen(seed)).map((seed) => pool.run({ seed, profile }))));
  }
}, BUILD_WITHIN_MS);

afterAll(() => pool.close());

test('the same seed gives the same history, byte for byte, in another process too', async () => {
  const [one, other] = await twice;
  expect(one?.digest).toMatch(/^[0-9a-f]{16}$/);
  expect(other).toEqual(one);
}, 60_000);

test(
  'another seed gives another history',
  async () => {
    const all = (await shown.get('in seeds 1 to 25')) ?? [];
    expect(new Set(all.map(({ digest }) => digest)).size).toBe(all.length);
    expect(all.length).toBeGreaterThan(1);
  },
  LONGEST_MS,
);

test.each(groups.map(([name]) => name))(
  'what the documents promise holds %s',
  async (name) => {
    const faults = ((await shown.get(name)) ?? []).flatMap(({ fault }) => (fault === '' ? [] : [fault]));
    expect(faults.join('\n\n')).toBe('');
  },
  LONGEST_MS,
);
