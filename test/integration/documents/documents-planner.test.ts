import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compare } from '../../../infra/embedded/documents/bson/compare.js';
import type { Document } from 'mongodb';
import { temporaryStore } from './documents-support.js';

const scalar = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: -3, max: 6 }) },
  fc.constantFrom('', 'a', 'ab', 'b', 'é'),
  fc.constantFrom(1.5, -0.5, 3e10),
  fc.constantFrom(null, true, false),
  fc.constantFrom(new Date(0), new Date(1000)),
);
const field = fc.oneof({ weight: 6, arbitrary: scalar }, fc.array(scalar, { maxLength: 3 }), fc.record({ x: scalar }));
const row: fc.Arbitrary<Document> = fc
  .record({ a: field, b: scalar, c: field, d: scalar }, { requiredKeys: [] })
  .map((fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)));

const path = fc.constantFrom('a', 'b', 'c', 'd', 'a.x');
const condition = fc.oneof(
  fc.tuple(path, scalar).map(([key, value]) => ({ [key]: value })),
  fc
    .tuple(path, fc.constantFrom('$gt', '$gte', '$lt', '$lte', '$ne'), scalar)
    .map(([key, operator, value]) => ({ [key]: { [operator]: value } })),
  fc.tuple(path, scalar, scalar).map(([key, low, high]) => ({ [key]: { $gte: low, $lt: high } })),
  fc.tuple(path, fc.array(scalar, { minLength: 1, maxLength: 3 })).map(([key, values]) => ({ [key]: { $in: values } })),
  fc.tuple(path, fc.boolean()).map(([key, exists]) => ({ [key]: { $exists: exists } })),
  path.map((key) => ({ [key]: /^a/ })),
);
const filter: fc.Arbitrary<Document> = fc.oneof(
  condition,
  fc.array(condition, { minLength: 1, maxLength: 3 }).map(($and) => ({ $and })),
  fc.array(condition, { minLength: 1, maxLength: 2 }).map(($or) => ({ $or })),
);
const direction = fc.constantFrom(1 as const, -1 as const);
const sort = fc.oneof(
  fc.constant({}),
  fc.tuple(path, direction).map(([key, sign]) => ({ [key]: sign })),
  fc.tuple(direction, direction).map(([a, b]) => ({ a, b })),
  fc.tuple(direction, direction).map(([b, c]) => ({ b, c })),
);

test('every query gives with indexes what it gives without, in the same order', async () => {
  await using rig = await temporaryStore();
  const indexed = rig.db.collection('indexed');
  const plain = rig.db.collection('plain');
  await indexed.createIndexes([
    { key: { a: 1 } },
    { key: { b: -1, a: 1 } },
    { key: { c: 1, b: 1 } },
    { key: { 'a.x': -1 } },
    { key: { c: -1 }, sparse: true },
    { key: { b: 1 }, partialFilterExpression: { b: { $gt: 1 } } },
    { key: { d: 1, b: 1, _id: 1 } },
    { key: { d: -1, b: -1, _id: 1 } },
  ]);
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 25 }),
      fc.array(fc.tuple(filter, sort), { minLength: 8, maxLength: 8 }),
      async (rows, queries) => {
        const documents = rows.map((item, at) => ({ ...item, _id: at as never }));
        await Promise.all([indexed.deleteMany({}), plain.deleteMany({})]);
        await Promise.all([indexed.insertMany(documents), plain.insertMany(documents)]);
        // Half of the documents change, so that index entries are removed and added too.
        await Promise.all(
          [indexed, plain].map((collection) =>
            collection.updateMany({ _id: { $mod: [2, 0] } as never }, { $set: { b: 2 }, $unset: { c: '' } }),
          ),
        );
        for (const [query, order] of queries) {
          const [found, expected] = await Promise.all(
            [indexed, plain].map((collection) =>
              collection
                .find(query)
                .sort({ ...order, _id: 1 })
                .toArray(),
            ),
          );
          expect(found).toEqual(expected);
          expect(await indexed.countDocuments(query)).toBe(expected?.length);
          const unsorted = await indexed.find(query).toArray();
          expect(unsorted.map((item) => Number(item._id)).sort((x, y) => x - y)).toEqual(
            expected?.map((item) => Number(item._id)).sort((x, y) => x - y),
          );
        }
      },
    ),
    { numRuns: 60 },
  );
}, 120_000);

