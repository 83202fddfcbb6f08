import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { open, readdir, readFile, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { strFromU8, unzipSync } from 'fflate';
import { verifyPack } from '../../../services/evidence/index.js';
import { keeperOf } from '../../../services/recording/adapters/keeping.js';
import { scrub, type KeeperDependencies } from '../../../services/recording/archive/keeper.js';
import { sealedBytes } from '../../../services/recording/archive/sealed-range.js';
import { createRecordingBodies } from '../../../services/recording/index.js';
import { createAllReads } from '../../../services/main/reads.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import { storedCall } from '../../support/centre/stored-call.js';
import { archiveCall, archiverOf } from '../recording/recording-stores.js';
import { EvidenceSite } from './evidence-support.js';

// What somebody does to the files of the object store, whose listing still has them, and what a pack says of it.
jest.setTimeout(240_000);

/** Bytes of sound of each recording, by which its file in the store is found. */
const BYTES = { whole: 50_001, truncated: 50_002, deleted: 50_003, flipped: 300_004 };
type Name = keyof typeof BYTES;
const now = new Date();
const localDay = (at: Date): string => new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
const period = [localDay(new Date(now.getTime() - 86_400_000)), localDay(now)] as const;

let site: EvidenceSite;
let deps: KeeperDependencies;
const notices: { code: string; subject: string }[] = [];

beforeAll(async () => {
  site = await EvidenceSite.start();
  const { config, mongo, objects, bus } = site;
  await bus.follow(({ name, event }) => {
    if (name === 'notice.raised') notices.push(event);
  });
  const audit = async (): Promise<void> => undefined;
  deps = keeperOf({ config, mongo, objects, bus, audit, log: silentLogger, reads: createAllReads(mongo) });
  const archiver = archiverOf(deps, mongo, now);
  for (const [place, [callId, bytes]] of Object.entries(BYTES).entries()) {
    const endedAt = new Date(now.getTime() - 60_000 - place * 1_000);
    await archiveCall(site as never, archiver, { callId, number: place + 1, endedAt, ogg: randomBytes(bytes) });
    const invitedAt = new Date(endedAt.getTime() - 60_000);
    await mongo.collection<{ _id: string }>('calls').insertOne(storedCall({ _id: callId, invitedAt, answeredAt: invitedAt, endedAt }));
  }
});
afterAll(() => site[Symbol.asyncDispose]());

async function fileOf(callId: Name): Promise<string> {
  const bytes = sealedBytes((await deps.recordings.find(callId))!.format);
  const root = join(site.home, 'objects');
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && (await stat(path)).size === bytes) return path;
  }
  throw new Error('the object has no file of its own');
}

async function flip(path: string, at: number): Promise<void> {
  const file = await open(path, 'r+');
  const one = Buffer.alloc(1);
  await file.read(one, 0, 1, at);
  await file.write(Buffer.from([(one[0] ?? 0) ^ 1]), 0, 1, at);
  await file.close();
}

type Row = Readonly<Record<string, string>>;

/** Orders a pack and reads of each recording what its rows say. */
async function packed(drawn?: object): Promise<{ rows: Record<string, Row>; drawn: Row[]; path: string }> {
  const [from, to] = period;
  const order = {
    kind: 'inspection',
    from,
    to,
    requestedBy: 'test',
    language: 'zh-CN',
    ...(drawn === undefined ? {} : { drawn }),
  } as const;
  const last = await site.sealed(() => site.commands.send('evidence.make-pack', order as never, { timeoutMs: 10_000 }));
  expect({ last: last.step, failed: last.failed }).toEqual({ last: 'sealed', failed: undefined });
  const folder = join(site.home, 'evidence', 'packs');
  const path = join(folder, (await readdir(folder)).sort().at(-1)!);
  const files = unzipSync(new Uint8Array(await readFile(path)));
  const read = (name: string): Row[] => parse<Row>(strFromU8(files[name] ?? new Uint8Array()), { columns: true });
  return {
    rows: Object.fromEntries(read('rows/recordings.csv').map((row) => [row['callId'] ?? '', row] as const)),
    drawn: read('rows/drawn.csv'),
    path,
  };
}

const kept = (rows: Record<string, Row>): object =>
  Object.fromEntries(Object.entries(rows).map(([id, row]) => [id, [row['kept'], row['damage'], row['damageFoundBy']].join(' ').trim()]));

test('what the disk of the store has lost is missing in the next pack, though nobody opened it and the store still lists it', async () => {
  await truncate(await fileOf('truncated'), 40_000);
  await rm(await fileOf('deleted'));
  const { rows, path } = await packed();
  expect(kept(rows)).toEqual({
    whole: 'stored',
    truncated: 'missing recording-truncated pack',
    deleted: 'missing recording-missing pack',
    flipped: 'stored',
  });
  for (const row of Object.values(rows)) expect(Number(row['lookedAtMs'])).toBeGreaterThan(now.getTime());
  expect(notices.map(({ code, subject }) => `${subject} ${code}`).sort()).toEqual(['pack recording-missing', 'pack recording-truncated']);
  const lost = (await verifyPack(path)).findings.filter(({ code }) => code === 'recording-lost');
  expect(lost.map(({ subject }) => subject).sort()).toEqual(['deleted', 'truncated']);
});

test('what was altered within is found by opening it: a drawn recording before the rows are written', async () => {
  await flip(await fileOf('flipped'), 100);
  expect(kept((await packed()).rows)).toMatchObject({ flipped: 'stored' });
  const { rows, drawn } = await packed({ asked: 10, seed: 's', seedFrom: 'outside', reason: 'test' });
  expect(kept(rows)).toMatchObject({ whole: 'stored', flipped: 'missing recording-damaged pack' });
  expect(Number(rows['whole']?.['openedAtMs'])).toBeGreaterThan(now.getTime());
  expect(Object.fromEntries(drawn.map((row) => [row['callId'], row['kept']]))).toEqual({
    ...{ whole: 'packed', truncated: 'missing', deleted: 'missing', flipped: 'missing' },
  });
});

test('the rows say since when and by which check, also after others found it again', async () => {
  await site.mongo.collection('recordings').updateMany({}, { $unset: { opened: '' } });
  await scrub(deps, new Date(now.getTime() + 1_000));
  const { config, mongo, objects, bus } = site;
  // Somebody who takes it for a pack finds it again.
  await createRecordingBodies({ config, mongo, objects, bus, audit: async () => undefined, log: silentLogger })(
    'deleted',
    (await deps.recordings.find('deleted'))!.sha256,
  );
  const { rows } = await packed();
  expect(kept(rows)).toEqual({
    whole: 'stored',
    truncated: 'missing recording-truncated nightly',
    deleted: 'missing recording-missing nightly',
    flipped: 'missing recording-damaged nightly',
  });
  expect(rows['deleted']?.['damageFoundAtMs']).toBe(String(now.getTime() + 1_000));
});
