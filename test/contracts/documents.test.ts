import { beforeEach, describe, expect, test } from '@jest/globals';
import { Decimal128, Double, Long, ObjectId, type Document } from 'mongodb';
import mongoose from 'mongoose';
import { refusal } from '../integration/documents/documents-support.js';
import { contractDatabase } from './documents-database.js';

// What the product needs of a document store. With MONGODB_TEST_URI set, the same file runs against a real MongoDB.

const on = contractDatabase('rows');
const ids = (found: readonly { readonly _id: unknown }[]): unknown[] => found.map((row) => row._id);

describe('reading', () => {
  beforeEach(() => on.fill(300));

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
    expect(await on.rows.countDocuments(filter)).toBe(count);
  });

  test('sorts, skips, limits and projects', async () => {
    const found = await on.rows
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

  test.each([
    ['a skip below zero', { find: 'rows', skip: -1 }, 51024],
    ['a limit below zero', { find: 'rows', limit: -1 }, 51024],
    ['a batch below zero', { find: 'rows', batchSize: -1 }, 51024],
    ['a count that skips below zero', { count: 'rows', skip: -1 }, 51024],
    ['a skip in words', { find: 'rows', skip: 'one' }, 14],
    ['a stage that skips below zero', { aggregate: 'rows', pipeline: [{ $skip: -1 }], cursor: {} }, 5107200],
  ])('refuses %s', async (_what, command, code) => {
    await expect(on.db.command(command)).rejects.toMatchObject({ code });
  });

  test('streams through getMore in batches', async () => {
    const cursor = on.rows.find().sort({ _id: 1 }).batchSize(7);
    const seen: unknown[] = [];
    for await (const row of cursor) seen.push(row._id);
    expect(seen).toEqual(Array.from({ length: 300 }, (_row, at) => at));
  });

  test('lists distinct values, of array elements too', async () => {
    expect((await on.rows.distinct('n')).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect((await on.rows.distinct('tags', { _id: { $lt: 2 } })).sort()).toEqual([0, 1, 2]);
  });

  test('excludes fields and slices arrays', async () => {
    expect(await on.rows.findOne({ _id: 5 }, { projection: { sub: 0, s: 0, n: 0 } })).toEqual({ _id: 5, tags: [5, 6] });
    expect(await on.rows.findOne({ _id: 5 }, { projection: { tags: { $slice: -1 }, _id: 0, s: 1 } })).toEqual({ tags: [6], s: 's5' });
  });
});

describe('types', () => {
  test('keep their kind and compare across numbers', async () => {
    const oid = new ObjectId();
    const at = new Date('2026-01-02T03:04:05.678Z');
    await on.rows.insertOne({
      _id: 1,
      long: Long.fromString('9007199254740993'),
      decimal: Decimal128.fromString('1.50'),
      double: new Double(5),
      at,
      oid,
    });
    const raw = await on.rows.findOne({ _id: 1 }, { promoteValues: false, promoteLongs: false });
    expect(String(raw?.['long'])).toBe('9007199254740993');
    expect(String(raw?.['decimal'])).toBe('1.50');
    expect((raw?.['double'] as Double | undefined)?._bsontype).toBe('Double');
    expect(await on.rows.countDocuments({ decimal: 1.5 })).toBe(1);
    expect(await on.rows.countDocuments({ long: Long.fromString('9007199254740992') })).toBe(0);
    expect(await on.rows.countDocuments({ double: Long.fromNumber(5) })).toBe(1);
    expect(await on.rows.countDocuments({ at, oid })).toBe(1);
  });

  test('sort in the order of types', async () => {
    await on.rows.insertMany([
      { _id: 'text', v: 'a' },
      { _id: 'number', v: 5 },
      { _id: 'null', v: null },
      { _id: 'date', v: new Date(0) },
      { _id: 'boolean', v: false },
      { _id: 'object', v: { a: 1 } },
      { _id: 'missing' },
    ]);
    const order = ids(await on.rows.find().sort({ v: 1, _id: 1 }).toArray());
    expect(order).toEqual(['missing', 'null', 'number', 'text', 'object', 'boolean', 'date']);
  });

  test('different binary values are different', async () => {
    await on.rows.insertMany([
      { _id: 1, b: Buffer.from('aa') },
      { _id: 2, b: Buffer.from('ab') },
    ]);
    expect(ids(await on.rows.find({ b: Buffer.from('ab') }).toArray())).toEqual([2]);
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
    await on.rows.insertOne({ _id: 1, ...before });
    await on.rows.updateOne({ _id: 1 }, update);
    expect(await on.rows.findOne({ _id: 1 })).toEqual({ _id: 1, ...after });
  });

  test('updates the element the query matched, and those an array filter chooses', async () => {
    await on.rows.insertOne({
      _id: 1,
      items: [
        { k: 1, v: 1 },
        { k: 2, v: 2 },
      ],
    });
    await on.rows.updateOne({ _id: 1, 'items.k': 2 }, { $set: { 'items.$.v': 20 } });
    await on.rows.updateOne({ _id: 1 }, { $inc: { 'items.$[low].v': 5 } }, { arrayFilters: [{ 'low.k': { $lt: 2 } }] });
    expect((await on.rows.findOne({ _id: 1 }))?.['items']).toEqual([
      { k: 1, v: 6 },
      { k: 2, v: 20 },
    ]);
  });

  test('upserts from the equalities of the query, once', async () => {
    const first = await on.rows.updateOne(
      { _id: 7, kind: 'x', n: { $gt: 1 } },
      { $set: { a: 1 }, $setOnInsert: { made: true } },
      { upsert: true },
    );
    const second = await on.rows.updateOne({ _id: 7 }, { $set: { a: 2 }, $setOnInsert: { made: false } }, { upsert: true });
    expect([first.upsertedId, second.upsertedCount, second.modifiedCount]).toEqual([7, 0, 1]);
    expect(await on.rows.findOne({ _id: 7 })).toEqual({ _id: 7, kind: 'x', a: 2, made: true });
  });

  test('findOneAndUpdate gives the document before or after, in sort order', async () => {
    await on.fill(20);
    const before = await on.rows.findOneAndUpdate({ n: 3 }, { $set: { n: -1 } }, { sort: { _id: -1 } });
    const after = await on.rows.findOneAndUpdate({ n: 3 }, { $inc: { x: 1 } }, { returnDocument: 'after' });
    expect([before?._id, before?.['n'], after?._id, after?.['x']]).toEqual([13, 3, 3, 1]);
  });

  test('counts matched and modified apart', async () => {
    await on.fill(20);
    expect(await on.rows.updateMany({ n: 1 }, { $set: { n: 1 } })).toMatchObject({ matchedCount: 2, modifiedCount: 0 });
    expect(await on.rows.deleteMany({ n: { $lt: 5 } })).toMatchObject({ deletedCount: 10 });
  });

  test('an ordered batch stops at the first error, an unordered one goes on', async () => {
    const batch = [{ _id: 1 }, { _id: 1 }, { _id: 2 }];
    expect((await refusal(on.rows.insertMany(batch))).code).toBe(11000);
    expect(await on.rows.countDocuments()).toBe(1);
    expect((await refusal(on.rows.insertMany(batch, { ordered: false }))).code).toBe(11000);
    expect(await on.rows.countDocuments()).toBe(2);
  });

  test('_id cannot be changed', async () => {
    await on.rows.insertOne({ _id: 1 });
    expect((await refusal(on.rows.updateOne({ _id: 1 }, { $set: { _id: 2 } }))).code).toBe(66);
  });

  test('concurrent increments are all kept', async () => {
    await on.rows.insertOne({ _id: 1, n: 0 });
    await Promise.all(Array.from({ length: 100 }, () => on.rows.updateOne({ _id: 1 }, { $inc: { n: 1 } })));
    expect((await on.rows.findOne({ _id: 1 }))?.['n']).toBe(100);
  });

  test('only one of many concurrent claims wins', async () => {
    await on.rows.insertOne({ _id: 1, owner: null });
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_claim, at) => on.rows.findOneAndUpdate({ _id: 1, owner: null }, { $set: { owner: at } })),
    );
    expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
  });
});

