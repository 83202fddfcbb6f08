import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { MongoNetworkError } from 'mongodb';
import { z } from 'zod';
import { until } from '../../../../test/support/until.js';
import { createLastKnown } from './last-known.js';
import { silentLogger } from '../processes/logger.js';

const MASTER_KEY = randomBytes(32).toString('base64');
const Trunks = z.array(z.object({ id: z.string(), password: z.string() }));
const trunks = [{ id: 'carrier-1', password: 'of the carrier' }];

let home: string;
const file = (what: string): string => join(home, 'last-known', what);

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'last-known-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** Settings of a store that can be taken away, read by a process that starts with nothing in its memory. */
function process({
  masterKey = MASTER_KEY,
  isThere = () => true,
  read,
}: {
  masterKey?: string;
  isThere?: () => boolean;
  read: () => Promise<typeof trunks>;
}) {
  const lastKnown = createLastKnown({
    config: { PROOFLINE_HOME: home, MASTER_KEY: masterKey, MASTER_KEY_PREVIOUS: [] },
    isThere,
    log: silentLogger,
  });
  return { lastKnown, trunks: lastKnown.of('trunks', Trunks, read), numbers: lastKnown.of('numbers', Trunks, read) };
}
const there = async (): Promise<typeof trunks> => trunks;
const away = (): Promise<never> => Promise.reject(new MongoNetworkError('no answer'));

test('a process that starts while the store is away has what the one before it read, and says of when it is', async () => {
  const before = process({ read: there });
  expect(await before.lastKnown.hasAny()).toBe(false);
  expect(await before.trunks()).toEqual(trunks);
  expect(before.lastKnown.copiedAt()).toBeUndefined();

  const { lastKnown, ...settings } = process({ read: away });
  expect(await lastKnown.hasAny()).toBe(true);
  expect(await settings.trunks()).toEqual(trunks);
  expect(Date.now() - Date.parse(lastKnown.copiedAt() ?? '')).toBeLessThan(60_000);
});

test('what was read from the store again is no copy any more', async () => {
  await process({ read: there }).trunks();
  let isAway = true;
  const now = process({ read: () => (isAway ? away() : there()) });
  await now.trunks();
  expect(now.lastKnown.copiedAt()).toBeDefined();
  isAway = false;
  await now.trunks();
  expect(now.lastKnown.copiedAt()).toBeUndefined();
});

test('what the process read last holds in an outage, not the older copy, when the disk did not take the new one', async () => {
  let answer: () => Promise<typeof trunks> = there;
  const { trunks: read } = process({ read: () => answer() });
  await read();
  const folder = join(home, 'last-known');
  await rename(folder, `${folder}.aside`);
  await writeFile(folder, 'in the way');
  const changed = [{ id: 'carrier-2', password: 'new' }];
  answer = async () => changed;
  await read();
  await rm(folder);
  await rename(`${folder}.aside`, folder);
  expect(await process({ read: away }).trunks()).toEqual(trunks);
  answer = away;
  expect(await read()).toEqual(changed);
});

test('what a neighbour on the machine saved later holds over what the process read before', async () => {
  let answer: () => Promise<typeof trunks> = there;
  const own = process({ read: () => answer() });
  await own.trunks();
  const changed = [{ id: 'carrier-2', password: 'new' }];
  const since = new Date().toISOString();
  await until(
    () => new Date().toISOString(),
    (now) => now > since,
  );
  await process({ read: async () => changed }).trunks();
  answer = away;
  expect(await own.trunks()).toEqual(changed);
});

test('whoever changes what was read changes no answer of an outage', async () => {
  let answer: () => Promise<typeof trunks> = async () => structuredClone(trunks);
  const { trunks: read } = process({ read: () => answer() });
  (await read()).pop();
  answer = away;
  (await read()).pop();
  expect(await read()).toEqual(trunks);
});

test('a store that is known to be away is not asked: memory and copy answer, and it is asked again when it is there', async () => {
  const state = { isThere: true, asked: 0 };
  const counted = async (): Promise<typeof trunks> => {
    state.asked += 1;
    return trunks;
  };
  const running = process({ isThere: () => state.isThere, read: counted });
  await running.trunks();
  state.isThere = false;
  expect(await running.trunks()).toEqual(trunks);
  const started = process({ isThere: () => state.isThere, read: counted });
  expect(await started.trunks()).toEqual(trunks);
  expect(started.lastKnown.copiedAt()).toBeDefined();
  expect(state.asked).toBe(1);
  // The store is asked even when no settings of it are known: its own error is the answer.
  await expect(process({ isThere: () => false, read: away }).numbers()).rejects.toThrow('no answer');
  state.isThere = true;
  await started.trunks();
  expect(state.asked).toBe(2);
  expect(started.lastKnown.copiedAt()).toBeUndefined();
});

test('no secret stands in the file, which its owner alone may read', async () => {
  await process({ read: there }).trunks();
  expect(await readFile(file('trunks'), 'utf8')).not.toMatch(/carrier/);
  expect((await stat(file('trunks'))).mode & 0o077).toBe(0);
  expect(await readdir(join(home, 'last-known'))).toEqual(['trunks']);
});

test.each<[string, () => Promise<unknown>]>([
  [
    'was changed',
    async () =>
      writeFile(
        file('trunks'),
        (await readFile(file('trunks'), 'utf8')).replace(/.$/, (end) => (end === 'A' ? 'B' : 'A')),
      ),
  ],
  ['was cut', async () => writeFile(file('trunks'), (await readFile(file('trunks'), 'utf8')).slice(0, 40))],
  ['stands in the place of another', async () => rename(file('numbers'), file('trunks'))],
  ['is not there', async () => rm(file('trunks'))],
])('a copy that %s is not used: the store is away', async (_what, spoil) => {
  const before = process({ read: there });
  await before.trunks();
  await before.numbers();
  await spoil();
  await expect(process({ read: away }).trunks()).rejects.toThrow('no answer');
});

test('a copy of another master key is not used', async () => {
  await process({ read: there }).trunks();
  await expect(process({ masterKey: randomBytes(32).toString('base64'), read: away }).trunks()).rejects.toThrow('no answer');
});

test('what the store itself refuses, or a row that is damaged, is no reason to use the copy', async () => {
  await process({ read: there }).trunks();
  await expect(process({ read: () => Promise.reject(new Error('row-damaged')) }).trunks()).rejects.toThrow('row-damaged');
});
