import { readFile, truncate, writeFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { BSON } from 'mongodb';
import { startDocumentStore } from '../../../infra/embedded/documents/index.js';
import { backupFolder, restoreFolder } from '../../../infra/embedded/documents/maintenance/backup.js';
import { checkFolder } from '../../../infra/embedded/documents/maintenance/check.js';
import { dumpFolder } from '../../../infra/embedded/documents/maintenance/dump.js';
import { connect, refusal, runStore, spawnStore, temporaryFolder, temporaryStore } from './documents-support.js';

const silent = (): void => undefined;

interface Row {
  readonly _id: number;
  readonly text: string;
}

/** A closed folder with `count` documents and one index. */
async function filled(folder: string, count = 200): Promise<void> {
  await using rig = await temporaryStore({ folder });
  const rows = rig.db.collection<Row>('rows');
  await rows.createIndex({ text: 1 });
  await rows.insertMany(
    Array.from({ length: count }, (_row, at) => ({ _id: at, text: `text-${String(at).padStart(5, '0')}-${'y'.repeat(300)}` })),
  );
}

test('a data file that was cut off is refused with a clear sentence', async () => {
  await using folder = await temporaryFolder();
  await filled(folder.path, 2000);
  await truncate(join(folder.path, 'data.mdb'), 100_000);
  await expect(startDocumentStore({ folder: folder.path })).rejects.toThrow(/cut off/);
  const { code, err } = await runStore(['--data', folder.path, '--listen', '127.0.0.1:0']);
  expect(code).toBe(1);
  expect(err).toMatch(/^The file data.mdb is cut off: it has 100000 of \d+ bytes\.\n$/);
}, 60_000);

test('a file that is not ours is refused', async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, 'data.mdb'), Buffer.alloc(20_000, 7));
  await expect(startDocumentStore({ folder: folder.path })).rejects.toThrow(/not a file of this store/);
});

test('a flipped byte in a document is refused for that document alone and named by --check', async () => {
  await using folder = await temporaryFolder();
  await filled(folder.path);
  const path = join(folder.path, 'data.mdb');
  const bytes = await readFile(path);
  for (let at = bytes.indexOf('text-00077-yyyy'); at >= 0; at = bytes.indexOf('text-00077-yyyy', at + 1)) bytes[at + 100] = 0x7a;
  await writeFile(path, bytes);
  {
    await using rig = await temporaryStore({ folder: folder.path });
    const rows = rig.db.collection<Row>('rows');
    expect((await refusal(rows.findOne({ _id: 77 }))).message).toMatch(/damaged/);
    expect((await rows.findOne({ _id: 78 }))?.text).toMatch(/^text-00078/);
    await rows.insertOne({ _id: 1000, text: 'still writable' });
  }
  const report = await checkFolder(folder.path, silent);
  expect(report.problems.length).toBeGreaterThan(0);
  expect(report.problems.join()).toMatch(/damaged/);
});

test('little free space makes the store read-only, not broken', async () => {
  await using folder = await temporaryFolder();
  await filled(folder.path);
  await using rig = await temporaryStore({ folder: folder.path, minFreeBytes: Number.MAX_SAFE_INTEGER });
  const rows = rig.db.collection<Row>('rows');
  expect(await refusal(rows.insertOne({ _id: -1, text: 'x' }))).toMatchObject({ code: 14031 });
  expect(await rows.countDocuments({ _id: { $lt: 10 } })).toBe(10);
});

test('a taken port and a foreign address without a user are refused in one sentence', async () => {
  await using rig = await temporaryStore();
  await using folder = await temporaryFolder();
  const taken = await runStore(['--data', folder.path, '--listen', `127.0.0.1:${rig.store.port}`]);
  expect([taken.code, taken.err]).toEqual([1, `The port ${rig.store.port} on 127.0.0.1 is taken by another program.\n`]);
  await expect(startDocumentStore({ folder: folder.path, host: '0.0.0.0' })).rejects.toThrow(/loopback/);
}, 60_000);

test('a second process on the same folder is refused', async () => {
  await using rig = await temporaryStore();
  await expect(startDocumentStore({ folder: rig.folder })).rejects.toThrow('Another process already serves this data folder.');
  expect(await rig.db.command({ ping: 1 })).toMatchObject({ ok: 1 });
});

test('a folder that cannot be made is refused in one sentence', async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, 'file'), 'x');
  await expect(startDocumentStore({ folder: join(folder.path, 'file', 'data') })).rejects.toThrow(
    /^The data folder cannot be opened: .*\.$/,
  );
});

test('a running store is backed up, and the backup restored and served', async () => {
  await using folder = await temporaryFolder();
  await using backup = await temporaryFolder();
  await using restored = await temporaryFolder();
  const store = await spawnStore(folder.path);
  const progress: string[] = [];
  {
    await using client = await connect(store.uri);
    const rows = client.db('test').collection<Row>('rows');
    await rows.createIndex({ text: 1 });
    await rows.insertMany(Array.from({ length: 5000 }, (_row, at) => ({ _id: at, text: `t${at}` })));
    let busy = true;
    const writing = (async (): Promise<void> => {
      for (let at = 5000; busy; at += 1) await rows.insertOne({ _id: at, text: `t${at}` });
    })();
    const report = await backupFolder(folder.path, backup.path, (line) => progress.push(line));
    busy = false;
    await writing;
    expect(report.documents).toBeGreaterThanOrEqual(5000);
  }
  store.process.kill('SIGTERM');
  await restoreFolder(backup.path, restored.path, (line) => progress.push(line));
  expect(progress.some((line) => line.includes('bytes copied'))).toBe(true);
  await using rig = await temporaryStore({ folder: restored.path });
  expect(await rig.db.collection<Row>('rows').findOne({ text: 't4321' })).toEqual({ _id: 4321, text: 't4321' });
  await expect(restoreFolder(backup.path, restored.path, silent)).rejects.toThrow(/must be empty/);
}, 60_000);

test('a dump has the layout and the BSON mongorestore reads', async () => {
  await using folder = await temporaryFolder();
  await using target = await temporaryFolder();
  await filled(folder.path);
  expect(await dumpFolder(folder.path, target.path, silent)).toBe(200);
  expect((await readdir(join(target.path, 'test'))).sort()).toEqual(['rows.bson', 'rows.metadata.json']);
  const bytes = await readFile(join(target.path, 'test', 'rows.bson'));
  const documents: unknown[] = [];
  for (let at = 0; at < bytes.length; at += bytes.readInt32LE(at))
    documents.push(BSON.deserialize(bytes.subarray(at, at + bytes.readInt32LE(at))));
  expect(documents).toHaveLength(200);
  const metadata = BSON.EJSON.parse(await readFile(join(target.path, 'test', 'rows.metadata.json'), 'utf8')) as {
    indexes: unknown[];
    collectionName: string;
  };
  expect(metadata.collectionName).toBe('rows');
  expect(metadata.indexes).toEqual([
    { v: 2, key: { _id: 1 }, name: '_id_' },
    { v: 2, key: { text: 1 }, name: 'text_1' },
  ]);
});
