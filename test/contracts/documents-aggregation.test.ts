import { beforeEach, describe, expect, test } from '@jest/globals';
import { Decimal128, type Document } from 'mongodb';
import { contractDatabase, type Row } from './documents-database.js';

// What the product needs of a document store. With MONGODB_TEST_URI set, the same file runs against a real MongoDB.

const on = contractDatabase('aggregation');

describe('aggregation', () => {
  beforeEach(() => on.fill(100));
  const run = (...stages: Document[]): Promise<Document[]> => on.rows.aggregate(stages).toArray();

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
    await on.db.collection<Row>('names').insertMany([
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
    await on.rows.deleteMany({});
    await on.rows.insertMany(['0.1', '0.2', '0.3'].map((text, at) => ({ _id: at, v: Decimal128.fromString(text) })));
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
    expect(await on.db.collection('copy').countDocuments({ merged: true })).toBe(20);
  });
});
