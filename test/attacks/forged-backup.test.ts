import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { seal } from '../../infra/backup/sealed.js';
import { runBackupTool } from '../support/backups.js';
import { until } from '../support/until.js';
import { Conversation } from './support/conversation.js';
import { attacked } from './support/tier.js';

// Somebody has the disk of the backups and can write on it, and does not have the passphrase.

const stack = attacked();
const folder = mkdtempSync(join(tmpdir(), 'forged-backup-'));
const backups = join(folder, 'backups');
const phrase = join(folder, 'passphrase');
const LIST = 'files.sha256';
const MANIFEST = 'manifest.json';
const SEALED = 'sealed.bin';
/** A tool that reads without end would take longer. */
const ENDS_WITHIN_MS = 30_000;

let older = '';
let newer = '';
let copies = 0;

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const passphrase = ['--passphrase-file', phrase];
const back = (more: readonly string[] = []): ReturnType<typeof runBackupTool> =>
  runBackupTool('backup', stack.home, ['--to', backups, ...passphrase, ...more]);
const check = (of: string): ReturnType<typeof runBackupTool> => runBackupTool('backup', stack.home, ['--check', of, ...passphrase]);

/** A copy of the newer backup that may be forged. */
function copied(from = newer): string {
  copies += 1;
  const at = join(folder, `copy-${copies}`, from);
  mkdirSync(join(folder, `copy-${copies}`));
  cpSync(join(backups, from), at, { recursive: true });
  return at;
}

/** The first file of the backup in a part. */
const fileOf = (at: string, part: string): string => {
  const path = readFileSync(join(at, LIST), 'utf8')
    .split('\n')
    .map((line) => line.slice(66))
    .find((each) => each.startsWith(part));
  if (path === undefined) throw new Error(`the backup has nothing in ${part}`);
  return path;
};
const addLine = (at: string, path: string, bytes: Buffer): void => {
  writeFileSync(join(at, LIST), `${readFileSync(join(at, LIST), 'utf8')}${sha256(bytes)}  ${path}\n`);
};
/** Other bytes, and the line of the list that fits them. */
function changeWithLine(at: string, path: string): void {
  const bytes = readFileSync(join(at, path));
  const before = sha256(bytes);
  bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0);
  writeFileSync(join(at, path), bytes);
  writeFileSync(join(at, LIST), readFileSync(join(at, LIST), 'utf8').replace(before, sha256(bytes)));
}
const changeManifest = (at: string, change: Readonly<Record<string, unknown>>): void => {
  const manifest = JSON.parse(readFileSync(join(at, MANIFEST), 'utf8')) as object;
  writeFileSync(join(at, MANIFEST), `${JSON.stringify({ ...manifest, ...change }, undefined, 2)}\n`);
};
/** Everything fits together, under a passphrase that the attacker chose. */
function sealAnew(at: string): void {
  const own = {
    files: {},
    settings: {},
    listSha256: sha256(readFileSync(join(at, LIST))),
    manifestSha256: sha256(readFileSync(join(at, MANIFEST))),
  };
  writeFileSync(join(at, SEALED), seal(JSON.stringify(own), 'a passphrase of the attacker'));
}
function replaced(at: string, by: (path: string) => void): void {
  const path = join(at, fileOf(at, 'documents/'));
  rmSync(path);
  by(path);
}

/** A backup has an object of its own once a call was recorded. */
async function recordCall(): Promise<void> {
  const talk = await Conversation.begin(stack);
  await talk[Symbol.asyncDispose]();
  const token = await stack.signIn('supervisor');
  await until(
    () => stack.http('GET', `/api/recordings/${talk.callId}`, { token }),
    ({ status }) => status === 200,
  );
}

beforeAll(async () => {
  await recordCall();
  writeFileSync(phrase, 'the passphrase of the site\n', { mode: 0o600 });
  for (const made of [await back(), await back()]) expect(made).toMatchObject({ code: 0 });
  [older = '', newer = ''] = readdirSync(backups).sort();
}, 120_000);
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  expect((await stack.http('GET', '/api/health')).status).toBe(200);
});

