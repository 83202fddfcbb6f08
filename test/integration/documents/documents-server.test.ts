import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BSON, Long, MongoClient, type Document } from 'mongodb';
import { until } from '../../support/until.js';
import { connect, refusal, temporaryStore } from './documents-support.js';

/** An OP_MSG with one body. */
function message(body: Document, flags = 0): Buffer {
  const bson = Buffer.from(BSON.serialize(body));
  const frame = Buffer.alloc(21 + bson.length);
  frame.writeInt32LE(frame.length, 0);
  frame.writeInt32LE(7, 4);
  frame.writeInt32LE(2013, 12);
  frame.writeUInt32LE(flags, 16);
  bson.copy(frame, 21);
  return frame;
}

/** Sends bytes; resolves with what comes back until a whole reply is there or the server hangs up. */
async function exchange(port: number, bytes: Buffer): Promise<Buffer> {
  const socket: Socket = createConnection(port, '127.0.0.1');
  let received = Buffer.alloc(0);
  const ended = new Promise<void>((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length >= 4 && received.length >= received.readInt32LE()) resolve();
    });
    socket.on('close', () => resolve());
    socket.on('error', () => resolve());
  });
  socket.end(bytes);
  await ended;
  socket.destroy();
  return received;
}

test('whatever bytes arrive, the connection is answered or closed and the store lives on', async () => {
  await using rig = await temporaryStore();
  const good = message({ insert: 'rows', documents: [{ a: 1, b: 'text' }], $db: 'test', lsid: { id: new BSON.UUID() } });
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.uint8Array({ minLength: 16, maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
        fc.array(fc.tuple(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 6 }).map((changes) => {
          const bytes = Buffer.from(good);
          for (const [at, byte] of changes) bytes[at] = byte;
          return bytes;
        }),
        fc.nat({ max: good.length }).map((length) => good.subarray(0, length)),
      ),
      async (bytes) => {
        await exchange(rig.store.port, bytes);
      },
    ),
    { numRuns: 400 },
  );
  expect(await rig.db.command({ ping: 1 })).toMatchObject({ ok: 1 });
  expect(rig.log).toEqual([]);
}, 60_000);

test.each<[name: string, bytes: Buffer, answer: RegExp | undefined]>([
  ['a frame of two gigabytes', Buffer.from([255, 255, 255, 127, ...Array.from({ length: 12 }, () => 0)]), undefined],
  ['an unknown opcode', Buffer.concat([Buffer.from([16, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 99, 0, 0, 0])]), undefined],
  ['unknown required flags', message({ ping: 1, $db: 'x' }, 1 << 5), undefined],
  ['a command without a database', message({ ping: 1 }), /\$db/],
])('%s', async (_name, bytes, answer) => {
  await using rig = await temporaryStore();
  const reply = await exchange(rig.store.port, bytes);
  if (answer === undefined) expect(reply).toHaveLength(0);
  else expect(reply.toString('latin1')).toMatch(answer);
});

test('a document that an update would grow above 16 MB is refused with its own code', async () => {
  await using rig = await temporaryStore();
  const rows = rig.db.collection('rows');
  await rows.insertOne({ _id: 1 as never, a: 'x'.repeat(9 * 1024 * 1024) });
  expect((await refusal(rows.updateOne({}, { $set: { b: 'x'.repeat(9 * 1024 * 1024) } }))).code).toBe(10334);
  await rows.updateOne({}, { $set: { b: 'x'.repeat(6 * 1024 * 1024) } });
  expect(((await rows.findOne({}))?.['b'] as string | undefined)?.length).toBe(6 * 1024 * 1024);
});

test('an unacknowledged write is done without an answer', async () => {
  await using rig = await temporaryStore();
  await using client = await connect(rig.store.uri, { maxPoolSize: 1, retryWrites: false });
  const rows = client.db('test').collection<{ _id: number }>('rows', { writeConcern: { w: 0 } });
  await rows.insertOne({ _id: 1 });
  // Commands of one connection are served in order.
  expect(await client.db('test').collection<{ _id: number }>('rows').findOne({ _id: 1 })).toEqual({ _id: 1 });
});

