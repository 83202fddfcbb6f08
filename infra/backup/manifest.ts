import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { BackupProblem } from './problem.js';

export const MANIFEST = 'manifest.json';
/** One line a file, as `sha256sum -c` reads it. */
export const FILE_LIST = 'files.sha256';
/** Secrets and settings, by the passphrase. */
export const SEALED = 'sealed.bin';
/** Begins the name of a backup that is being made; it gets its own at the end. */
export const UNFINISHED = '.unfinished-';
const FORMAT = 1;
const NAME = /^proofline-\d{8}T\d{6}Z$/;

const Part = z.object({ where: z.enum(['here', 'elsewhere']), files: z.int(), bytes: z.int() });

const Manifest = z.object({
  format: z.int(),
  name: z.string().regex(NAME),
  /** Of which installation; the same after a restore. */
  site: z.string(),
  version: z.string(),
  /** UTC, ISO 8601: when it was begun, the moment that it shows, and when it was done. */
  startedAt: z.iso.datetime(),
  asOf: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  parts: z.record(z.string(), Part),
  files: z.int(),
  bytes: z.int(),
  /** Files that were taken over from the backup before, as links. */
  linked: z.int(),
  /** Stored objects whose bytes were not what was stored, at the time of the backup; they are not in it. */
  damaged: z.array(z.string()),
  /** Secrets that the site sets in its environment: they are in no file and not in the backup. */
  secretsInEnvironment: z.array(z.string()),
});
export type Manifest = z.infer<typeof Manifest>;

/** What only the passphrase opens. The hashes bind it to the manifest and to the list of files, and so to each of them. */
export const Sealed = z.object({
  files: z.record(z.string(), z.base64()),
  settings: z.record(z.string(), z.string()),
  listSha256: z.string(),
  manifestSha256: z.string(),
});
export type Sealed = z.infer<typeof Sealed>;

export const manifestOf = (facts: Omit<Manifest, 'format'>): Manifest => ({ format: FORMAT, ...facts });

export const isBackupName = (name: string): boolean => NAME.test(name);

/** By the second, in UTC: names in their order are backups in their order. */
export const nameAt = (at: Date): string => `proofline-${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;

/** @throws BackupProblem when the folder holds no finished backup that this version reads */
export function readManifest(folder: string): Manifest {
  let text: string;
  try {
    text = readFileSync(join(folder, MANIFEST), 'utf8');
  } catch (error) {
    const isUnfinished = folder.split('/').at(-1)?.startsWith(UNFINISHED) === true;
    throw new BackupProblem(isUnfinished ? 'not-finished' : 'not-a-backup', { folder, cause: (error as NodeJS.ErrnoException).code ?? '' });
  }
  if (folder.split('/').at(-1)?.startsWith(UNFINISHED) === true) throw new BackupProblem('not-finished', { folder });
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new BackupProblem('file-altered', { file: MANIFEST });
  }
  const format = z.object({ format: z.int() }).safeParse(content).data?.format;
  if (format !== undefined && format !== FORMAT) throw new BackupProblem('other-format', { found: format, read: FORMAT });
  const parsed = Manifest.safeParse(content);
  if (!parsed.success) throw new BackupProblem('file-altered', { file: MANIFEST });
  return parsed.data;
}

export interface FoundBackup {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** The finished backups of a site in a folder, oldest first. A folder that cannot be read does not count. */
export function backupsIn(folder: string, site: string): FoundBackup[] {
  return readdirSync(folder)
    .filter((name) => NAME.test(name))
    .sort()
    .flatMap((name) => {
      try {
        const manifest = readManifest(join(folder, name));
        return manifest.site === site && manifest.name === name ? [{ folder: join(folder, name), manifest }] : [];
      } catch {
        return [];
      }
    });
}

/**
 * Removes the oldest of a site beyond the number that is kept, `newest` among those that stay. What claims to be of a later moment does not
 * count: else somebody with a few forged manifests would have the true ones removed.
 *
 * @returns their names
 */
export function keepNewest(folder: string, site: string, keep: number, newest: string): string[] {
  const old = backupsIn(folder, site)
    .filter(({ manifest }) => manifest.name <= newest)
    .slice(0, -keep);
  for (const each of old) {
    // Without its manifest it is not a backup: an interrupted removal leaves nothing that looks complete.
    rmSync(join(each.folder, MANIFEST), { force: true });
    rmSync(each.folder, { recursive: true, force: true });
  }
  return old.map(({ manifest }) => manifest.name);
}

/** The paths of the list with their SHA-256, in its order. @throws BackupProblem for a line of another form */
export function readFileList(folder: string): Map<string, string> {
  const files = new Map<string, string>();
  let text: string;
  try {
    text = readFileSync(join(folder, FILE_LIST), 'utf8');
  } catch {
    throw new BackupProblem('file-missing', { file: FILE_LIST });
  }
  for (const line of text.split('\n').slice(0, -1)) {
    const [, hash, path] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
    if (hash === undefined || path === undefined || path.startsWith('/') || path.split('/').includes('..'))
      throw new BackupProblem('file-altered', { file: FILE_LIST });
    files.set(path, hash);
  }
  return files;
}

export const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
