import { once } from 'node:events';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { makeHome, homeOf } from '../../../infra/supervisor/plan/home.js';
import { ensureSecrets } from '../../../infra/supervisor/plan/secrets.js';
import { runBackupTool, startBackupTool, type Ended } from '../../support/backups.js';
import { until } from '../../support/until.js';
import { connect, spawnStore as spawnDocuments, temporaryStore as documentsOf } from '../documents/documents-support.js';
import { spawnMounted } from '../mounted.js';
import { admin, clientOf, spawnStore as spawnObjects, temporaryStore as objectsOf } from '../objects/objects-support.js';

jest.setTimeout(120_000);

const root = join(import.meta.dirname, '..', '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'backups-'));
const home = homeOf(join(folder, 'home'));
const phrase = join(folder, 'passphrase');
const objectsHeld = 60;

beforeAll(async () => {
  makeHome(home);
  ensureSecrets(home.secrets);
  writeFileSync(phrase, 'rather a long passphrase\n');
  await using documents = await documentsOf({ folder: home.documents });
  await using objects = await objectsOf({ dataFolder: home.objects });
  await objects.client.makeBucket('recordings', '', { ObjectLocking: true });
  for (let at = 0; at < objectsHeld; at += 1) {
    await objects.client.putObject('recordings', `calls/${at}`, Buffer.alloc(200_000, `${at} `));
    await documents.db.collection<{ _id: number }>('held').insertOne({ _id: at });
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fresh = (name: string): string => join(folder, name);
const backup = (to: string, ...more: string[]): Promise<Ended> =>
  runBackupTool('backup', home.home, ['--to', to, '--passphrase-file', phrase, ...more]);
const restore = (from: string, into: string): Promise<Ended> =>
  runBackupTool('restore-home', into, ['--from', from, '--passphrase-file', phrase]);

async function made(to: string): Promise<string> {
  const before = new Set(existsSync(to) ? readdirSync(to) : []);
  const { code, printed } = await backup(to);
  expect({ code, printed: code === 0 ? '' : printed }).toEqual({ code: 0, printed: '' });
  return join(to, readdirSync(to).find((name) => !before.has(name)) ?? '');
}

function flip(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}

const blobsOf = (of: string): string[] =>
  readdirSync(join(of, 'objects', 'blobs'), { recursive: true })
    .map(String)
    .filter((path) => path.includes('/'));

describe('a backup', () => {
  const to = fresh('here');
  let taken: string;
  beforeAll(async () => {
    taken = await made(to);
  });

  test('holds no secret in clear and is for its owner alone', () => {
    expect(statSync(taken).mode & 0o077).toBe(0);
    const secret = readFileSync(join(home.secrets, 'master-key'), 'utf8').trim();
    for (const path of readdirSync(taken, { recursive: true }).map(String)) {
      const file = join(taken, path);
      if (!statSync(file).isFile()) continue;
      expect(statSync(file).mode & 0o077).toBe(0);
      expect(readFileSync(file).includes(secret)).toBe(false);
    }
  });

  test('is restored whole into an empty folder, and the restore stands in the audit chain', async () => {
    const into = fresh('restored');
    const { code, printed } = await restore(taken, into);
    expect({ code, printed: code === 0 ? '' : printed }).toEqual({ code: 0, printed: '' });
    expect(readFileSync(join(into, 'secrets', 'master-key'))).toEqual(readFileSync(join(home.secrets, 'master-key')));
    const password = readFileSync(join(into, 'secrets', 'documents-password'), 'utf8').trim();
    await using documents = await documentsOf({ folder: join(into, 'documents'), user: { name: 'proofline', password } });
    expect(await documents.db.collection('held').countDocuments()).toBe(objectsHeld);
    const row = await documents.client.db('proofline').collection('audit').findOne({ what: 'backup.restored' });
    expect(row).toMatchObject({ who: 'system:operator', object: `backup:${taken.split('/').at(-1) ?? ''}`, success: true });
    expect(row?.['reason']).toContain(`${userInfo().username}@${hostname()}`);
  });

  test('is checked without being restored', async () => {
    const { code, printed } = await runBackupTool('backup', home.home, ['--check', taken, '--passphrase-file', phrase]);
    expect(code).toBe(0);
    expect(printed).toMatch(/is whole: \d+ files/);
  });

  test('is not restored over anything', async () => {
    expect((await restore(taken, home.home)).printed).toContain('is not empty');
    expect(readdirSync(home.documents)).toContain('data.mdb');
  });

  test('is not opened by another passphrase, and a short one is refused before the first byte', async () => {
    const other = fresh('other-passphrase');
    writeFileSync(other, 'some other passphrase');
    const into = fresh('never');
    const refused = await runBackupTool('restore-home', into, ['--from', taken, '--passphrase-file', other]);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.printed).toContain('the passphrase is another one');
    expect(existsSync(into)).toBe(false);
    writeFileSync(other, 'short');
    const target = fresh('short');
    expect((await runBackupTool('backup', home.home, ['--to', target, '--passphrase-file', other])).printed).toContain(
      'at least 12 characters',
    );
    expect(readdirSync(target)).toEqual([]);
  });

  test('is refused in Chinese to whoever reads Chinese', async () => {
    const { printed } = await runBackupTool('restore-home', home.home, ['--from', taken, '--passphrase-file', phrase], {
      LANG: 'zh_CN.UTF-8',
    });
    expect(printed).toMatch(/不是空目录/);
  });

  test('is not made inside of the data folder', async () => {
    expect((await backup(join(home.home, 'backups'))).printed).toContain('is inside the data folder');
  });

  test('links what the one before holds, and copies anew what is not the same there any more', async () => {
    const [gone = ''] = blobsOf(taken);
    rmSync(join(taken, 'objects', 'blobs', gone));
    const second = await made(to);
    const [, kept = ''] = blobsOf(second);
    expect(statSync(join(second, 'objects', 'blobs', kept)).nlink).toBe(2);
    expect(readFileSync(join(second, 'objects', 'blobs', gone))).toEqual(readFileSync(join(home.objects, 'blobs', gone)));
    expect((await restore(second, fresh('restored-second'))).code).toBe(0);
  });
});

describe('a backup of which something was changed is refused by the name of the file', () => {
  let taken: string;
  beforeAll(async () => {
    taken = await made(fresh('altered'));
  });

  test.each<[string, (at: string) => void, RegExp]>([
    [
      'one byte of a recording',
      (at) => flip(join(at, 'objects', 'blobs', blobsOf(at)[3] ?? ''), 100),
      /objects\/blobs\/\S+ is not what was backed up/,
    ],
    ['one byte of the documents', (at) => flip(join(at, 'documents', 'data.mdb'), 5_000), /documents\/data\.mdb is not what was backed up/],
    ['a recording is gone', (at) => rmSync(join(at, 'objects', 'blobs', blobsOf(at)[2] ?? '')), /lacks the file objects\/blobs/],
    [
      'a line of the list is gone',
      (at) => writeFileSync(join(at, 'files.sha256'), readFileSync(join(at, 'files.sha256'), 'utf8').replace(/.*\n/, '')),
      /files\.sha256 is not what/,
    ],
    ['one byte of the secrets', (at) => flip(join(at, 'sealed.bin'), 70), /sealed\.bin was changed/],
    [
      'another moment in the manifest',
      (at) =>
        writeFileSync(join(at, 'manifest.json'), readFileSync(join(at, 'manifest.json'), 'utf8').replace(/"asOf": "20/, '"asOf": "19')),
      /manifest\.json is not what/,
    ],
    ['the manifest is no JSON', (at) => appendFileSync(join(at, 'manifest.json'), '}'), /manifest\.json is not what/],
    ['the manifest is gone', (at) => rmSync(join(at, 'manifest.json')), /holds no backup/],
  ])('%s', async (_what, change, said) => {
    const copy = join(fresh('changed'), taken.split('/').at(-1) ?? '');
    rmSync(copy, { recursive: true, force: true });
    mkdirSync(fresh('changed'), { recursive: true });
    cpSync(taken, copy, { recursive: true });
    change(copy);
    const into = fresh('from-changed');
    const { code, printed } = await restore(copy, into);
    expect(code).toBe(1);
    expect(printed).toMatch(said);
    expect(existsSync(into)).toBe(false);
  });
});

test('one that is killed is never taken for a backup, cannot be restored, and is swept by the next', async () => {
  const to = fresh('killed');
  const { child, ended } = startBackupTool('backup', home.home, ['--to', to, '--passphrase-file', phrase]);
  const unfinished = await until(
    () => (existsSync(to) ? readdirSync(to).filter((name) => name.startsWith('.unfinished-')) : []),
    (names) => names.length === 1,
  );
  child.kill('SIGKILL');
  await ended;
  expect(readdirSync(to)).toEqual(unfinished);
  expect((await restore(join(to, unfinished[0] ?? ''), fresh('half'))).printed).toContain('is incomplete');
  const whole = await made(to);
  expect(readdirSync(to)).toEqual([whole.split('/').at(-1)]);
});

test('a restore that is killed leaves a folder that nothing starts from and nothing is restored into', async () => {
  const taken = await made(fresh('for-killed-restore'));
  const into = fresh('killed-restore');
  const mark = join(into, 'RESTORE-NOT-FINISHED');
  const { child, ended } = startBackupTool('restore-home', into, ['--from', taken, '--passphrase-file', phrase]);
  await until(() => existsSync(mark), Boolean);
  child.kill('SIGKILL');
  await ended;
  expect(() => makeHome(homeOf(into))).toThrow(expect.objectContaining({ problem: 'restore-unfinished' }));
  expect((await restore(taken, into)).printed).toContain('is not empty');
});

test('a second one at the same time is refused in a sentence, and the first is whole', async () => {
  const to = fresh('two');
  const both = await Promise.all([backup(to), backup(to)]);
  expect(both.map(({ code }) => code).sort()).toEqual([0, 1]);
  expect(both.find(({ code }) => code === 1)?.printed).toContain('Another backup of this data folder is being made');
  expect(readdirSync(to)).toHaveLength(1);
});

test('two in one second, one after the other, are both made and have names of their own', async () => {
  const to = fresh('one-second');
  const first = await made(to);
  const second = await made(to);
  expect(readdirSync(to).sort()).toEqual([first, second].map((path) => path.split('/').at(-1)));
});

test('a disk without room keeps nothing and says how much is needed', async () => {
  const to = fresh('small-disk');
  mkdirSync(to);
  const args = [join(root, 'dist', 'infra', 'backup', 'backup.js'), '--to', to, '--passphrase-file', phrase];
  process.env['PROOFLINE_HOME'] = home.home;
  await using child = spawnMounted(100, to, args);
  delete process.env['PROOFLINE_HOME'];
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  expect({ code, said }).toMatchObject({ code: 1 });
  expect(said).toMatch(/has no room\. It needs \d+ MB and has \d+ MB free\. Nothing was kept\./);
});

test('while both stores are written to and deleted from, each document of the backup finds its object in it', async () => {
  const busy = homeOf(join(folder, 'busy'));
  makeHome(busy);
  ensureSecrets(busy.secrets);
  const password = readFileSync(join(busy.secrets, 'documents-password'), 'utf8').trim();
  const documents = await spawnDocuments(busy.documents);
  const objects = await spawnObjects(busy.objects);
  await using client = await connect(documents.uri);
  const rows = client.db('test').collection<{ _id: number }>('rows');
  const store = clientOf(objects.endpoint, admin);
  await store.makeBucket('rows');
  let going = true;
  let written = 0;
  const writer = (async () => {
    while (going) {
      await store.putObject('rows', `o/${written}`, Buffer.alloc(50_000, `${written} `));
      await rows.insertOne({ _id: written });
      // As a deletion goes: the document first, then its object.
      if (written % 3 === 2) {
        await rows.deleteOne({ _id: written - 2 });
        await store.removeObject('rows', `o/${written - 2}`);
      }
      written += 1;
    }
  })();
  try {
    await until(
      () => written,
      (count) => count > 40,
    );
    const to = fresh('busy-backups');
    const begun = written;
    const { code, printed } = await runBackupTool('backup', busy.home, ['--to', to, '--passphrase-file', phrase]);
    expect({ code, printed: code === 0 ? '' : printed }).toEqual({ code: 0, printed: '' });
    expect(written).toBeGreaterThan(begun);
    const into = fresh('busy-restored');
    const restored = await restore(join(to, readdirSync(to)[0] ?? ''), into);
    expect({ code: restored.code, printed: restored.code === 0 ? '' : restored.printed }).toEqual({ code: 0, printed: '' });
    await using found = await documentsOf({ folder: join(into, 'documents'), user: { name: 'proofline', password } });
    await using held = await objectsOf({ dataFolder: join(into, 'objects') });
    const ids = (await found.client.db('test').collection<{ _id: number }>('rows').find().toArray()).map(({ _id }) => _id);
    expect(ids.length).toBeGreaterThan(20);
    for (const id of ids) expect((await held.client.statObject('rows', `o/${id}`)).size).toBe(50_000);
  } finally {
    going = false;
    await writer;
    await objects.kill('SIGTERM');
    documents.process.kill('SIGTERM');
  }
});
