import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Decimal128, Double, Long, MongoClient, ObjectId, type Collection, type Db, type Document } from 'mongodb';
import mongoose from 'mongoose';
import { startDocumentStore, type DocumentStore } from '../../infra/embedded/documents/index.js';
import { refusal, temporaryFolder } from '../integration/documents-support.js';

// What the product needs of a document store. With MONGODB_TEST_URI set, the same file runs against a real MongoDB.

interface Row extends Document {
  _id: number | string;
}

let store: DocumentStore | undefined;
let folder: Awaited<ReturnType<typeof temporaryFolder>> | undefined;
let client: MongoClient;
let db: Db;
let rows: Collection<Row>;
const name = `contract_${process.pid}`;

beforeAll(async () => {
  let uri = process.env['MONGODB_TEST_URI'];
  if (uri === undefined) {
    folder = await temporaryFolder();
    store = await startDocumentStore({ folder: folder.path, minFreeBytes: 0 });
    ({ uri } = store);
  }
  client = await new MongoClient(uri).connect();
  db = client.db(name);
});

afterAll(async () => {
  await db.dropDatabase();
  await client.close();
  await store?.close();
  await folder?.[Symbol.asyncDispose]();
});

beforeEach(async () => {
  await db.dropDatabase();
  rows = db.collection<Row>('rows');
});

async function fill(count: number): Promise<void> {
  await rows.insertMany(
    Array.from({ length: count }, (_row, at) => ({ _id: at, n: at % 10, s: `s${at}`, tags: [at, at + 1], sub: { k: at } })),
  );
}

const ids = (found: readonly { readonly _id: unknown }[]): unknown[] => found.map((row) => row._id);

