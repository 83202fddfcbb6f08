import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, linkSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync, type Dirent } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const PIECE_BYTES = 1024 ** 2;

export interface Copied {
  readonly bytes: number;
  readonly sha256: string;
}

/** Copies a file as far as it goes now, under a name of its own until it is whole. @throws ENOENT, ENOSPC … */
export async function copyFile(from: string, to: string): Promise<Copied> {
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  const draft = `${to}.${randomBytes(4).toString('hex')}`;
  const source = await open(from, 'r');
  try {
    const target = await open(draft, 'wx', 0o600);
    try {
      const hash = createHash('sha256');
      const piece = Buffer.allocUnsafe(PIECE_BYTES);
      let bytes = 0;
      for (;;) {
        const { bytesRead } = await source.read(piece, 0, PIECE_BYTES, bytes);
        if (bytesRead === 0) break;
        const part = piece.subarray(0, bytesRead);
        hash.update(part);
        for (let done = 0; done < bytesRead;) done += (await target.write(part, done, bytesRead - done)).bytesWritten;
        bytes += bytesRead;
      }
      await target.close();
      renameSync(draft, to);
      return { bytes, sha256: hash.digest('hex') };
    } catch (error) {
      await target.close().catch(() => undefined);
      rmSync(draft, { force: true });
      throw error;
    }
  } finally {
    await source.close();
  }
}

/** Makes a hard link to a file on the same disk; false when the file does not exist or the disk does not support links. */
export function linkFile(from: string, to: string): boolean {
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (['ENOENT', 'EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'EEXIST'].includes(code)) return code === 'EEXIST';
    throw error;
  }
}

/** Undefined for anything but a plain file: a device or a pipe could be read without end. @throws ENOENT */
export async function sha256OfPlain(file: string): Promise<Copied | undefined> {
  return lstatSync(file).isFile() ? sha256Of(file) : undefined;
}

export async function sha256Of(file: string): Promise<Copied> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of createReadStream(file, { highWaterMark: PIECE_BYTES })) {
    hash.update(piece as Buffer);
    bytes += (piece as Buffer).length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** The plain files under a folder, by their paths in it; sockets, links and what goes away meanwhile are left out. */
export function* filesUnder(folder: string, inside = ''): Generator<string> {
  let entries: Dirent[];
  try {
    entries = readdirSync(join(folder, inside), { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
    if (entry.isDirectory()) yield* filesUnder(folder, path);
    else if (entry.isFile()) yield path;
  }
}

export const isGone = (error: unknown): boolean => (error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
