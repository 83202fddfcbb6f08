import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ChildProcess } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { open } from 'lmdb';
import { checkObjectStore } from '../../../infra/embedded/objects/index.js';
import { connect, refusal as codeOf, temporaryFolder, temporaryStore as documentStore } from '../documents/documents-support.js';
import { spawnMounted } from '../mounted.js';
import { admin, clientOf, readAll, refusal, temporaryStore as objectStore } from './objects-support.js';

// Both stores on real file systems that are read-only or full: a clear refusal, and everything else still served.

const embedded = join(import.meta.dirname, '../../../infra/embedded');
const documents = (folder: string): string[] => [join(embedded, 'documents/main.ts'), '--listen', '127.0.0.1:0', '--data', folder];
const objects = (folder: string): string[] => [
  join(embedded, 'objects/main.ts'),
  ...['--listen', '127.0.0.1:0', '--data', folder, '--min-free-bytes', '0'],
  ...['--access-key', admin.accessKey, '--secret-key', admin.secretKey],
];

async function outcome(child: ChildProcess): Promise<{ readonly code: number; readonly said: string }> {
  const exited = once(child, 'exit') as Promise<[number]>;
  const said = child.stderr === null ? '' : (await readAll(child.stderr)).toString().trim();
  return { code: (await exited)[0], said };
}

async function firstLine<T>(child: ChildProcess): Promise<T> {
  let text = '';
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  return JSON.parse(text) as T;
}

async function stopped(child: ChildProcess): Promise<number | null> {
  const exited = once(child, 'exit') as Promise<[number | null]>;
  child.kill('SIGTERM');
  return (await exited)[0];
}

test('a read-only folder is refused in one sentence, and can still be checked, backed up and dumped', async () => {
  await using folder = await temporaryFolder();
  await using target = await temporaryFolder();
  {
    await using rig = await documentStore({ folder: folder.path });
    await rig.db.collection('rows').insertOne({ a: 1 });
  }
  expect(await outcome(spawnMounted('readOnly', folder.path, documents(folder.path)))).toEqual({
    code: 1,
    said: 'There is no right to write in the data folder.',
  });
  const main = join(embedded, 'documents/main.ts');
  for (const work of [['--check'], ['--backup', join(target.path, 'backup')], ['--dump', join(target.path, 'dump')]]) {
    const child = spawnMounted('readOnly', folder.path, [main, '--data', folder.path, ...work]);
    expect(await outcome(child)).toMatchObject({ code: 0 });
  }
  await using empty = await temporaryFolder();
  expect(await outcome(spawnMounted('readOnly', empty.path, objects(empty.path)))).toEqual({
    code: 1,
    said: 'The data folder is on a read-only file system.',
  });
}, 60_000);

test('a disk that really is full: the documents refuse to write, serve what they have, and write again when there is room', async () => {
  await using folder = await temporaryFolder();
  const source = `
    const { startDocumentStore } = await import(${JSON.stringify(join(embedded, 'documents/index.ts'))});
    const store = await startDocumentStore({ folder: ${JSON.stringify(folder.path)}, minFreeBytes: 0 });
    console.log(JSON.stringify({ uri: store.uri }));`;
  await using child = spawnMounted(16, folder.path, ['--input-type=module', '-e', source]);
  const { uri } = await firstLine<{ uri: string }>(child);
  {
    await using client = await connect(uri, { retryWrites: false });
    const rows = client.db('test').collection<{ _id: number; pad: string }>('rows');
    await rows.createIndex({ pad: 1 });
    const pad = (at: number): string => `${String(at).padStart(6, '0')}${'p'.repeat(60_000)}`;
    let acknowledged = 0;
    let code: number | undefined;
    while (code === undefined) {
      const error = await rows.insertOne({ _id: acknowledged, pad: pad(acknowledged) }).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (error === undefined) acknowledged += 1;
      else code = await codeOf(Promise.reject(error as Error)).then((refused) => refused.code as number);
    }
    expect(code).toBe(14031);
    expect(acknowledged).toBeGreaterThan(50);
    expect(await rows.countDocuments({})).toBe(acknowledged);
    expect((await rows.find().sort({ _id: -1 }).limit(1).toArray())[0]?.pad).toBe(pad(acknowledged - 1));
    await rows.deleteMany({ _id: { $lt: 30 } });
    await rows.insertOne({ _id: 1_000_000, pad: 'room again' });
    expect(await rows.countDocuments({ pad: 'room again' })).toBe(1);
  }
}, 60_000);

