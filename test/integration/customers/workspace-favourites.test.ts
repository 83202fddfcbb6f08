import { expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { createMongoFavourites } from '../../../services/workspace/adapters/mongo-workspace.js';
import { temporaryStore } from '../documents/documents-support.js';

test('marks stand in their order, each once, each person for themselves, and no more than may be, also when many are made at once', async () => {
  await using store = await temporaryStore();
  const mongo = await mongoose.createConnection(store.uri).asPromise();
  try {
    const favourites = createMongoFavourites(mongo);
    expect(await favourites.of('li')).toEqual([]);
    expect(await favourites.unmark('li', 'seat:wang')).toEqual([]);
    expect(await favourites.mark('li', 'seat:wang', 3)).toEqual(['seat:wang']);
    expect(await favourites.mark('li', 'queue:service', 3)).toEqual(['seat:wang', 'queue:service']);
    expect(await favourites.mark('li', 'seat:wang', 3)).toEqual(['seat:wang', 'queue:service']);
    expect(await favourites.of('wang')).toEqual([]);
    const made = await Promise.all(['a', 'b', 'c', 'd'].map((name) => favourites.mark('li', `outside:${name}`, 3)));
    expect(made.filter((marked) => marked === undefined)).toHaveLength(3);
    expect(await favourites.of('li')).toHaveLength(3);
    expect(await favourites.unmark('li', 'seat:wang')).not.toContain('seat:wang');
    expect(await favourites.mark('li', 'seat:zhao', 3)).toHaveLength(3);
  } finally {
    await mongo.close();
  }
});