describe('indexes', () => {
  test('a unique index refuses a second document and names the field', async () => {
    await on.rows.createIndex({ email: 1 }, { unique: true, sparse: true }, {});
    await on.rows.insertMany([{ _id: 1, email: 'a' }, { _id: 2 }, { _id: 3 }]);
    const error = await refusal(on.rows.insertOne({ _id: 4, email: 'a' }));
    expect(error).toMatchObject({ code: 11000, keyPattern: { email: 1 }, keyValue: { email: 'a' } });
  });

  test('a partial unique index counts only its documents', async () => {
    await on.rows.createIndex({ number: 1 }, { unique: true, partialFilterExpression: { active: true } }, {});
    await on.rows.insertMany([
      { _id: 1, number: 5, active: true },
      { _id: 2, number: 5, active: false },
      { _id: 3, number: 5, active: false },
    ]);
    expect((await refusal(on.rows.updateOne({ _id: 2 }, { $set: { active: true } }))).code).toBe(11000);
  });

  test('building a unique index over doubles is refused and leaves nothing', async () => {
    await on.rows.insertMany([
      { _id: 1, a: 1 },
      { _id: 2, a: 1 },
    ]);
    expect((await refusal(on.rows.createIndex({ a: 1 }, { unique: true }, {}))).code).toBe(11000);
    expect(await on.rows.indexes()).toHaveLength(1);
  });

  test('explain names the index, and the order comes from it', async () => {
    await on.fill(100);
    await on.rows.createIndex({ n: 1, s: -1 });
    const explained = await on.rows.find({ n: 3 }).sort({ s: -1 }).explain('executionStats');
    expect(JSON.stringify(explained)).toContain('"IXSCAN"');
    expect(JSON.stringify(explained)).not.toContain('"SORT"');
    const found = (await on.rows.find({ n: 3 }).sort({ s: 1 }).toArray()).map((row) => String(row['s']));
    expect(found).toEqual([...found].sort());
  });

  test('are listed, kept once and dropped', async () => {
    expect(await on.rows.createIndex({ a: 1 })).toBe('a_1');
    await on.rows.createIndex({ a: 1 });
    await on.rows.createIndex({ at: 1 }, { expireAfterSeconds: 60 }, {});
    expect((await on.rows.indexes()).map((index) => index.name)).toEqual(['_id_', 'a_1', 'at_1']);
    await on.rows.dropIndex('a_1');
    expect(await on.rows.indexes()).toHaveLength(2);
  });
});

