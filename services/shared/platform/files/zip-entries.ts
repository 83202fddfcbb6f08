import { inflateRawSync } from 'node:zlib';
import { errorCode } from '../processes/error-code.js';
import { overLimit } from './file-parser.js';

/** APPNOTE 4.3.16, 4.3.12, 4.3.7. */
const END = 0x0605_4b50;
const DIRECTORY_ENTRY = 0x0201_4b50;
const LOCAL_ENTRY = 0x0403_4b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const STORED = 0;
const DEFLATED = 8;

export interface ZipLimits {
  readonly entries: number;
  /** A limit for all requested entries together, counted while they are inflated; the sizes that the archive declares are not trusted. */
  readonly inflatedBytes: number;
}

/**
 * The requested entries of a ZIP archive by name. Fails with `too-large` above a limit, and with a plain error when the archive is damaged,
 * encrypted or Zip64 (no file that is accepted here is that large).
 */
export function readZipEntries(bytes: Uint8Array, wanted: (name: string) => boolean, limits: ZipLimits): Map<string, Buffer> {
  const archive = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endOf(archive);
  const count = archive.readUInt16LE(end + 10);
  if (count > limits.entries) throw overLimit('entries', limits.entries, `The archive has more than ${limits.entries} entries.`);
  const found = new Map<string, Buffer>();
  let left = limits.inflatedBytes;
  let at = archive.readUInt32LE(end + 16);
  for (let i = 0; i < count; i += 1) {
    if (archive.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new Error('the directory of the archive is damaged');
    const nameEnd = at + 46 + archive.readUInt16LE(at + 28);
    const name = archive.toString('utf8', at + 46, nameEnd);
    if (wanted(name) && !found.has(name)) {
      const body = bodyOf(archive, at, left, limits.inflatedBytes);
      left -= body.length;
      found.set(name, body);
    }
    at = nameEnd + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return found;
}

function endOf(archive: Buffer): number {
  for (let at = archive.length - END_BYTES; at >= Math.max(0, archive.length - END_BYTES - LONGEST_COMMENT); at -= 1)
    if (archive.readUInt32LE(at) === END) return at;
  throw new Error('the archive has no directory');
}

function bodyOf(archive: Buffer, entry: number, left: number, most: number): Buffer {
  const tooLarge = overLimit('inflated', most / 2 ** 20, `Unpacked, the file is larger than ${most / 2 ** 20} MB.`);
  const method = archive.readUInt16LE(entry + 10);
  const packedBytes = archive.readUInt32LE(entry + 20);
  const local = archive.readUInt32LE(entry + 42);
  if (archive.readUInt32LE(local) !== LOCAL_ENTRY) throw new Error('an entry of the archive is damaged');
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const packed = archive.subarray(start, start + packedBytes);
  if (packed.length !== packedBytes) throw new Error('the archive is cut off');
  if (method !== STORED && method !== DEFLATED) throw new Error('an entry uses an unsupported compression');
  if (method === STORED) {
    if (packed.length > left) throw tooLarge;
    return packed;
  }
  if (left <= 0) throw tooLarge;
  try {
    return inflateRawSync(packed, { maxOutputLength: left });
  } catch (error) {
    throw errorCode(error) === 'ERR_BUFFER_TOO_LARGE' ? tooLarge : error;
  }
}