test('a text longer than an index key is found by equality, range and order', async () => {
  await using rig = await temporaryStore();
  const rows = rig.db.collection<{ _id: number; s: string }>('long');
  await rows.createIndex({ s: 1 });
  const texts = Array.from({ length: 40 }, (_text, at) => 'x'.repeat(1500) + String(at % 20).padStart(3, '0'));
  await rows.insertMany(texts.map((s, _id) => ({ _id, s })));
  expect(await rows.countDocuments({ s: texts[7] ?? '' })).toBe(2);
  expect(await rows.countDocuments({ s: { $gte: texts[15] ?? '' } })).toBe(10);
  expect(await rows.countDocuments({ s: { $lt: texts[5] ?? '' } })).toBe(10);
  const sorted = (await rows.find().sort({ s: 1 }).toArray()).map((item) => item.s);
  expect(sorted).toEqual([...texts].sort((a, b) => compare(a, b)));
});

test('an $or with indexes on both sides reads both and no document twice', async () => {
  await using rig = await temporaryStore();
  const rows = rig.db.collection<{ _id: number; a: number; b: number }>('either');
  await rows.createIndexes([{ key: { a: 1 } }, { key: { b: 1 } }]);
  await rows.insertMany(Array.from({ length: 200 }, (_row, at) => ({ _id: at, a: at % 10, b: at % 7 })));
  const query = { $or: [{ a: 3 }, { b: 2 }] };
  expect(JSON.stringify(await rows.find(query).explain())).toContain('"OR"');
  expect(await rows.countDocuments(query)).toBe(
    Array.from({ length: 200 }, (_row, at) => at).filter((at) => at % 10 === 3 || at % 7 === 2).length,
  );
});

test('an index with the order behind a range sorts its entries and counts them without reading documents', async () => {
  await using rig = await temporaryStore();
  const calls = rig.db.collection<{ _id: number; queue: string; score: number; at: number }>('calls');
  await calls.createIndex({ queue: 1, score: 1, at: -1 });
  await calls.insertMany(Array.from({ length: 900 }, (_, i) => ({ _id: i, queue: `q${i % 3}`, score: i % 7, at: (i * 7) % 900 })));
  const low = { queue: 'q1', score: { $lte: 2 } };
  const newest = calls.find(low).sort({ at: -1 }).limit(5);
  const explained = (await newest.clone().explain()) as { executionStats: { totalDocsExamined: number; totalKeysExamined: number } };
  expect(explained.executionStats).toMatchObject({ totalDocsExamined: 5, totalKeysExamined: 129 });
  const all = Array.from({ length: 900 }, (_, i) => ({ i, at: (i * 7) % 900 })).filter(({ i }) => i % 3 === 1 && i % 7 <= 2);
  expect((await newest.toArray()).map(({ at }) => at)).toEqual(
    all
      .map(({ at }) => at)
      .sort((a, b) => b - a)
      .slice(0, 5),
  );
  expect(await calls.countDocuments(low)).toBe(all.length);
  expect(await calls.countDocuments(low, { limit: 10 })).toBe(10);
});

test('below one value of an array an index gives the order of its later fields, until one of those holds an array too', async () => {
  await using rig = await temporaryStore();
  const calls = rig.db.collection<{ _id: number; agents: string[]; at: number | number[] }>('calls');
  await calls.createIndex({ agents: 1, at: -1 });
  await calls.insertMany(
    Array.from({ length: 500 }, (_, i) => ({ _id: i, agents: i % 2 === 0 ? ['anna', 'anna', 'bert'] : ['carl'], at: (i * 7) % 500 })),
  );
  const newest = calls.find({ agents: 'anna' }).sort({ at: -1 }).limit(3);
  expect((await newest.toArray()).map(({ at }) => at)).toEqual([498, 496, 494]);
  const explained = async (): Promise<string> => JSON.stringify(await calls.find({ agents: 'anna' }).sort({ at: -1 }).limit(3).explain());
  expect(await explained()).not.toContain('SORT');
  expect(
    JSON.stringify(
      await calls
        .find({ agents: { $in: ['anna', 'carl'] } })
        .sort({ at: -1 })
        .explain(),
    ),
  ).toContain('SORT');
  await calls.insertOne({ _id: 1_000, agents: ['anna'], at: [1, 999] });
  expect(await explained()).toContain('SORT');
  expect((await calls.find({ agents: 'anna' }).sort({ at: -1 }).limit(2).toArray()).map(({ _id }) => _id)[0]).toBe(1_000);
});
