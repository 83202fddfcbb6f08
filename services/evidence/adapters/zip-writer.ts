import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createDeflateRaw, crc32 } from 'node:zlib';
import type { PackedFile } from '../pack/manifest.js';

const UTF8_AND_DESCRIPTOR = 0x0808;
const DEFLATED = 8;
const STORED = 0;
const MAX_BYTES = 0xffff_fffe;
/** 1980-01-01: the archive's own times say nothing, the manifest's do; so the same files give the same bytes. */
const DOS_DATE = 0x0021;

interface Entry {
  readonly name: Buffer;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly plain: number;
  readonly offset: number;
}

export type Body = Uint8Array | { readonly path: string };

/** An archive being written (APPNOTE 6.3, without Zip64): beside its final name until `close`, so that a half-written one never looks complete. */
export interface ZipWriter {
  /** Streams: a file of any size takes the memory of one chunk. */
  add(name: string, body: Body, options?: { readonly stored?: boolean }): Promise<PackedFile>;
  /** Writes the directory, flushes to the disk and gives the file its name. */
  close(): Promise<{ readonly bytes: number; readonly sha256: string }>;
  abandon(): Promise<void>;
}

export async function createZip(path: string): Promise<ZipWriter> {
  const draft = `${path}.part`;
  const handle = await open(draft, 'w', 0o600);
  const whole = createHash('sha256');
  const entries: Entry[] = [];
  let offset = 0;

  async function write(chunk: Uint8Array): Promise<void> {
    whole.update(chunk);
    await writeAll(handle, chunk);
    offset += chunk.byteLength;
    if (offset > MAX_BYTES) throw new RangeError('a pack cannot be larger than 4 GiB: choose a shorter period');
  }

  return {
    async add(name, body, { stored = false } = {}) {
      const hash = createHash('sha256');
      const entry = { name: Buffer.from(name), method: stored ? STORED : DEFLATED, offset };
      await write(localHeader(entry.name, entry.method));
      const begin = offset;
      const counted = countedBody(body, hash);
      if (stored) for await (const chunk of counted.chunks) await write(chunk);
      else await deflate(counted.chunks, write);
      const { crc, plain, lines } = counted.result();
      const packed = offset - begin;
      await write(descriptor(crc, packed, plain));
      entries.push({ ...entry, crc, packed, plain });
      return { name, bytes: plain, sha256: hash.digest('hex'), ...(name.endsWith('.csv') ? { rows: Math.max(0, lines - 1) } : {}) };
    },
    async close() {
      const begin = offset;
      for (const entry of entries) await write(centralHeader(entry));
      await write(endOfDirectory(entries.length, offset - begin, begin));
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

function localHeader(name: Buffer, method: number): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(UTF8_AND_DESCRIPTOR, 6);
  header.writeUInt16LE(method, 8);
  header.writeUInt16LE(DOS_DATE, 12);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, name]);
}

function descriptor(crc: number, packed: number, plain: number): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(0x08074b50, 0);
  bytes.writeUInt32LE(crc, 4);
  bytes.writeUInt32LE(packed, 8);
  bytes.writeUInt32LE(plain, 12);
  return bytes;
}

function centralHeader({ name, method, crc, packed, plain, offset }: Entry): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(20, 6);
  header.writeUInt16LE(UTF8_AND_DESCRIPTOR, 8);
  header.writeUInt16LE(method, 10);
  header.writeUInt16LE(DOS_DATE, 14);
  header.writeUInt32LE(crc, 16);
  header.writeUInt32LE(packed, 20);
  header.writeUInt32LE(plain, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt32LE(offset, 42);
  return Buffer.concat([header, name]);
}

function endOfDirectory(count: number, bytes: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(bytes, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}
