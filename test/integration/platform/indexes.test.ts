import { expect, test } from '@jest/globals';
import { Mongoose, Schema } from 'mongoose';
import { indexesAtOnce } from '../../../services/shared/platform/stores/indexes.js';
import { temporaryStore } from '../documents/documents-support.js';

const schema = (): Schema =>
  new Schema({ value: Number, other: String, more: String }, { collection: 'rows', autoCreate: false })
    .index({ value: 1 })
    .index({ other: 1 }, { unique: true })
    .index({ more: 1 });

test('the indexes of a collection are one command, once for each connection; one that the rows contradict keeps none of the others away', async () => {
  await using store = await temporaryStore();
  const base = new Mongoose({ overwriteModels: true }).plugin(indexesAtOnce);
  const mongo = await base.createConnection(store.uri, { monitorCommands: true }).asPromise();
  const sent: string[] = [];
  mongo.getClient().on('commandStarted', ({ commandName }) => {
    if (/create/.test(commandName)) sent.push(commandName);
  });
  const there = async (): Promise<string[]> => (await mongo.collection('rows').indexes()).map(({ name }) => String(name)).sort();
  try {
    await mongo.model('Row', schema()).init();
    await mongo.model('Row', schema()).init();
    expect([sent, await there()]).toEqual([['createIndexes'], ['_id_', 'more_1', 'other_1', 'value_1']]);

    await mongo.collection('rows').drop();
    await mongo.collection('rows').insertMany([{ other: 'a' }, { other: 'a' }]);
    const again = await base.createConnection(store.uri).asPromise();
    await expect(again.model('Row', schema()).init()).rejects.toMatchObject({ code: 11_000 });
    expect(await there()).toEqual(['_id_', 'more_1', 'value_1']);
    await again.close();
  } finally {
    await mongo.close();
  }
});
