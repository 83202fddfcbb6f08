import { once } from 'node:events';
import { open, readdir, statfs, truncate, unlink, utimes, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { checkObjectStore } from '../../../infra/embedded/objects/index.js';
import { admin, collect, readAll, refusal, spawnMain, spawnStore, temporaryFolder, temporaryStore } from './objects-support.js';

/** The files of the store, the newest last. */
async function storedFiles(dataFolder: string): Promise<string[]> {
  const root = join(dataFolder, 'blobs');
  const folders = await readdir(root);
  const names = await Promise.all(
    folders.map(async (folder) => (await readdir(join(root, folder))).map((name) => join(root, folder, name))),
  );
  return names.flat();
}

async function flipByte(path: string, at: number): Promise<void> {
  await using file = await open(path, 'r+');
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, at);
  await file.write(Buffer.from([(buffer[0] ?? 0) ^ 1]), 0, 1, at);
}

const block = 256 * 1024;

test.each<[name: string, damage: (path: string) => Promise<void>, kind: string]>([
  ['a flipped byte', (path) => flipByte(path, 2 * block + 77), 'altered'],
  ['a truncated file', (path) => truncate(path, 2 * block + 5), 'truncated'],
  ['a lost file', (path) => unlink(path), 'missing'],
])('%s is found by readers, scrubber and check, and harms nothing else', async (_name, damage, kind) => {
  await using folder = await temporaryFolder();
  {
    await using running = await temporaryStore({ dataFolder: folder.path });
    const { client } = running;
    await client.makeBucket('faults');
    await client.putObject('faults', 'rotten', Buffer.alloc(3 * block, 'r'));
    const [path = ''] = await storedFiles(folder.path);
    await client.putObject('faults', 'sound', Buffer.alloc(3 * block, 's'));
    await damage(path);
    const url = await client.presignedGetObject('faults', 'rotten', 60);
    const range = (start: number) => fetch(url, { headers: { range: `bytes=${start}-${start + 9}` } });
    const refused = await range(2 * block + 70);
    expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('<Code>InvalidObjectState</Code>')]);
    if (kind !== 'missing') expect(await (await range(block)).text()).toBe('rrrrrrrrrr');
    // The answer breaks off before the damaged block: never a whole body with a wrong byte in it.
    expect(
      await fetch(url).then((answer) =>
        answer.ok
          ? answer.arrayBuffer().then(
              () => 'whole',
              () => 'cut short',
            )
          : 'refused',
      ),
    ).toBe(kind === 'missing' ? 'refused' : 'cut short');
    expect((await readAll(await client.getObject('faults', 'sound'))).equals(Buffer.alloc(3 * block, 's'))).toBe(true);
    expect(running.log.map(({ event }) => event)).toContain('damaged-object');
    expect(JSON.stringify(running.log)).not.toContain('rotten');
    expect(await running.store.scrub()).toEqual({ files: 2, bytes: 6 * block, damaged: 1 });
  }
  const { problems } = await checkObjectStore(folder.path, true, () => undefined);
  expect(problems).toEqual([expect.objectContaining({ kind: 'object-damaged', bucket: 'faults', key: 'rotten', damage: kind })]);
});

test('below the free-space mark writes are refused with 507 before the body, reads and deletes go on', async () => {
  await using folder = await temporaryFolder();
  {
    await using roomy = await temporaryStore({ dataFolder: folder.path });
    await roomy.client.makeBucket('full');
    await roomy.client.putObject('full', 'kept', Buffer.from('kept'));
  }
  // The limit is above what the disk has free, but a sixteenth of it is not.
  await using tight = await temporaryStore({ dataFolder: folder.path, minFreeBytes: await slightlyMoreThanFree(folder.path) });
  expect(await refusal(tight.client.putObject('full', 'more', Buffer.from('more')))).toBe('InsufficientStorage');
  const upload = await tight.client.initiateNewMultipartUpload('full', 'parts', {});
  expect(upload).not.toBe('');
  expect((await readAll(await tight.client.getObject('full', 'kept'))).toString()).toBe('kept');
  await tight.client.removeObject('full', 'kept');
  const url = await tight.client.presignedPutObject('full', 'by-url', 60);
  expect((await fetch(url, { method: 'PUT', body: 'x' })).status).toBe(507);
});

async function slightlyMoreThanFree(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return Math.round(bavail * bsize * 1.5);
}