test('with a user, nothing is served before the right password', async () => {
  await using rig = await temporaryStore();
  await using secured = await temporaryStoreWithUser();
  const { port } = secured;
  const uri = (password: string): string =>
    `mongodb://site:${encodeURIComponent(password)}@127.0.0.1:${port}/?authMechanism=SCRAM-SHA-256&authSource=admin`;
  const stranger = new MongoClient(`mongodb://127.0.0.1:${port}/`);
  expect(await refusal(stranger.db('test').collection('rows').findOne({}))).toMatchObject({ code: 13 });
  await stranger.close();
  expect(await refusal(new MongoClient(uri('wrong')).connect())).toMatchObject({ code: 18 });
  await using client = await connect(uri('p@ss: wörd'));
  await client.db('test').collection<{ _id: number }>('rows').insertOne({ _id: 1 });
  expect(await client.db('test').collection('rows').countDocuments()).toBe(1);
  expect(rig.log).toEqual([]);
});

async function temporaryStoreWithUser() {
  const { startDocumentStore } = await import('../../../infra/embedded/documents/index.js');
  const { temporaryFolder } = await import('./documents-support.js');
  const folder = await temporaryFolder();
  const store = await startDocumentStore({ folder: folder.path, minFreeBytes: 0, user: { name: 'site', password: 'p@ss: wörd' } });
  return {
    port: store.port,
    async [Symbol.asyncDispose]() {
      await store.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

test('TTL indexes really remove, and only dates that are over', async () => {
  await using rig = await temporaryStore({ expiryIntervalMs: 50 });
  const rows = rig.db.collection<{ _id: number; at?: unknown }>('rows');
  await rows.createIndex({ at: 1 }, { expireAfterSeconds: 60 }, {});
  await rows.insertMany([
    { _id: 1, at: new Date(Date.now() - 61_000) },
    { _id: 2, at: new Date(Date.now() - 30_000) },
    { _id: 3, at: 'text' },
    { _id: 4 },
  ]);
  const left = async (): Promise<number> => rows.countDocuments();
  while ((await left()) === 4) await new Promise((resolve) => setImmediate(resolve));
  expect((await rows.find().sort({ _id: 1 }).toArray()).map((row) => row._id)).toEqual([2, 3, 4]);
  await rig.db.command({ collMod: 'rows', index: { name: 'at_1', expireAfterSeconds: 10 } });
  while ((await left()) === 3) await new Promise((resolve) => setImmediate(resolve));
  expect((await rows.find().sort({ _id: 1 }).toArray()).map((row) => row._id)).toEqual([3, 4]);
});

test('a large scan runs beside short reads, is warned of once, and large updates leave room', async () => {
  await using rig = await temporaryStore();
  const rows = rig.db.collection<{ _id: number; n: number; pad: string }>('rows');
  for (let from = 0; from < 40_000; from += 5_000) {
    await rows.insertMany(Array.from({ length: 5_000 }, (_row, at) => ({ _id: from + at, n: (from + at) % 100, pad: 'p'.repeat(200) })));
  }
  const scan = rows.aggregate([{ $group: { _id: '$n', c: { $sum: 1 } } }]).toArray();
  const short = await rows.findOne({ _id: 17 });
  expect(short?._id).toBe(17);
  expect(await scan).toHaveLength(100);
  const [updated, found] = await Promise.all([
    rows.updateMany({ n: { $lt: 50 } }, { $set: { n: -1 } }),
    rows.find({ n: 99 }).batchSize(50).toArray(),
  ]);
  expect([updated.matchedCount, updated.modifiedCount, found.length]).toEqual([20_000, 20_000, 400]);
  expect(await rows.deleteMany({ n: -1 })).toMatchObject({ deletedCount: 20_000 });
  expect(rig.log).toEqual(['A query without an index reads all 40000 documents of test.rows']);
}, 60_000);

test('what is not supported is refused with a code, never ignored', async () => {
  await using rig = await temporaryStore();
  const rows = rig.db.collection<{ _id: number }>('rows');
  await rows.insertOne({ _id: 1 });
  const codes = await Promise.all(
    [
      rows.find({}, { collation: { locale: 'de' } }).toArray(),
      rows.find({ $where: 'true' }).toArray(),
      rows.find({ $text: { $search: 'x' } }).toArray(),
      rows.createIndex({ place: '2dsphere' }),
      rows.createIndex({ text: 'text' }),
      rig.db.createCollection('capped', { capped: true, size: 1000 }),
      rows.aggregate([{ $changeStream: {} }]).toArray(),
      rig.db.command({ mapReduce: 'rows' }),
      rows.createIndex({ at: 1 }, { expireAfterSeconds: -1 }, {}),
      rows.aggregate([{ $set: { at: { $add: ['$$NOW', 1e300] } } }]).toArray(),
      rows.aggregate([{ $set: { year: { $year: { $toDate: Long.MAX_VALUE } } } }]).toArray(),
      rows.insertOne({ _id: 2 }, { writeConcern: { w: 3 } }),
      rig.client.withSession((session) => session.withTransaction(() => rows.insertOne({ _id: 3 }, { session }))),
    ].map(async (attempt) => (await refusal(attempt)).code),
  );
  expect(codes).toEqual([2, 2, 2, 67, 67, 72, 40324, 115, 67, 15, 15, 2, 263]);
  expect(await rows.countDocuments()).toBe(1);
});

test('a store that is told to stop closes its port', async () => {
  const rig = await temporaryStore();
  const socket = createConnection(rig.store.port, '127.0.0.1');
  await once(socket, 'connect');
  await rig[Symbol.asyncDispose]();
  const refused = createConnection(rig.store.port, '127.0.0.1');
  await expect(once(refused, 'connect')).rejects.toThrow('ECONNREFUSED');
  socket.destroy();
});

test('a collation other than simple is refused everywhere', async () => {
  await using rig = await temporaryStore();
  const rows = rig.db.collection('rows');
  await rows.insertOne({ a: 1 });
  const collation = { locale: 'de' };
  const commands: Record<string, () => Promise<unknown>> = {
    find: () => rows.find({}, { collation }).toArray(),
    aggregate: () => rows.aggregate([], { collation }).toArray(),
    count: () => rig.db.command({ count: 'rows', collation }),
    distinct: () => rows.distinct('a', {}, { collation }),
    updateOne: () => rows.updateOne({}, { $set: { a: 2 } }, { collation }),
    deleteOne: () => rows.deleteOne({}, { collation }),
    findOneAndUpdate: () => rows.findOneAndUpdate({}, { $set: { a: 2 } }, { collation }),
    findOneAndDelete: () => rows.findOneAndDelete({}, { collation }),
    createIndex: () => rows.createIndex({ a: 1 }, { collation }, {}),
    createCollection: () => rig.db.createCollection('other', { collation }),
    explain: () => rig.db.command({ explain: { find: 'rows', collation } }),
  };
  for (const [name, run] of Object.entries(commands)) expect({ name, code: (await refusal(run())).code }).toEqual({ name, code: 2 });
  expect(await rows.countDocuments()).toBe(1);
});

test('a document is gone within two seconds of its time', async () => {
  await using rig = await temporaryStore();
  const rows = rig.db.collection('rows');
  await rows.createIndex({ at: 1 }, { expireAfterSeconds: 0 }, {});
  await rows.insertOne({ at: new Date(Date.now() + 500) });
  expect(await rows.countDocuments()).toBe(1);
  await until(
    () => rows.countDocuments(),
    (count) => count === 0,
    2_500,
  );
});

test('what was done with each collection is counted, of so many collections', async () => {
  await using rig = await temporaryStore();
  const rows = rig.db.collection<{ _id: number }>('rows');
  await rows.insertMany([{ _id: 1 }, { _id: 2 }]);
  await rows.updateOne({ _id: 1 }, { $set: { a: 1 } });
  await rows.find().toArray();
  await rows.deleteOne({ _id: 2 });
  await rows.countDocuments();
  const name = `${rig.db.databaseName}.rows`;
  const top = async (): Promise<Record<string, unknown>> =>
    ((await rig.db.admin().command({ top: 1 })) as { totals: Record<string, unknown> }).totals;
  expect((await top())[name]).toEqual({
    insert: { count: 1 },
    update: { count: 1 },
    queries: { count: 1 },
    remove: { count: 1 },
    commands: { count: 1 },
  });
  for (let other = 0; other < 1_050; other += 1) await rig.db.collection(`other${other}`).findOne();
  expect(Object.keys(await top()).length).toBe(1_000);
});