test('unchanged it is valid, also in another place, so that the refusals below concern forgeries only', async () => {
  expect(await check(copied())).toMatchObject({ code: 0 });
});

const forgeries: readonly (readonly [string, RegExp, (at: string) => void])[] = [
  ['other documents, with their line in the list', /files\.sha256/, (at) => changeWithLine(at, fileOf(at, 'documents/'))],
  ['another object, with its line in the list', /files\.sha256/, (at) => changeWithLine(at, fileOf(at, 'objects/'))],
  [
    'keys of the attacker, as a further file',
    /files\.sha256/,
    (at) => {
      mkdirSync(join(at, 'secrets'));
      writeFileSync(join(at, 'secrets', 'token-key.pem'), 'forged');
      addLine(at, 'secrets/token-key.pem', Buffer.from('forged'));
    },
  ],
  ['a file outside the folder', /files\.sha256/, (at) => addLine(at, '../../../../../etc/passwd', readFileSync('/etc/passwd'))],
  ['a file with a whole path', /files\.sha256/, (at) => addLine(at, '/etc/passwd', readFileSync('/etc/passwd'))],
  ['a later moment in the manifest', /manifest\.json/, (at) => changeManifest(at, { asOf: new Date().toISOString() })],
  ['damage that the manifest excuses', /manifest\.json/, (at) => changeManifest(at, { damaged: ['x'] })],
  [
    'everything fitting, under another passphrase',
    /sealed\.bin/,
    (at) => {
      changeWithLine(at, fileOf(at, 'documents/'));
      sealAnew(at);
    },
  ],
  ['the seal of an older backup', /files\.sha256|manifest\.json/, (at) => cpSync(join(backups, older, SEALED), join(at, SEALED))],
  ['a cut seal', /sealed\.bin/, (at) => writeFileSync(join(at, SEALED), readFileSync(join(at, SEALED)).subarray(0, -1))],
  ['a device in the place of a file', /documents\//, (at) => replaced(at, (path) => symlinkSync('/dev/zero', path))],
  ['a pipe in the place of a file', /documents\//, (at) => replaced(at, (path) => void execFileSync('mkfifo', [path]))],
];
test.each(forgeries)(
  'is refused in one sentence that names the file: %s',
  async (_what, named, forge) => {
    const at = copied();
    forge(at);
    const checked = await check(at);
    expect(checked.code).toBe(1);
    expect(checked.printed).toMatch(named);
    expect(checked.printed).not.toMatch(/\bat .*\.js:\d+/);
    const home = join(folder, `home-${copies}`);
    expect(await runBackupTool('restore-home', home, ['--from', at, ...passphrase])).toMatchObject({ code: 1 });
    expect(existsSync(home) ? readdirSync(home) : []).toEqual([]);
  },
  ENDS_WITHIN_MS,
);

test('an older backup under the name of a newer one is recognised', async () => {
  const at = copied(older);
  const renamed = join(at, '..', newer);
  renameSync(at, renamed);
  const checked = await check(renamed);
  expect(checked).toMatchObject({ code: 1 });
  expect(checked.printed).toContain(MANIFEST);
});

test('forged backups of a later day do not cause a genuine one to be removed, and nothing is restored from them', async () => {
  const future = 'proofline-29990101T000000Z';
  cpSync(join(backups, newer), join(backups, future), { recursive: true });
  changeManifest(join(backups, future), { name: future });
  const stolen = fileOf(join(backups, future), 'objects/blobs/');
  const bytes = readFileSync(join(backups, future, stolen));
  writeFileSync(join(backups, future, stolen), Buffer.alloc(bytes.length));
  const made = await back(['--keep', '1', '--json']);
  expect(made).toMatchObject({ code: 0 });
  const { name } = JSON.parse(made.printed.split('\n').find((line) => line.startsWith('{')) ?? '{}') as { name: string };
  expect(readdirSync(backups).sort()).toEqual([name, future]);
  expect(await check(join(backups, name))).toMatchObject({ code: 0 });
  expect(readFileSync(join(backups, name, stolen)).equals(bytes)).toBe(true);
}, 60_000);
