import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createDeflateRaw, crc32 } from 'node:zlib';
import type { PackedFile } from '../pack/manifest.js';

const UTF8_AND_DESCRIPTOR = 0x0808;
const DEFLATED = 8;
const STORED = 0;
/** The value of a 32-bit field when the real size is in the Zip64 extra field (APPNOTE 4.5.3). */
const ELSEWHERE = 0xffff_ffff;
const ELSEWHERE_COUNT = 0xffff;
/** A file of this size gets 64-bit fields: 4 GiB minus the growth of incompressible data in deflate. */
const LARGE_FROM = 0xff00_0000;
const VERSION_PLAIN = 20;
const VERSION_ZIP64 = 45;
/** 1980-01-01: the manifest has the times, not the archive. So the same files give the same bytes. */
const DOS_DATE = 0x0021;

interface Entry {
  readonly name: Buffer;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly plain: number;
  readonly offset: number;
  readonly large: boolean;
}

export type Body = Uint8Array | { readonly path: string };

/**
 * An archive being written (APPNOTE 6.3, with Zip64 where needed). It has a temporary name until `close`, so that a half-written one never
 * looks complete.
 */
export interface ZipWriter {
  /** Streams: a file of any size needs the memory of one chunk. */
  add(name: string, body: Body, options?: { readonly stored?: boolean }): Promise<PackedFile>;
  /** Writes the directory, flushes to the disk and gives the file its name. */
  close(): Promise<{ readonly bytes: number; readonly sha256: string }>;
  abandon(): Promise<void>;
}

/** `largeFrom` is for tests: the size from which on 64-bit fields are written. */
export async function createZip(path: string, { largeFrom = LARGE_FROM }: { readonly largeFrom?: number } = {}): Promise<ZipWriter> {
  const draft = `${path}.part`;
  const handle = await open(draft, 'w', 0o600);
  const whole = createHash('sha256');
  const entries: Entry[] = [];
  let offset = 0;

  async function write(chunk: Uint8Array): Promise<void> {
    whole.update(chunk);
    await writeAll(handle, chunk);
    offset += chunk.byteLength;
  }

  return {
    async add(name, body, { stored = false } = {}) {
      const hash = createHash('sha256');
      const size = body instanceof Uint8Array ? body.byteLength : (await stat(body.path)).size;
      const entry = { name: Buffer.from(name), method: stored ? STORED : DEFLATED, offset, large: size >= largeFrom };
      await write(localHeader(entry));
      const begin = offset;
      const counted = countedBody(body, hash);
      if (stored) for await (const chunk of counted.chunks) await write(chunk);
      else await deflate(counted.chunks, write);
      const { crc, plain, lines } = counted.result();
      const packed = offset - begin;
      await write(descriptor(entry.large, crc, packed, plain));
      entries.push({ ...entry, crc, packed, plain });
      return { name, bytes: plain, sha256: hash.digest('hex'), ...(name.endsWith('.csv') ? { rows: Math.max(0, lines - 1) } : {}) };
    },
    async close() {
      const begin = offset;
      for (const entry of entries) await write(centralHeader(entry, largeFrom));
      await write(endOfDirectory(entries.length, offset - begin, begin, largeFrom));
      await handle.sync();
      await handle.close();
      await rename(draft, path);
      const folder = await open(dirname(path), 'r');
      await folder.sync();
      await folder.close();
      return { bytes: offset, sha256: whole.digest('hex') };
    },
    async abandon() {
      await handle.close().catch(() => undefined);
      await rm(draft, { force: true });
    },
  };
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let written = 0; written < chunk.byteLength;)
    written += (await handle.write(chunk, written, chunk.byteLength - written)).bytesWritten;
}

function countedBody(
  body: Body,
  hash: Hash,
): { chunks: AsyncIterable<Uint8Array>; result(): { crc: number; plain: number; lines: number } } {
  let crc = 0;
  let plain = 0;
  let lines = 0;
  const source: AsyncIterable<Uint8Array> | Iterable<Uint8Array> =
    body instanceof Uint8Array ? [body] : (createReadStream(body.path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Uint8Array>);
  return {
    chunks: (async function* () {
      for await (const chunk of source) {
        hash.update(chunk);
        crc = crc32(chunk, crc);
        plain += chunk.byteLength;
        for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, at + 1)) lines += 1;
        yield chunk;
      }
    })(),
    result: () => ({ crc, plain, lines }),
  };
}

