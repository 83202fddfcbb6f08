import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { homeOf, UNFINISHED_RESTORE, type Home } from '../supervisor/plan/home.js';
import { copyFile, isGone, sha256Of, sha256OfPlain } from './files.js';
import { FILE_LIST, isBackupName, isFolder, MANIFEST, readFileList, readManifest, Sealed, SEALED, type Manifest } from './manifest.js';
import { BackupProblem, problemOf } from './problem.js';
import { unseal } from './sealed.js';
import type { Progress } from './words.js';

const run = promisify(execFile);

export interface OpenedBackup {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly sealed: Sealed;
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Opens a backup and reads every byte of it.
 *
 * @throws BackupProblem for the first file that is missing or is not what was backed up
 */
export async function openBackup(from: string, passphrase: string, progress: Progress): Promise<OpenedBackup> {
  const folder = resolve(from);
  if (!isFolder(folder)) throw new BackupProblem('not-a-backup', { folder, cause: 'ENOENT' });
  const manifest = readManifest(folder);
  // An older backup under the name of a newer one would take the site back in time unnoticed.
  if (isBackupName(basename(folder)) && basename(folder) !== manifest.name) throw new BackupProblem('file-altered', { file: MANIFEST });
  const sealed = Sealed.parse(JSON.parse(unseal(readSealed(folder), passphrase)));
  const files = readFileList(folder);
  const { sha256 } = await sha256Of(join(folder, FILE_LIST));
  if (sha256 !== sealed.listSha256) throw new BackupProblem('file-altered', { file: FILE_LIST });
  if ((await sha256Of(join(folder, MANIFEST))).sha256 !== sealed.manifestSha256)
    throw new BackupProblem('file-altered', { file: MANIFEST });
  let done = 0;
  for (const [path, hash] of files) {
    const read = await sha256OfPlain(join(folder, path)).catch((error: unknown) => {
      throw isGone(error) ? new BackupProblem('file-missing', { file: path }) : error;
    });
    if (read?.sha256 !== hash) throw new BackupProblem('file-altered', { file: path });
    progress({ kind: 'checking', done: (done += 1), total: files.size });
  }
  return { folder, manifest, sealed, files };
}

function readSealed(folder: string): Buffer {
  try {
    return readFileSync(join(folder, SEALED));
  } catch {
    throw new BackupProblem('file-missing', { file: SEALED });
  }
}

/** @throws BackupProblem `home-not-empty` */
export function requireEmptyHome(home: string): void {
  if (existsSync(home) && (!isFolder(home) || readdirSync(home).length > 0)) throw new BackupProblem('home-not-empty', { folder: home });
}

/**
 * Puts a backup that was read whole into an empty data folder. Until `finish` the product does not start from it.
 *
 * @throws BackupProblem
 */
export async function putBack(
  { folder, sealed, files }: OpenedBackup,
  into: string,
  progress: Progress,
): Promise<{ readonly home: Home; finish(): void }> {
  const home = homeOf(resolve(into));
  requireEmptyHome(home.home);
  const mark = join(home.home, UNFINISHED_RESTORE);
  try {
    mkdirSync(home.home, { recursive: true, mode: 0o700 });
    writeFileSync(mark, '', { mode: 0o600 });
    for (const each of Object.values<string>({ ...home })) mkdirSync(each, { recursive: true, mode: 0o700 });
    let done = 0;
    for (const [path, hash] of files) {
      const { sha256 } = await copyFile(join(folder, path), join(home.home, path));
      if (sha256 !== hash) throw new BackupProblem('file-altered', { file: path });
      progress({ kind: 'copying', done: (done += 1), total: files.size });
    }
    for (const [path, content] of Object.entries(sealed.files)) {
      const file = join(home.secrets, path);
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeFileSync(file, Buffer.from(content, 'base64'), { mode: 0o600 });
    }
    const settings = Object.entries(sealed.settings).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(join(home.home, SETTINGS), settings.join(''), { mode: 0o600 });
    await run('sync', ['-f', home.home]);
  } catch (error) {
    throw problemOf(error, home.home);
  }
  return { home, finish: () => rmSync(mark) };
}

/** The settings that the product had when it was backed up, to be compared with those that it is started with. */
export const SETTINGS = 'settings-of-the-backup.env';
