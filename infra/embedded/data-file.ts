import { closeSync, existsSync, fstatSync, openSync, readSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

const magic = 0xbeefc0de;
const metaBytes = 160;
/** Pages at the end that the engine may have reserved without writing them. */
const slackPages = 16;

/** A data file of the storage engine that must not be opened; the message is one sentence. */
export class DataFileError extends Error {
  override readonly name = 'DataFileError';
}

/**
 * Looks at the two meta pages before the engine maps the file: reading beyond the end of a mapped file would kill the process.
 *
 * @param owned the caller is the only writer, so the file may be given back a few pages lost at its end
 * @throws DataFileError when the file is not the engine's or is shorter than it says.
 */
export function checkDataFile(folder: string, owned: boolean): void {
  const path = join(folder, 'data.mdb');
  if (!existsSync(path)) return;
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    if (size === 0) return;
    const first = readMeta(file, 0);
    const second = first === undefined ? undefined : readMeta(file, first.pageBytes);
    const newest = second !== undefined && first !== undefined && second.transaction > first.transaction ? second : first;
    if (newest === undefined) throw new DataFileError('The file data.mdb is damaged or not a file of this store.');
    const needed = newest.pages * newest.pageBytes;
    if (size >= needed) return;
    if (needed - size > slackPages * newest.pageBytes)
      throw new DataFileError(`The file data.mdb is cut off: it has ${size} of ${needed} bytes.`);
    // Missing pages become empty ones, which the engine reports as damaged instead of faulting.
    if (owned) truncateSync(path, needed);
  } finally {
    closeSync(file);
  }
}

interface Meta {
  readonly pageBytes: number;
  readonly pages: number;
  readonly transaction: bigint;
}

function readMeta(file: number, at: number): Meta | undefined {
  const bytes = Buffer.alloc(metaBytes);
  if (readSync(file, bytes, 0, metaBytes, at) < metaBytes || bytes.readUInt32LE(24) !== magic) return undefined;
  const pageBytes = bytes.readUInt32LE(48);
  return { pageBytes, pages: Number(bytes.readBigUInt64LE(144)) + 1, transaction: bytes.readBigUInt64LE(152) };
}