describe('reading', () => {
  beforeEach(() => fill(300));

  test.each<[name: string, filter: Document, count: number]>([
    ['equality', { n: 3 }, 30],
    ['a range', { n: { $gt: 7 } }, 60],
    ['$in', { _id: { $in: [1, 2, 999] } }, 2],
    ['$nin', { n: { $nin: [0, 1] } }, 240],
    ['an array element', { tags: 7 }, 2],
    ['$all', { tags: { $all: [7, 8] } }, 1],
    ['a nested path', { 'sub.k': 44 }, 1],
    ['$or', { $or: [{ n: 1 }, { _id: 5 }] }, 31],
    ['$and with the same field', { $and: [{ _id: { $gte: 10 } }, { _id: { $lt: 20 } }] }, 10],
    ['$nor', { $nor: [{ n: { $lt: 9 } }] }, 30],
    ['$exists false', { missing: { $exists: false } }, 300],
    ['null matches missing', { missing: null }, 300],
    ['a regular expression', { s: /^s29\d$/ }, 10],
    ['$not', { n: { $not: { $gt: 0 } } }, 30],
    ['$elemMatch', { tags: { $elemMatch: { $gt: 297, $lt: 299 } } }, 2],
    ['$size', { tags: { $size: 2 } }, 300],
    ['$mod', { _id: { $mod: [100, 7] } }, 3],
    ['$type', { s: { $type: 'string' } }, 300],
    ['$expr', { $expr: { $eq: ['$_id', '$sub.k'] } }, 300],
  ])('finds by %s', async (_name, filter, count) => {
    expect(await rows.countDocuments(filter)).toBe(count);
  });

  test('sorts, skips, limits and projects', async () => {
    const found = await rows
      .find({ n: 4 }, { projection: { s: 1 } })
      .sort({ _id: -1 })
      .skip(1)
      .limit(2)
      .toArray();
    expect(found).toEqual([
      { _id: 284, s: 's284' },
      { _id: 274, s: 's274' },
    ]);
  });

  test('streams through getMore in batches', async () => {
    const cursor = rows.find().sort({ _id: 1 }).batchSize(7);
    const seen: unknown[] = [];
    for await (const row of cursor) seen.push(row._id);
    expect(seen).toEqual(Array.from({ length: 300 }, (_row, at) => at));
  });

  test('lists distinct values, of array elements too', async () => {
    expect((await rows.distinct('n')).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect((await rows.distinct('tags', { _id: { $lt: 2 } })).sort()).toEqual([0, 1, 2]);
  });

  test('excludes fields and slices arrays', async () => {
    expect(await rows.findOne({ _id: 5 }, { projection: { sub: 0, s: 0, n: 0 } })).toEqual({ _id: 5, tags: [5, 6] });
    expect(await rows.findOne({ _id: 5 }, { projection: { tags: { $slice: -1 }, _id: 0, s: 1 } })).toEqual({ tags: [6], s: 's5' });
  });
});

describe('types', () => {
  test('keep their kind and compare across numbers', async () => {
    const oid = new ObjectId();
    const at = new Date('2026-01-02T03:04:05.678Z');
    await rows.insertOne({
      _id: 1,
      long: Long.fromString('9007199254740993'),
      decimal: Decimal128.fromString('1.50'),
      double: new Double(5),
      at,
      oid,
    });
    const raw = await rows.findOne({ _id: 1 }, { promoteValues: false, promoteLongs: false });
    expect(String(raw?.['long'])).toBe('9007199254740993');
    expect(String(raw?.['decimal'])).toBe('1.50');
    expect((raw?.['double'] as Double)._bsontype).toBe('Double');
    expect(await rows.countDocuments({ decimal: 1.5 })).toBe(1);
    expect(await rows.countDocuments({ long: Long.fromString('9007199254740992') })).toBe(0);
    expect(await rows.countDocuments({ double: Long.fromNumber(5) })).toBe(1);
    expect(await rows.countDocuments({ at, oid })).toBe(1);
  });

  test('sort in the order of types', async () => {
    await rows.insertMany([
      { _id: 'text', v: 'a' },
      { _id: 'number', v: 5 },
      { _id: 'null', v: null },
      { _id: 'date', v: new Date(0) },
      { _id: 'boolean', v: false },
      { _id: 'object', v: { a: 1 } },
      { _id: 'missing' },
    ]);
    const order = ids(await rows.find().sort({ v: 1, _id: 1 }).toArray());
    expect(order).toEqual(['missing', 'null', 'number', 'text', 'object', 'boolean', 'date']);
  });

  test('different binary values are different', async () => {
    await rows.insertMany([
      { _id: 1, b: Buffer.from('aa') },
      { _id: 2, b: Buffer.from('ab') },
    ]);
    expect(ids(await rows.find({ b: Buffer.from('ab') }).toArray())).toEqual([2]);
  });
});

describe('writing', () => {
  test.each<[name: string, before: Document, update: Document, after: Document]>([
    ['$set makes the path', { a: 1 }, { $set: { 'b.c': 2 } }, { a: 1, b: { c: 2 } }],
    ['$unset', { a: 1, b: 2 }, { $unset: { b: '' } }, { a: 1 }],
    ['$inc on a missing field', {}, { $inc: { n: 2 } }, { n: 2 }],
    ['$mul', { n: 3 }, { $mul: { n: 2 } }, { n: 6 }],
    ['$min and $max', { a: 5, b: 5 }, { $min: { a: 3 }, $max: { b: 9 } }, { a: 3, b: 9 }],
    ['$rename', { a: 1 }, { $rename: { a: 'z' } }, { z: 1 }],
    ['$push with each, sort and slice', { l: [5, 1] }, { $push: { l: { $each: [3], $sort: 1, $slice: 2 } } }, { l: [1, 3] }],
    ['$addToSet', { l: [1] }, { $addToSet: { l: { $each: [1, 2] } } }, { l: [1, 2] }],
    ['$pull by a condition', { l: [1, 5, 9] }, { $pull: { l: { $gte: 5 } } }, { l: [1] }],
    ['$pop', { l: [1, 2] }, { $pop: { l: 1 } }, { l: [1] }],
    ['an array position', { l: [1, 2] }, { $set: { 'l.1': 9 } }, { l: [1, 9] }],
    ['$[] on every element', { l: [1, 2] }, { $inc: { 'l.$[]': 1 } }, { l: [2, 3] }],
  ])('updates with %s', async (_name, before, update, after) => {
    await rows.insertOne({ _id: 1, ...before });
    await rows.updateOne({ _id: 1 }, update);
    expect(await rows.findOne({ _id: 1 })).toEqual({ _id: 1, ...after });
  });

  test('updates the element the query matched, and those an array filter chooses', async () => {
    await rows.insertOne({
      _id: 1,
      items: [
        { k: 1, v: 1 },
        { k: 2, v: 2 },
      ],
    });
    await rows.updateOne({ _id: 1, 'items.k': 2 }, { $set: { 'items.$.v': 20 } });
    await rows.updateOne({ _id: 1 }, { $inc: { 'items.$[low].v': 5 } }, { arrayFilters: [{ 'low.k': { $lt: 2 } }] });
    expect((await rows.findOne({ _id: 1 }))?.['items']).toEqual([
      { k: 1, v: 6 },
      { k: 2, v: 20 },
    ]);
  });

  test('upserts from the equalities of the query, once', async () => {
    const first = await rows.updateOne(
      { _id: 7, kind: 'x', n: { $gt: 1 } },
      { $set: { a: 1 }, $setOnInsert: { made: true } },
      { upsert: true },
    );
    const second = await rows.updateOne({ _id: 7 }, { $set: { a: 2 }, $setOnInsert: { made: false } }, { upsert: true });
    expect([first.upsertedId, second.upsertedCount, second.modifiedCount]).toEqual([7, 0, 1]);
    expect(await rows.findOne({ _id: 7 })).toEqual({ _id: 7, kind: 'x', a: 2, made: true });
  });

  test('findOneAndUpdate gives the document before or after, in sort order', async () => {
    await fill(20);
    const before = await rows.findOneAndUpdate({ n: 3 }, { $set: { n: -1 } }, { sort: { _id: -1 } });
    const after = await rows.findOneAndUpdate({ n: 3 }, { $inc: { x: 1 } }, { returnDocument: 'after' });
    expect([before?._id, before?.['n'], after?._id, after?.['x']]).toEqual([13, 3, 3, 1]);
  });

  test('counts matched and modified apart', async () => {
    await fill(20);
    expect(await rows.updateMany({ n: 1 }, { $set: { n: 1 } })).toMatchObject({ matchedCount: 2, modifiedCount: 0 });
    expect(await rows.deleteMany({ n: { $lt: 5 } })).toMatchObject({ deletedCount: 10 });
  });

  test('an ordered batch stops at the first error, an unordered one goes on', async () => {
    const batch = [{ _id: 1 }, { _id: 1 }, { _id: 2 }];
    expect((await refusal(rows.insertMany(batch))).code).toBe(11000);
    expect(await rows.countDocuments()).toBe(1);
    expect((await refusal(rows.insertMany(batch, { ordered: false }))).code).toBe(11000);
    expect(await rows.countDocuments()).toBe(2);
  });

  test('_id cannot be changed', async () => {
    await rows.insertOne({ _id: 1 });
    expect((await refusal(rows.updateOne({ _id: 1 }, { $set: { _id: 2 } }))).code).toBe(66);
  });

  test('concurrent increments are all kept', async () => {
    await rows.insertOne({ _id: 1, n: 0 });
    await Promise.all(Array.from({ length: 100 }, () => rows.updateOne({ _id: 1 }, { $inc: { n: 1 } })));
    expect((await rows.findOne({ _id: 1 }))?.['n']).toBe(100);
  });

  test('only one of many concurrent claims wins', async () => {
    await rows.insertOne({ _id: 1, owner: null });
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_claim, at) => rows.findOneAndUpdate({ _id: 1, owner: null }, { $set: { owner: at } })),
    );
    expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
  });
});

