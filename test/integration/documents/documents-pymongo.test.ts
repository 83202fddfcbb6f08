import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { Binary, Decimal128, Long, ObjectId, type CollectionInfo, type Document } from 'mongodb';
import { dumpFolder } from '../../../infra/embedded/documents/maintenance/dump.js';
import { temporaryFolder, temporaryStore } from './documents-support.js';

// Debian's python3-pymongo belongs to Debian's own interpreter.
async function python(...args: readonly string[]): Promise<string> {
  const child = spawn('/usr/bin/python3', [join(import.meta.dirname, 'documents-pymongo.py'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const said = await text(child.stdout);
  expect((await exited)[0]).toBe(0);
  return said;
}

test('PyMongo, which knows nothing of this store, finds MongoDB: types, cursors, updates, indexes, batches, sessions, sign-in', async () => {
  await using folder = await temporaryFolder();
  await using running = await temporaryStore({ folder: folder.path, user: { name: 'site', password: 'stranger' } });
  const lines = (await python('stranger', running.uri)).trim().split('\n');
  expect(lines.filter((line) => !line.startsWith('ok '))).toEqual([]);
  expect(lines).toHaveLength(8);
}, 60_000);

test('a dump is read by another BSON reader and moves to another server whole, with its indexes and validators', async () => {
  await using folder = await temporaryFolder();
  await using dump = await temporaryFolder();
  const row = (at: number): Document => ({
    _id: new ObjectId(),
    at: new Date(at),
    long: Long.fromString('9007199254740993'),
    decimal: Decimal128.fromString('1.50'),
    bytes: new Binary(Buffer.from([0, at % 256])),
    text: `客户 ${at}`,
    list: [{ k: at, deep: [null, true, /a/i] }],
  });
  const contents = async (db: Awaited<ReturnType<typeof temporaryStore>>['db']): Promise<object> => {
    const raw = await db.collection('rows', { raw: true }).find().sort({ _id: 1 }).toArray();
    const collections = await db.listCollections<CollectionInfo>({}, { nameOnly: false }).toArray();
    return {
      rows: raw.map((bytes) => Buffer.from(bytes as unknown as Uint8Array).toString('base64')),
      indexes: await db.collection('rows').indexes(),
      options: collections.map(({ name, options }) => ({ name, options })).sort((a, b) => (a.name < b.name ? -1 : 1)),
    };
  };
  let expected: object;
  {
    await using source = await temporaryStore({ folder: folder.path });
    await source.db.createCollection('rows', { validator: { at: { $type: 'date' } } });
    await source.db.createCollection('empty');
    const rows = source.db.collection('rows');
    await rows.createIndex({ text: 1 }, { unique: true, partialFilterExpression: { text: { $exists: true } } }, {});
    await rows.createIndex({ at: -1 }, { expireAfterSeconds: 2_000_000_000 }, {});
    await rows.createIndex({ 'list.k': 1, at: 1 }, { sparse: true }, {});
    await rows.insertMany(Array.from({ length: 2500 }, (_row, at) => row(Date.now() + at)));
    // The store goes on running while it is exported.
    expect(await dumpFolder(folder.path, dump.path, () => undefined)).toBe(2500);
    expected = await contents(source.db);
  }
  await using target = await temporaryStore();
  expect(JSON.parse(await python('move', dump.path, target.store.uri))).toEqual({ 'test.empty': 0, 'test.rows': 2500 });
  expect(await contents(target.db)).toEqual(expected);
}, 60_000);