async function deflate(chunks: AsyncIterable<Uint8Array>, write: (chunk: Uint8Array) => Promise<void>): Promise<void> {
  const packer = createDeflateRaw({ level: 6 });
  const feeding = (async () => {
    for await (const chunk of chunks) if (!packer.write(chunk)) await new Promise((resolve) => packer.once('drain', resolve));
    packer.end();
  })();
  // A failing source must end the reading side as well.
  feeding.catch((error: unknown) => packer.destroy(error instanceof Error ? error : new Error('the source failed')));
  for await (const packed of packer as AsyncIterable<Uint8Array>) await write(packed);
  await feeding;
}

function localHeader({ name, method, large }: Pick<Entry, 'name' | 'method' | 'large'>): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(large ? VERSION_ZIP64 : VERSION_PLAIN, 4);
  header.writeUInt16LE(UTF8_AND_DESCRIPTOR, 6);
  header.writeUInt16LE(method, 8);
  header.writeUInt16LE(DOS_DATE, 12);
  header.writeUInt16LE(name.length, 26);
  if (!large) return Buffer.concat([header, name]);
  // Both sizes are in the descriptor. The field only says that they are 64 bits wide there (APPNOTE 4.3.9.2).
  const extra = zip64Field([0, 0]);
  header.writeUInt32LE(ELSEWHERE, 18);
  header.writeUInt32LE(ELSEWHERE, 22);
  header.writeUInt16LE(extra.length, 28);
  return Buffer.concat([header, name, extra]);
}

function descriptor(large: boolean, crc: number, packed: number, plain: number): Buffer {
  const bytes = Buffer.alloc(large ? 24 : 16);
  bytes.writeUInt32LE(0x08074b50, 0);
  bytes.writeUInt32LE(crc, 4);
  if (large) {
    bytes.writeBigUInt64LE(BigInt(packed), 8);
    bytes.writeBigUInt64LE(BigInt(plain), 16);
  } else {
    bytes.writeUInt32LE(packed, 8);
    bytes.writeUInt32LE(plain, 12);
  }
  return bytes;
}

/** The Zip64 extended information: the fields that do not fit, in their fixed order. */
function zip64Field(values: readonly number[]): Buffer {
  const field = Buffer.alloc(4 + 8 * values.length);
  field.writeUInt16LE(0x0001, 0);
  field.writeUInt16LE(8 * values.length, 2);
  values.forEach((value, i) => field.writeBigUInt64LE(BigInt(value), 4 + 8 * i));
  return field;
}

function centralHeader({ name, method, crc, packed, plain, offset, large }: Entry, largeFrom: number): Buffer {
  const far = offset >= largeFrom;
  const values = [...(large ? [plain, packed] : []), ...(far ? [offset] : [])];
  const extra = values.length === 0 ? Buffer.alloc(0) : zip64Field(values);
  const version = extra.length > 0 ? VERSION_ZIP64 : VERSION_PLAIN;
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(version, 4);
  header.writeUInt16LE(version, 6);
  header.writeUInt16LE(UTF8_AND_DESCRIPTOR, 8);
  header.writeUInt16LE(method, 10);
  header.writeUInt16LE(DOS_DATE, 14);
  header.writeUInt32LE(crc, 16);
  header.writeUInt32LE(large ? ELSEWHERE : packed, 20);
  header.writeUInt32LE(large ? ELSEWHERE : plain, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt32LE(far ? ELSEWHERE : offset, 42);
  return Buffer.concat([header, name, extra]);
}

function endOfDirectory(count: number, bytes: number, offset: number, largeFrom: number): Buffer {
  const far = offset + bytes >= largeFrom || count >= ELSEWHERE_COUNT;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(far ? ELSEWHERE_COUNT : count, 8);
  end.writeUInt16LE(far ? ELSEWHERE_COUNT : count, 10);
  end.writeUInt32LE(far ? ELSEWHERE : bytes, 12);
  end.writeUInt32LE(far ? ELSEWHERE : offset, 16);
  if (!far) return end;
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt16LE(VERSION_ZIP64, 12);
  record.writeUInt16LE(VERSION_ZIP64, 14);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(bytes), 40);
  record.writeBigUInt64LE(BigInt(offset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(offset + bytes), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([record, locator, end]);
}