describe('indexes', () => {
  test('a unique index refuses a second document and names the field', async () => {
    await rows.createIndex({ email: 1 }, { unique: true, sparse: true }, {});
    await rows.insertMany([{ _id: 1, email: 'a' }, { _id: 2 }, { _id: 3 }]);
    const error = await refusal(rows.insertOne({ _id: 4, email: 'a' }));
    expect(error).toMatchObject({ code: 11000, keyPattern: { email: 1 }, keyValue: { email: 'a' } });
  });

  test('a partial unique index counts only its documents', async () => {
    await rows.createIndex({ number: 1 }, { unique: true, partialFilterExpression: { active: true } }, {});
    await rows.insertMany([
      { _id: 1, number: 5, active: true },
      { _id: 2, number: 5, active: false },
      { _id: 3, number: 5, active: false },
    ]);
    expect((await refusal(rows.updateOne({ _id: 2 }, { $set: { active: true } }))).code).toBe(11000);
  });

  test('building a unique index over doubles is refused and leaves nothing', async () => {
    await rows.insertMany([
      { _id: 1, a: 1 },
      { _id: 2, a: 1 },
    ]);
    expect((await refusal(rows.createIndex({ a: 1 }, { unique: true }, {}))).code).toBe(11000);
    expect(await rows.indexes()).toHaveLength(1);
  });

  test('explain names the index, and the order comes from it', async () => {
    await fill(100);
    await rows.createIndex({ n: 1, s: -1 });
    const explained = await rows.find({ n: 3 }).sort({ s: -1 }).explain('executionStats');
    expect(JSON.stringify(explained)).toContain('"IXSCAN"');
    expect(JSON.stringify(explained)).not.toContain('"SORT"');
    const found = (await rows.find({ n: 3 }).sort({ s: 1 }).toArray()).map((row) => String(row['s']));
    expect(found).toEqual([...found].sort());
  });

  test('are listed, kept once and dropped', async () => {
    expect(await rows.createIndex({ a: 1 })).toBe('a_1');
    await rows.createIndex({ a: 1 });
    await rows.createIndex({ at: 1 }, { expireAfterSeconds: 60 }, {});
    expect((await rows.indexes()).map((index) => index.name)).toEqual(['_id_', 'a_1', 'at_1']);
    await rows.dropIndex('a_1');
    expect(await rows.indexes()).toHaveLength(2);
  });
});

