import { expect, test } from '@jest/globals';
import mongoose, { Schema } from 'mongoose';
import { createLookUp, createUpdates } from '../../../services/shared/platform/stores/documents-together.js';
import { temporaryStore } from '../documents/documents-support.js';

interface Row {
  readonly _id: string;
  readonly value?: number;
  readonly other?: string;
}

const schema = new Schema<Row>(
  { _id: { type: String, required: true }, value: Number, other: String },
  { collection: 'rows', versionKey: false },
).index({ value: 1 }, { unique: true, sparse: true });

/** A collection, and the commands that went out for it. */
async function rowsAndCommands() {
  const store = await temporaryStore();
  const mongo = await mongoose.createConnection(store.uri, { monitorCommands: true }).asPromise();
  const commands: { readonly name: string; readonly statements: number }[] = [];
  mongo.getClient().on('commandStarted', ({ commandName, command }) => {
    const { updates } = command as { readonly updates?: readonly unknown[] };
    if (['update', 'find'].includes(commandName)) commands.push({ name: commandName, statements: updates?.length ?? 0 });
  });
  const rows = mongo.model<Row>('Row', schema);
  await rows.init();
  return {
    rows,
    commands,
    stored: (): Promise<readonly Row[]> => rows.find().sort({ _id: 1 }).lean<Row[]>(),
    async [Symbol.asyncDispose]() {
      await mongo.close();
      await store[Symbol.asyncDispose]();
    },
  };
}

test('updates of one moment are one command; who fails, fails as alone and by itself', async () => {
  await using needs = await rowsAndCommands();
  const update = createUpdates(needs.rows.collection);
  const put = (_id: string, value: number): Promise<void> => update({ filter: { _id }, update: { $set: { value } }, upsert: true });
  const ends = await Promise.allSettled([put('a', 1), put('b', 1), put('c', 3), put('a', 4)]);
  expect(ends).toMatchObject([
    { status: 'fulfilled' },
    { status: 'rejected', reason: { name: 'MongoServerError', code: 11_000, message: expect.stringContaining('E11000') } },
    { status: 'fulfilled' },
    { status: 'fulfilled' },
  ]);
  await expect(put('d', 3)).rejects.toMatchObject({ name: 'MongoServerError', code: 11_000, message: expect.stringContaining('E11000') });
  expect(needs.commands).toEqual([
    { name: 'update', statements: 4 },
    { name: 'update', statements: 1 },
  ]);
  expect(await needs.stored()).toEqual([
    { _id: 'a', value: 4 },
    { _id: 'c', value: 3 },
  ]);
});

test('several updates of one caller are done in their order, and fail it when one of them failed', async () => {
  await using needs = await rowsAndCommands();
  await needs.rows.insertMany([
    { _id: 'a', value: 1 },
    { _id: 'b', value: 2 },
  ]);
  const update = createUpdates(needs.rows.collection);
  const mark = (other: string) => ({ filter: {}, update: { $set: { other } }, many: true });
  const add = (_id: string, value: number) => ({ filter: { _id }, update: { $setOnInsert: { value, other: undefined } }, upsert: true });
  const ends = await Promise.allSettled([update(mark('first'), add('c', 3)), update(add('d', 3), mark('second')), update(add('e', 5))]);
  expect(ends).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected', reason: { code: 11_000 } }, { status: 'fulfilled' }]);
  expect(needs.commands).toEqual([{ name: 'update', statements: 5 }]);
  expect(await needs.stored()).toEqual([
    { _id: 'a', value: 1, other: 'second' },
    { _id: 'b', value: 2, other: 'second' },
    { _id: 'c', value: 3, other: 'second' },
    { _id: 'e', value: 5 },
  ]);
});

test('a command that fails as a whole fails all of its callers', async () => {
  await using needs = await rowsAndCommands();
  const update = createUpdates(needs.rows.collection);
  const tooLarge = { filter: { _id: 'a' }, update: { $set: { other: 'x'.repeat(17_000_000) } }, upsert: true };
  const small = { filter: { _id: 'b' }, update: { $set: { value: 2 } }, upsert: true };
  expect(await Promise.allSettled([update(small), update(tooLarge)])).toMatchObject([
    { status: 'rejected', reason: { message: expect.stringContaining('larger than the maximum size') } },
    { status: 'rejected' },
  ]);
  await update(small);
  expect(await needs.stored()).toEqual([{ _id: 'b', value: 2 }]);
});

test('documents that are asked for in one moment are read by one command, each for who asked', async () => {
  await using needs = await rowsAndCommands();
  await needs.rows.insertMany(Array.from({ length: 150 }, (_, index) => ({ _id: `r${index}`, value: index, other: 'not asked for' })));
  const find = createLookUp(needs.rows.db.collection<Row>(needs.rows.collection.name), ['value']);
  const asked = ['r7', 'none', 'r3', 'r7', ...Array.from({ length: 120 }, (_, index) => `r${index + 20}`)];
  const found = await Promise.all(asked.map(find));
  expect(found.slice(0, 4)).toEqual([{ _id: 'r7', value: 7 }, undefined, { _id: 'r3', value: 3 }, { _id: 'r7', value: 7 }]);
  expect(found.map((row) => row?._id)).toEqual(asked.map((id) => (id === 'none' ? undefined : id)));
  expect(await find('r1')).toEqual({ _id: 'r1', value: 1 });
  expect(needs.commands.map(({ name }) => name)).toEqual(['find', 'find']);
});