test('lifecycle rules end what is due and leave what is locked', async () => {
  await using running = await temporaryStore();
  const { client, store } = running;
  await client.makeBucket('cycle', 'us-east-1', { ObjectLocking: true });
  const held = await client.putObject('cycle', 'tmp/locked', Buffer.from('1'));
  const free = await client.putObject('cycle', 'tmp/free', Buffer.from('1'));
  const versionId = held.versionId ?? '';
  const retainUntilDate = new Date(Date.now() + 400 * 86_400_000).toISOString();
  await client.putObjectRetention('cycle', 'tmp/locked', { versionId, mode: 'COMPLIANCE' as never, retainUntilDate });
  await client.setBucketLifecycle('cycle', {
    Rule: [
      {
        ID: 'a',
        Status: 'Enabled',
        Filter: { Prefix: 'tmp/' },
        Expiration: { Days: 1 },
        NoncurrentVersionExpiration: { NoncurrentDays: 1 },
      },
    ],
  });
  const day = 86_400_000;
  expect(await store.expire()).toBe(0);
  expect(await store.expire(Date.now() + 3 * day)).toBe(2);
  expect(await refusal(client.statObject('cycle', 'tmp/free'))).toBe('NotFound');
  expect(await store.expire(Date.now() + 6 * day)).toBe(1);
  expect(await refusal(client.statObject('cycle', 'tmp/free', { versionId: free.versionId ?? '' }))).not.toBe('none');
  expect((await readAll(await client.getObject('cycle', 'tmp/locked', { versionId }))).toString()).toBe('1');
});

test('the garbage collector removes files without a name and uploads nobody finished, and nothing else', async () => {
  await using running = await temporaryStore();
  const { client, store, dataFolder } = running;
  await client.makeBucket('garbage');
  await client.putObject('garbage', 'kept', Buffer.from('kept'));
  await client.initiateNewMultipartUpload('garbage', 'unfinished', {});
  const [kept = ''] = await storedFiles(dataFolder);
  const orphan = join(kept, '../0123456789abcdef0123456789abcdef');
  const fresh = join(kept, '../fedcba9876543210fedcba9876543210');
  await Promise.all([writeFile(orphan, 'x'), writeFile(fresh, 'y')]);
  await utimes(orphan, new Date(0), new Date(0));
  expect(await store.collectGarbage()).toEqual({ uploads: 0, files: 1 });
  expect(await storedFiles(dataFolder)).toEqual(expect.arrayContaining([kept, fresh]));
  expect(await store.collectGarbage(Date.now() + 8 * 86_400_000)).toEqual({ uploads: 1, files: 1 });
  expect(await collect(client.listIncompleteUploads('garbage', '', true))).toEqual([]);
  expect((await readAll(await client.getObject('garbage', 'kept'))).toString()).toBe('kept');
});

async function outcome(args: readonly string[]): Promise<{ code: number; said: string }> {
  const child = spawnMain(args);
  const exited = once(child, 'exit');
  const said = String(child.stderr ? await readAll(child.stderr) : '').trim();
  return { code: ((await exited) as [number])[0], said };
}

test('the process says in one sentence why it cannot start, and ends with 0 when asked to', async () => {
  await using folder = await temporaryFolder();
  const keys = ['--access-key', admin.accessKey, '--secret-key', admin.secretKey];
  const busy = createServer().listen(0, '127.0.0.1');
  await once(busy, 'listening');
  const taken = `127.0.0.1:${(busy.address() as AddressInfo).port}`;
  const file = join(folder.path, 'credentials.json');
  await writeFile(file, '{"not": "a list"}');
  const data = join(folder.path, 'data');
  expect(await outcome(['--listen', taken, '--data', data, ...keys])).toEqual({ code: 1, said: 'The port is already in use.' });
  expect(await outcome(['--listen', taken, '--data', join(file, 'x'), ...keys])).toEqual({
    code: 1,
    said: 'The data folder is not a folder.',
  });
  expect((await outcome(['--data', data, '--credentials-file', file])).said).toMatch(/^The credentials file must hold a JSON list/);
  expect((await outcome(['--data', data])).said).toMatch(/^Usage/);
  busy.close();

  const store = await spawnStore(data);
  expect(await outcome(['--listen', '127.0.0.1:0', '--data', data, ...keys])).toEqual({
    code: 1,
    said: 'Another process already serves this data folder.',
  });
  expect(await store.kill('SIGTERM')).toBe(0);
  expect((await outcome(['--data', data, '--check', '--deep'])).code).toBe(0);
});