describe('aggregation', () => {
  beforeEach(() => fill(100));
  const run = (...stages: Document[]): Promise<Document[]> => rows.aggregate(stages).toArray();

  test('groups, sorts and projects', async () => {
    const found = await run(
      { $match: { n: { $lt: 2 } } },
      { $group: { _id: '$n', calls: { $sum: 1 }, most: { $max: '$sub.k' }, mean: { $avg: '$sub.k' }, all: { $push: '$_id' } } },
      { $sort: { _id: 1 } },
      { $project: { calls: 1, most: 1, mean: 1, first: { $arrayElemAt: ['$all', 0] } } },
    );
    expect(found).toEqual([
      { _id: 0, calls: 10, most: 90, mean: 45, first: 0 },
      { _id: 1, calls: 10, most: 91, mean: 46, first: 1 },
    ]);
  });

  test('joins with $lookup and opens with $unwind', async () => {
    await db.collection<Row>('names').insertMany([
      { _id: 1, title: 'one' },
      { _id: 2, title: 'two' },
    ]);
    const found = await run(
      { $match: { _id: { $in: [1, 2, 3] } } },
      { $lookup: { from: 'names', localField: 'n', foreignField: '_id', as: 'name' } },
      { $unwind: '$name' },
      { $project: { title: '$name.title' } },
      { $sort: { _id: 1 } },
    );
    expect(found).toEqual([
      { _id: 1, title: 'one' },
      { _id: 2, title: 'two' },
    ]);
  });

  test('facets, buckets and counts', async () => {
    const [found] = await run({
      $facet: {
        total: [{ $count: 'n' }],
        buckets: [{ $bucket: { groupBy: '$_id', boundaries: [0, 50, 100], output: { n: { $sum: 1 } } } }],
      },
    });
    expect(found).toEqual({
      total: [{ n: 100 }],
      buckets: [
        { _id: 0, n: 50 },
        { _id: 50, n: 50 },
      ],
    });
  });

  test('ranks inside windows', async () => {
    const found = await run(
      { $match: { _id: { $lt: 30 } } },
      {
        $setWindowFields: {
          partitionBy: '$n',
          sortBy: { _id: 1 },
          output: { place: { $documentNumber: {} }, sum: { $sum: '$_id', window: { documents: ['unbounded', 'current'] } } },
        },
      },
      { $match: { n: 5 } },
      { $project: { place: 1, sum: 1 } },
    );
    expect(found).toEqual([
      { _id: 5, place: 1, sum: 5 },
      { _id: 15, place: 2, sum: 20 },
      { _id: 25, place: 3, sum: 45 },
    ]);
  });

  test.each<[zone: string, instant: string, day: string, text: string]>([
    ['Asia/Shanghai', '2026-01-01T16:30:00Z', '2026-01-01T16:00:00Z', '2026-01-02 00:30 +0800'],
    ['Europe/Berlin', '2026-03-29T12:00:00Z', '2026-03-28T23:00:00Z', '2026-03-29 14:00 +0200'],
    ['Europe/Berlin', '2026-10-25T12:00:00Z', '2026-10-24T22:00:00Z', '2026-10-25 13:00 +0100'],
    ['America/New_York', '2026-03-08T06:30:00Z', '2026-03-08T05:00:00Z', '2026-03-08 01:30 -0500'],
    ['America/New_York', '2026-03-08T07:30:00Z', '2026-03-08T05:00:00Z', '2026-03-08 03:30 -0400'],
  ])('cuts and writes days in %s at %s', async (timezone, instant, day, text) => {
    const date = new Date(instant);
    const [found] = await run(
      { $limit: 1 },
      {
        $project: {
          _id: 0,
          day: { $dateTrunc: { date, unit: 'day', timezone } },
          text: { $dateToString: { date, format: '%Y-%m-%d %H:%M %z', timezone } },
        },
      },
    );
    expect(found).toEqual({ day: new Date(day), text });
  });

  test('sums Decimal128 exactly', async () => {
    await rows.deleteMany({});
    await rows.insertMany(['0.1', '0.2', '0.3'].map((text, at) => ({ _id: at, v: Decimal128.fromString(text) })));
    const [found] = await run({ $group: { _id: null, sum: { $sum: '$v' } } });
    expect(String(found?.['sum'])).toBe('0.6');
  });

  test('writes with $merge and $out', async () => {
    await run({ $match: { n: 1 } }, { $out: 'copy' });
    await run(
      { $match: { n: { $in: [1, 2] } } },
      { $set: { merged: true } },
      { $merge: { into: 'copy', on: '_id', whenMatched: 'merge' } },
    );
    expect(await db.collection('copy').countDocuments({ merged: true })).toBe(20);
  });
});

