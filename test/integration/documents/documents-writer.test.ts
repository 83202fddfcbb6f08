import { expect, test } from '@jest/globals';
import { Doc } from '../../../infra/embedded/documents/bson/document.js';
import { MongoError } from '../../../infra/embedded/documents/bson/errors.js';
import { Catalog } from '../../../infra/embedded/documents/engine/catalog.js';
import { Counters } from '../../../infra/embedded/documents/engine/counters.js';
import { Cursors } from '../../../infra/embedded/documents/engine/cursors.js';
import { Environment } from '../../../infra/embedded/documents/engine/environment.js';
import { Reader } from '../../../infra/embedded/documents/engine/reader.js';
import { Records } from '../../../infra/embedded/documents/engine/records.js';
import { Writer } from '../../../infra/embedded/documents/engine/writer.js';
import { temporaryFolder } from './documents-support.js';

async function engine() {
  const folder = await temporaryFolder();
  const environment = new Environment(folder.path);
  const catalog = new Catalog(environment);
  const counters = new Counters(environment);
  const records = new Records(environment, catalog, counters);
  const writer = new Writer(environment, catalog, counters);
  const collection = await writer.run(() => catalog.create('test', 'rows', Doc.empty()));
  return {
    writer,
    insert: (id: number) => writer.run(() => records.insert(collection, Doc.of({ _id: id }))),
    stored: () => [...records.all(collection)].map(({ doc }) => doc.get('_id')),
    count: () => counters.of(collection.id).count,
    cursors: new Cursors(new Reader(environment, catalog), 0n, () => undefined),
    async [Symbol.asyncDispose]() {
      await environment.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

test('writes of one turn share a commit, and each sees those before it', async () => {
  await using rig = await engine();
  const results = await Promise.allSettled([rig.insert(1), rig.insert(2), rig.insert(1)]);
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  expect(rig.stored()).toEqual([1, 2]);
});

test('a write that fails unexpectedly takes none of its neighbours with it, and leaves nothing of its own', async () => {
  await using rig = await engine();
  const faulty = rig.writer.run(() => {
    void rig.stored();
    throw new TypeError('a fault of the program');
  });
  const results = await Promise.allSettled([rig.insert(1), faulty, rig.insert(2)]);
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect([rig.stored(), rig.count()]).toEqual([[1, 2], 2]);
  await rig.insert(3);
  expect([rig.stored(), rig.count()]).toEqual([[1, 2, 3], 3]);
});

test('while writes are refused reads go on, and afterwards writes too', async () => {
  await using rig = await engine();
  await rig.insert(1);
  rig.writer.refuse(new MongoError('OutOfDiskSpace', 'full'));
  await expect(rig.insert(2)).rejects.toThrow('full');
  expect(rig.stored()).toEqual([1]);
  rig.writer.refuse(undefined);
  await rig.insert(2);
  expect(rig.stored()).toEqual([1, 2]);
});

test('a cursor nobody asks for ten minutes is gone, one that is asked is not', async () => {
  await using rig = await engine();
  await Promise.all([1, 2, 3, 4].map((id) => rig.insert(id)));
  const { cursors } = rig;
  const { cursorId: id } = await cursors.start('test', Doc.of({ find: 'rows', batchSize: 1 }));
  cursors.expire(Date.now() + 9 * 60_000);
  expect((await cursors.next(id, 1)).documents.map((doc) => doc.get('_id'))).toEqual([2]);
  cursors.expire(Date.now() + 11 * 60_000);
  await expect(cursors.next(id, 1)).rejects.toMatchObject({ codeName: 'CursorNotFound' });
});
