import { describe, expect, test } from '@jest/globals';
import { DBRef, ObjectId, type Document } from 'mongodb';
import { refusal } from '../integration/documents/documents-support.js';
import { contractDatabase } from './documents-database.js';

// Details of MongoDB that are easily passed over in silence. With MONGODB_TEST_URI set, the same file runs against a real MongoDB.

const on = contractDatabase('details');
const one = async (doc: Document): Promise<void> => {
  await on.db.collection('rows').insertOne(doc);
};

describe('projections', () => {
  test.each<[projection: Document, found: Document]>([
    [{ _id: 0 }, { n: 1, s: 'x' }],
    [{ _id: 0, n: 0 }, { s: 'x' }],
    [{ _id: 0, n: 1 }, { n: 1 }],
    [{ _id: 1 }, { _id: 1 }],
    [
      { _id: 1, n: 0 },
      { _id: 1, s: 'x' },
    ],
  ])('%j', async (projection, found) => {
    await one({ _id: 1, n: 1, s: 'x' });
    expect(await on.rows.findOne({}, { projection })).toEqual(found);
    expect(await on.rows.aggregate([{ $project: projection }]).toArray()).toEqual([found]);
    expect(await on.rows.findOneAndUpdate({}, { $set: { n: 1 } }, { projection })).toEqual(found);
  });
});

describe('queries through arrays of documents', () => {
  test.each<[filter: Document, count: number]>([
    [{ 'sub.k': { $all: [1, 2] } }, 1],
    [{ 'sub.k': { $all: [1, 9] } }, 0],
    [{ 'sub.k': { $not: { $all: [1, 2] } } }, 0],
    [{ 'sub.k': { $not: { $all: [1, 9] } } }, 1],
    // 3 is above 2 and 1 is below 2: MongoDB finds both conditions met, by different elements.
    [{ 'sub.k': { $gt: 2, $lt: 2 } }, 1],
    [{ 'sub.k': { $not: { $gt: 2, $lt: 2 } } }, 0],
    [{ sub: { $elemMatch: { k: { $gt: 2, $lt: 2 } } } }, 0],
  ])('%j', async (filter, count) => {
    await one({ _id: 1, sub: [{ k: 1 }, { k: 2 }, { k: 3 }] });
    expect(await on.rows.countDocuments(filter)).toBe(count);
  });

  test('$elemMatch finds a DBRef by its fields', async () => {
    const id = new ObjectId();
    await one({ _id: 1, refs: [new DBRef('calls', id), new DBRef('cases', new ObjectId())] });
    expect(await on.rows.countDocuments({ refs: { $elemMatch: { $ref: 'calls', $id: id } } })).toBe(1);
    expect(await on.rows.countDocuments({ refs: { $elemMatch: { $id: id } } })).toBe(1);
    expect(await on.rows.countDocuments({ refs: { $elemMatch: { $ref: 'cases', $id: id } } })).toBe(0);
  });
});

describe('updates', () => {
  const after = async (doc: Document, update: Document): Promise<Document | null> => {
    await one(doc);
    await on.rows.updateOne({}, update);
    return on.rows.findOne({}, { projection: { _id: 0 } });
  };

  test('$pull takes the elements that one of several conditions meets', async () => {
    const doc = { a: [{ k: 1 }, { k: 2 }, { k: 3, s: 'x' }] };
    expect(await after(doc, { $pull: { a: { $or: [{ k: 1 }, { s: 'x' }] } } })).toEqual({ a: [{ k: 2 }] });
  });

  test('$set reaches names with a dollar sign', async () => {
    expect(await after({ a: { $b: 1 } }, { $set: { 'a.$b': 2, 'a.c$': 3 } })).toEqual({ a: { $b: 2, c$: 3 } });
  });

  test('a positional part cannot come first', async () => {
    await one({ a: [1] });
    expect((await refusal(on.rows.updateOne({}, { $set: { $: 1 } }))).code).toBe(2);
  });
});

describe('let', () => {
  test('is evaluated, in queries and in updates', async () => {
    await one({ _id: 1, n: 2 });
    const filter = { $expr: { $eq: ['$n', '$$two'] } };
    expect(await on.rows.findOne(filter, { let: { two: { $add: [1, 1] } } } as object)).toMatchObject({ _id: 1 });
    expect(await on.rows.findOne(filter, { let: { two: { $literal: 2 } } } as object)).toMatchObject({ _id: 1 });
    await on.rows.updateOne(filter, [{ $set: { s: '$$text' } }], { let: { two: 2, text: { $concat: ['a', 'b'] } } });
    expect(await on.rows.findOne({})).toEqual({ _id: 1, n: 2, s: 'ab' });
  });

  test('a name that is no variable is refused', async () => {
    await one({ _id: 1 });
    expect((await refusal(on.rows.findOne({}, { let: { Big: 1 } } as object))).code).toBe(9);
  });
});

test('an _id with a dollar sign in its names is refused', async () => {
  expect((await refusal(on.rows.insertOne({ _id: { $a: 1 } } as never))).code).toBe(52);
});

test('a document that its validator refuses is named, with the clause that it does not fulfil', async () => {
  await on.db.createCollection('rows', { validator: { n: { $type: 'int' } } });
  const { code, errInfo } = (await refusal(on.rows.insertOne({ _id: 7, n: 'x' }))) as { code?: unknown; errInfo?: Document };
  expect(code).toBe(121);
  expect(errInfo).toMatchObject({ failingDocumentId: 7, details: { operatorName: '$type', specifiedAs: { n: { $type: 'int' } } } });
});

test.each<[unit: string, start: string, end: string, difference: number, timezone: string]>([
  ['year', '2025-12-31T23:59:59Z', '2026-01-01T00:00:00Z', 1, 'UTC'],
  ['quarter', '2026-01-01T00:00:00Z', '2026-12-31T00:00:00Z', 3, 'UTC'],
  ['month', '2026-01-31T00:00:00Z', '2026-03-01T00:00:00Z', 2, 'UTC'],
  ['week', '2026-11-28T00:00:00Z', '2026-11-29T00:00:00Z', 1, 'UTC'],
  ['day', '2026-11-27T15:00:00Z', '2026-11-27T17:00:00Z', 1, 'Asia/Shanghai'],
  ['day', '2026-11-27T15:00:00Z', '2026-11-27T17:00:00Z', 0, 'UTC'],
  ['hour', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z', 23, 'Europe/Berlin'],
  ['minute', '2026-11-27T15:00:59Z', '2026-11-27T15:01:00Z', 1, 'UTC'],
  ['second', '2026-11-27T15:00:01Z', '2026-11-27T15:00:00Z', -1, 'UTC'],
])('$dateDiff counts boundaries of a %s', async (unit, start, end, difference, timezone) => {
  await one({ _id: 1 });
  const argument = { startDate: new Date(start), endDate: new Date(end), unit, timezone };
  const [found] = await on.rows.aggregate([{ $project: { _id: 0, z: { $dateDiff: argument } } }]).toArray();
  expect(found).toEqual({ z: difference });
});

test('$out under read concern linearizable is refused', async () => {
  await one({ _id: 1 });
  const written = on.rows.aggregate([{ $out: 'copy' }], { readConcern: { level: 'linearizable' } }).toArray();
  expect((await refusal(written)).code).toBe(72);
});