test('a disk that really is full: the objects answer 507, serve what they have, and store again when there is room', async () => {
  await using folder = await temporaryFolder();
  await using child = spawnMounted(16, folder.path, objects(folder.path));
  const client = clientOf((await firstLine<{ endpoint: string }>(child)).endpoint, admin);
  await client.makeBucket('full');
  const body = (at: number): Buffer => Buffer.alloc(500_000, String(at % 10));
  let stored = 0;
  let code = 'none';
  while (code === 'none') {
    code = await refusal(client.putObject('full', `o/${stored}`, body(stored)));
    if (code === 'none') stored += 1;
  }
  expect(code).toBe('InsufficientStorage');
  expect(stored).toBeGreaterThan(10);
  for (let at = 0; at < stored; at += 1) expect((await readAll(await client.getObject('full', `o/${at}`))).equals(body(at))).toBe(true);
  await client.removeObject('full', 'o/0');
  await client.removeObject('full', 'o/1');
  // Files are removed a moment after their metadata.
  while ((await refusal(client.putObject('full', 'again', body(1)))) === 'InsufficientStorage') await nextTurn();
  expect((await readAll(await client.getObject('full', 'again'))).equals(body(1))).toBe(true);
  expect(await stopped(child)).toBe(0);
}, 60_000);

test('metadata of the objects that was cut off, written by another build or altered is named', async () => {
  await using folder = await temporaryFolder();
  {
    await using running = await objectStore({ dataFolder: folder.path });
    await running.client.makeBucket('meta');
    for (const key of ['rotten', 'sound'])
      await running.client.putObject('meta', key, Buffer.from(key), 6, { 'X-Amz-Meta-Name': `${key}-name` });
  }
  const path = join(folder.path, 'metadata', 'data.mdb');
  const bytes = await readFile(path);
  const altered = Buffer.from(bytes);
  for (let at = altered.indexOf('rotten-name'); at >= 0; at = altered.indexOf('rotten-name', at + 1)) altered.write('wrong', at);
  await writeFile(path, altered);
  {
    await using running = await objectStore({ dataFolder: folder.path });
    expect((await fetch(await running.client.presignedGetObject('meta', 'rotten', 60))).status).toBe(500);
    expect((await running.client.statObject('meta', 'sound')).metaData).toMatchObject({ name: 'sound-name' });
    await running.client.putObject('meta', 'more', Buffer.from('1'));
  }
  const { problems } = await checkObjectStore(folder.path, false, () => undefined);
  expect(problems).toEqual([{ kind: 'damaged-entries', count: 1 }]);
  await writeFile(path, bytes.subarray(0, 16_384));
  await expect(checkObjectStore(folder.path, false, () => undefined)).rejects.toThrow(/damaged and cannot be opened|cut off/);
});

test('data in the format of another build is refused by both stores', async () => {
  await using folder = await temporaryFolder();
  const set = async (path: string, encoding: 'binary' | 'string', name: string, value: Buffer | string): Promise<void> => {
    const root = open({ path, maxDbs: 8 });
    root.openDB({ name, keyEncoding: 'binary', encoding }).putSync(Buffer.from('format'), value);
    await root.close();
  };
  const [documentFolder, objectFolder] = [join(folder.path, 'd'), join(folder.path, 'o')];
  await (await documentStore({ folder: documentFolder }))[Symbol.asyncDispose]();
  await (await objectStore({ dataFolder: objectFolder }))[Symbol.asyncDispose]();
  await set(documentFolder, 'binary', 'meta', Buffer.from([9]));
  await set(join(objectFolder, 'metadata'), 'string', 'state', '9');
  const refused = /^The data was written in format 9 by another build; this one reads format 1\.$/;
  await expect(documentStore({ folder: documentFolder })).rejects.toThrow(refused);
  await expect(objectStore({ dataFolder: objectFolder })).rejects.toThrow(refused);
});
