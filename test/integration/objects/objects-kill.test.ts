import { createHash, randomInt } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { Client } from 'minio';
import { checkObjectStore, startObjectStore } from '../../../infra/embedded/objects/index.js';
import { admin, clientOf, collect, readAll, refusal, spawnStore, temporaryFolder } from './objects-support.js';

const rounds = 50;
const writers = 6;
const bucket = 'killed';

/** The bytes of a key follow from its name, so whatever is served can be judged without knowing who wrote it. */
function contentOf(key: string): Buffer {
  const bytes = Number(key.split('-').at(-1));
  return Buffer.alloc(bytes, createHash('sha256').update(key).digest());
}

interface Tally {
  readonly stored: Set<string>;
  readonly deleted: Set<string>;
  /** Asked for and never answered: may be there or not. */
  readonly unanswered: Set<string>;
}

/** Writes and deletes until the connection breaks; only what was acknowledged is noted as done. */
async function work(client: Client, lane: string, tally: Tally, onAcknowledged: () => void): Promise<void> {
  for (let count = 0; ; count++) {
    const key = `${lane}-${count}-${randomInt(4) === 0 ? randomInt(300_000) : randomInt(5_000)}`;
    tally.unanswered.add(key);
    try {
      await client.putObject(bucket, key, contentOf(key));
      tally.stored.add(key);
      onAcknowledged();
      if (count % 5 === 4) {
        tally.stored.delete(key);
        await client.removeObject(bucket, key);
        tally.deleted.add(key);
        onAcknowledged();
      }
      tally.unanswered.delete(key);
    } catch {
      return;
    }
  }
}

async function isWhole(client: Client, key: string): Promise<boolean> {
  return (await readAll(await client.getObject(bucket, key))).equals(contentOf(key));
}

test(`kill -9 ${rounds} times under ${writers} writers: nothing acknowledged is lost, nothing half-written is served`, async () => {
  await using folder = await temporaryFolder();
  const tally: Tally = { stored: new Set(), deleted: new Set(), unanswered: new Set() };
  const lost: string[] = [];
  let fresh: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const store = await spawnStore(folder.path);
    const client = clientOf(store.endpoint, admin);
    if (round === 0) await client.makeBucket(bucket);
    for (const key of fresh) if (!(await isWhole(client, key).catch(() => false))) lost.push(key);
    const before = new Set(tally.stored);
    // The kill comes after a random number of acknowledgements, in the middle of the other writers' work.
    let left = randomInt(3, 60);
    const killed = new Promise<number | null>((resolve) => {
      const acknowledged = (): void => {
        if (--left === 0) resolve(store.kill('SIGKILL'));
      };
      for (let lane = 0; lane < writers; lane++) void work(client, `r${round}w${lane}`, tally, acknowledged);
    });
    await killed;
    fresh = [...tally.stored].filter((key) => !before.has(key));
  }
  const store = await startObjectStore({
    dataFolder: folder.path,
    host: '127.0.0.1',
    port: 0,
    credentials: [admin],
    minFreeBytes: 0,
    log: () => undefined,
  });
  const client = clientOf(store.endpoint, admin);
  for (const key of tally.stored) if (!(await isWhole(client, key).catch(() => false))) lost.push(key);
  const listed = (await collect<{ name: string }>(client.listObjectsV2(bucket, '', true))).map(({ name }) => name);
  const halfWritten: string[] = [];
  for (const key of listed) if (!(await isWhole(client, key))) halfWritten.push(key);
  const risen: string[] = [];
  for (const key of tally.deleted) if ((await refusal(client.statObject(bucket, key))) !== 'NotFound') risen.push(key);
  const strangers = listed.filter((key) => !tally.stored.has(key) && !tally.unanswered.has(key));
  await store.collectGarbage();
  await store.stop();
  const { problems } = await checkObjectStore(folder.path, true, () => undefined);
  process.stdout.write(
    `kill -9: ${rounds} times; ${tally.stored.size} puts and ${tally.deleted.size} deletes acknowledged, ${tally.unanswered.size} unanswered; ` +
      `${lost.length} lost, ${halfWritten.length} half-written, ${risen.length} risen, ${problems.length} problems\n`,
  );
  expect({ lost, halfWritten, risen, strangers, problems }).toEqual({ lost: [], halfWritten: [], risen: [], strangers: [], problems: [] });
  expect(tally.stored.size).toBeGreaterThan(rounds);
}, 300_000);