describe('the rest of the protocol', () => {
  test('a validator refuses what does not fit', async () => {
    const checked = await on.db.createCollection('checked', {
      validator: { a: { $type: 'int' } },
    });
    await checked.insertOne({ a: 1 });
    expect((await refusal(checked.insertOne({ a: 'text' }))).code).toBe(121);
    await on.db.command({ collMod: 'checked', validator: { a: { $type: ['int', 'string'] } } });
    await checked.insertOne({ a: 'text' });
  });

  test('unknown operators, stages and commands have their own codes', async () => {
    await on.rows.insertOne({ _id: 1 });
    expect((await refusal(on.rows.findOne({ a: { $nonsense: 1 } }))).code).toBe(2);
    expect((await refusal(on.rows.aggregate([{ $nonsense: {} }]).toArray())).code).toBe(40324);
    expect((await refusal(on.db.command({ nonsense: 1 }))).code).toBe(59);
  });

  test('sessions and retryable writes work', async () => {
    const session = on.client.startSession();
    await on.rows.insertOne({ _id: 1 }, { session });
    expect(await on.rows.findOne({ _id: 1 }, { session })).toEqual({ _id: 1 });
    await session.endSession();
  });

  test('the same txnNumber is answered from memory, not done twice', async () => {
    const lsid = { id: new ObjectId() };
    const session = on.client.startSession();
    const command = {
      update: 'rows',
      updates: [{ q: { _id: 1 }, u: { $inc: { n: 1 } }, upsert: true }],
      lsid: session.id ?? lsid,
      txnNumber: Long.fromNumber(900),
    };
    const first = await on.db.command(command);
    const second = await on.db.command(command);
    expect(second['n']).toEqual(first['n']);
    expect((await on.rows.findOne({ _id: 1 }))?.['n']).toBe(1);
    await session.endSession();
  });

  test('a cursor of a killed id is gone', async () => {
    await on.fill(50);
    const cursor = on.rows.find().batchSize(5);
    await cursor.next();
    await cursor.close();
    expect((await refusal(on.db.command({ getMore: Long.fromNumber(123_456), collection: 'rows' }))).code).toBe(43);
  });

  test('mongoose models work unchanged', async () => {
    const uri = on.store?.uri ?? process.env['MONGODB_TEST_URI'] ?? '';
    const connection = await mongoose.createConnection(uri, { dbName: on.db.databaseName }).asPromise();
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