describe('the rest of the protocol', () => {
  test('a validator refuses what does not fit', async () => {
    const checked = await db.createCollection('checked', {
      validator: { a: { $type: 'int' } },
    });
    await checked.insertOne({ a: 1 });
    expect((await refusal(checked.insertOne({ a: 'text' }))).code).toBe(121);
    await db.command({ collMod: 'checked', validator: { a: { $type: ['int', 'string'] } } });
    await checked.insertOne({ a: 'text' });
  });

  test('unknown operators, stages and commands have their own codes', async () => {
    await rows.insertOne({ _id: 1 });
    expect((await refusal(rows.findOne({ a: { $nonsense: 1 } }))).code).toBe(2);
    expect((await refusal(rows.aggregate([{ $nonsense: {} }]).toArray())).code).toBe(40324);
    expect((await refusal(db.command({ nonsense: 1 }))).code).toBe(59);
  });

  test('sessions and retryable writes work', async () => {
    const session = client.startSession();
    await rows.insertOne({ _id: 1 }, { session });
    expect(await rows.findOne({ _id: 1 }, { session })).toEqual({ _id: 1 });
    await session.endSession();
  });

  test('the same txnNumber is answered from memory, not done twice', async () => {
    const lsid = { id: new ObjectId() };
    const session = client.startSession();
    const command = {
      update: 'rows',
      updates: [{ q: { _id: 1 }, u: { $inc: { n: 1 } }, upsert: true }],
      lsid: session.id ?? lsid,
      txnNumber: Long.fromNumber(900),
    };
    const first = await db.command(command);
    const second = await db.command(command);
    expect(second['n']).toEqual(first['n']);
    expect((await rows.findOne({ _id: 1 }))?.['n']).toBe(1);
    await session.endSession();
  });

  test('a cursor of a killed id is gone', async () => {
    await fill(50);
    const cursor = rows.find().batchSize(5);
    await cursor.next();
    await cursor.close();
    expect((await refusal(db.command({ getMore: Long.fromNumber(123_456), collection: 'rows' }))).code).toBe(43);
  });

  test('mongoose models work unchanged', async () => {
    const uri = store?.uri ?? process.env['MONGODB_TEST_URI'] ?? '';
    const connection = await mongoose.createConnection(uri, { dbName: name }).asPromise();
    const Person = connection.model(
      'Person',
      new mongoose.Schema(
        { name: { type: String, unique: true }, subs: [{ x: Number }], map: { type: Map, of: Number } },
        { timestamps: true },
      ),
    );
    await Person.init();
    const person = await Person.create({ name: 'a', subs: [{ x: 1 }], map: { one: 1 } });
    person.subs.push({ x: 2 });
    await person.save();
    expect((await refusal(Person.create({ name: 'a' }))).code).toBe(11000);
    expect((await Person.findOne({ 'subs.x': 2 }))?.map?.get('one')).toBe(1);
    await connection.close();
  });
});
