import { createHash, createPublicKey, verify } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { createInflateRaw } from 'node:zlib';
import { z } from 'zod';
import { CallCentreError } from '../../shared/domain/failure.js';
import {
  judge,
  MANIFEST,
  SIGNATURE,
  SM2_SIGNATURE,
  STAMP,
  type ContentFinding,
  type Manifest,
  type PackedFile,
  type PackVerdict,
  type Verdict,
} from '../pack/manifest.js';
import { examineContent, findingOf, type Examined, type Told } from './pack-content.js';
import { isSm2Signed } from './sm2.js';
import { checkTimeStamp } from '../../shared/platform/signing/time-stamp.js';

const ManifestShape = z.looseObject({
  format: z.literal('proofline-pack/1'),
  number: z.int(),
  packId: z.string(),
  kind: z.string(),
  period: z.object({ from: z.string(), to: z.string(), zone: z.string() }),
  madeAt: z.string(),
  previous: z.string().nullable(),
  publicKey: z.string(),
  // A file that is not text is not a key, and the pack is red.
  publicKeySm2: z.string().optional().catch(''),
  files: z.array(z.object({ name: z.string(), bytes: z.number(), sha256: z.string(), rows: z.number().optional() })),
});

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly packed: number;
  readonly offset: number;
}

export interface VerifiedPack extends PackVerdict {
  readonly files: number;
  /** The packs before it and the restores; undefined when the pack does not list them. */
  readonly history: Examined['history'];
}

/**
 * Opens a pack and checks every byte of it (hashes, sizes, rows, signature). If all are as they were sealed, it also checks the content:
 * rows, formulas, figures, day sheets. With `trustedFingerprint` the key must have that fingerprint. With `toldSheet`, the hash of a day
 * sheet that was sent outside, that sheet must be in the pack. With `toldSeed` the recordings must be drawn by that seed, and with `toldCount` so many. Fails with `invalid-request` when the file is no pack, or is cut off.
 */
export async function verifyPack(
  path: string,
  { trustedFingerprint, ...told }: Told & { readonly trustedFingerprint?: string } = {},
): Promise<VerifiedPack> {
  const handle = await open(path, 'r');
  try {
    const entries = await readDirectory(handle);
    const found = new Map<string, Omit<PackedFile, 'name'>>();
    const texts = new Map<string, Buffer>();
    for (const entry of entries) {
      const kept = [MANIFEST, SIGNATURE, SM2_SIGNATURE, STAMP].includes(entry.name);
      // A file that cannot be unpacked has been changed; the others are still checked.
      const { body, ...facts } = await readEntry(path, handle, entry, kept).catch(() => ({ body: undefined, bytes: -1, sha256: '' }));
      // A name that occurs twice could hide one file behind another.
      if (found.has(entry.name)) throw damaged(`the name ${entry.name} occurs twice`);
      found.set(entry.name, facts);
      if (body !== undefined) texts.set(entry.name, body);
    }
    const text = texts.get(MANIFEST);
    if (text === undefined) throw damaged('it has no manifest');
    // The schema requires only what is needed to check the pack. Any other change leads to a verdict, and the file is still a pack.
    const manifest = ManifestShape.parse(JSON.parse(text.toString('utf8'))) as unknown as Manifest;
    const fingerprintOf = (spki: string): string => createHash('sha256').update(Buffer.from(spki, 'base64')).digest('hex');
    const keyFingerprint = fingerprintOf(manifest.publicKey);
    const signed = checkSignature(text, texts.get(SIGNATURE), manifest.publicKey);
    const { publicKeySm2 } = manifest;
    const signedSm2 = publicKeySm2 === undefined ? 'valid' : checkSm2(text, texts.get(SM2_SIGNATURE), publicKeySm2);
    const keys = [keyFingerprint, ...(publicKeySm2 === undefined ? [] : [fingerprintOf(publicKeySm2)])];
    // The fingerprint given on paper may be that of either key: both have signed these bytes, or the pack is red.
    const keyDiffers = trustedFingerprint !== undefined && !keys.includes(trustedFingerprint);
    const verdict = judge(manifest, found, signed === 'valid' && keyDiffers ? 'invalid' : signed, stampOf(text, texts.get(STAMP)));
    const findings: ContentFinding[] = [];
    const add = async (code: string, level: ContentFinding['level'], subject: string): Promise<void> =>
      void findings.push(await findingOf(code, level, subject));
    for (const { file, problem } of verdict.problems) await add(problem, 'red', file);
    if (signed !== 'valid') await add(`signature-${signed}`, 'red', SIGNATURE);
    if (signedSm2 !== 'valid') await add(`signature-${signedSm2}`, 'red', SM2_SIGNATURE);
    if (keyDiffers) await add('key-differs', 'red', keyFingerprint);
    if (trustedFingerprint === undefined) await add('key-not-compared', 'amber', keyFingerprint);
    if (verdict.stamp === 'invalid') await add('stamp-foreign', 'red', STAMP);
    // Changed files are named; nothing is computed from them.
    const isWhole = !verdict.problems.some(({ problem }) => problem !== 'not-listed');
    const source = { chunks: async (name: string) => chunksOf(path, handle, entries, name) };
    const examined = isWhole ? await examineContent(manifest, source, told) : undefined;
    findings.push(...(examined?.findings ?? []));
    const isRed = findings.some(({ level }) => level === 'red');
    return {
      ...verdict,
      ok: verdict.ok && !isRed,
      colour: isRed ? 'red' : findings.length > 0 ? 'amber' : 'green',
      findings,
      manifest,
      manifestSha256: createHash('sha256').update(text).digest('hex'),
      keyFingerprint,
      files: found.size,
      history: examined?.history,
    };
  } catch (error) {
    if (error instanceof CallCentreError) throw error;
    throw damaged('it breaks off before its end', error);
  } finally {
    await handle.close();
  }
}

const MOST_SHOWN_BYTES = 64 * 2 ** 20;

/** One file of a pack; undefined when the pack has none of that name. Fails with `too-large` for a file that is not meant for viewing. */
export async function readPackFile(path: string, name: string): Promise<Buffer | undefined> {
  const handle = await open(path, 'r');
  try {
    const entry = (await readDirectory(handle)).find((each) => each.name === name);
    if (entry === undefined) return undefined;
    if (entry.packed > MOST_SHOWN_BYTES) throw new CallCentreError('too-large', 'This file is too large to be shown; download the pack.');
    return (await readEntry(path, handle, entry, true)).body;
  } finally {
    await handle.close();
  }
}

const damaged = (why: string, cause?: unknown): CallCentreError =>
  new CallCentreError('invalid-request', `This file is not a whole evidence pack: ${why}.`, { cause });

function checkSignature(text: Buffer, file: Buffer | undefined, publicKey: string): Verdict['signature'] {
  if (file === undefined) return 'missing';
  try {
    const { signature } = JSON.parse(file.toString('utf8')) as { signature: string };
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    return verify(null, text, key, Buffer.from(signature, 'base64')) ? 'valid' : 'invalid';
  } catch {
    return 'invalid';
  }
}

function checkSm2(text: Buffer, file: Buffer | undefined, publicKey: string): Verdict['signature'] {
  if (file === undefined) return 'missing';
  try {
    const { signature } = JSON.parse(file.toString('utf8')) as { signature: string };
    return isSm2Signed(Buffer.from(publicKey, 'base64'), text, Buffer.from(signature, 'base64')) ? 'valid' : 'invalid';
  } catch {
    return 'invalid';
  }
}

function stampOf(text: Buffer, file: Buffer | undefined): Verdict['stamp'] {
  if (file === undefined) return 'none';
  try {
    return checkTimeStamp(file, text);
  } catch {
    return 'invalid';
  }
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await handle.read(buffer, 0, length, position);
  if (bytesRead !== length) throw damaged('it is cut');
  return buffer;
}

async function readDirectory(handle: FileHandle): Promise<Entry[]> {
  const { count, bytes, offset } = await readEnd(handle);
  const directory = await readAt(handle, offset, bytes);
  const entries: Entry[] = [];
  for (let at = 0; at + 46 <= directory.length;) {
    if (directory.readUInt32LE(at) !== 0x02014b50) throw damaged('its directory is damaged');
    const nameEnd = at + 46 + directory.readUInt16LE(at + 28);
    const extraEnd = nameEnd + directory.readUInt16LE(at + 30);
    const wide = wideFields(directory.subarray(nameEnd, extraEnd));
    const field = (position: number): number => {
      const value = directory.readUInt32LE(position);
      return value === ELSEWHERE ? (wide.shift() ?? value) : value;
    };
    // In the order of the extra field: plain size, packed size, offset (APPNOTE 4.5.3).
    field(at + 24);
    entries.push({
      name: directory.toString('utf8', at + 46, nameEnd),
      method: directory.readUInt16LE(at + 10),
      packed: field(at + 20),
      offset: field(at + 42),
    });
    at = extraEnd + directory.readUInt16LE(at + 32);
  }
  if (entries.length !== count) throw damaged('its directory is damaged');
  return entries;
}

const ELSEWHERE = 0xffff_ffff;

/** The position of the directory, from the end of the archive; by the Zip64 record when the short one has no room. */
async function readEnd(handle: FileHandle): Promise<{ count: number; bytes: number; offset: number }> {
  const { size } = await handle.stat();
  if (size < 22) throw damaged('it is too short');
  const end = await readAt(handle, size - 22, 22);
  if (end.readUInt32LE(0) !== 0x06054b50) throw damaged('its directory is missing');
  if (end.readUInt32LE(16) !== ELSEWHERE) return { count: end.readUInt16LE(10), bytes: end.readUInt32LE(12), offset: end.readUInt32LE(16) };
  const locator = await readAt(handle, size - 42, 20);
  if (locator.readUInt32LE(0) !== 0x07064b50) throw damaged('its directory is missing');
  const record = await readAt(handle, Number(locator.readBigUInt64LE(8)), 56);
  if (record.readUInt32LE(0) !== 0x06064b50) throw damaged('its directory is missing');
  const wide = (at: number): number => Number(record.readBigUInt64LE(at));
  return { count: wide(32), bytes: wide(40), offset: wide(48) };
}

/** The 64-bit values of a Zip64 extra field. */
function wideFields(extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2))
    if (extra.readUInt16LE(at) === 0x0001)
      return Array.from({ length: extra.readUInt16LE(at + 2) >> 3 }, (_, i) => Number(extra.readBigUInt64LE(at + 4 + 8 * i)));
  return [];
}

/** The bytes of a file of the pack as they arrive; undefined when it has none of that name. */
async function chunksOf(
  path: string,
  handle: FileHandle,
  entries: readonly Entry[],
  name: string,
): Promise<AsyncIterable<Uint8Array> | undefined> {
  const entry = entries.find((each) => each.name === name);
  return entry === undefined ? undefined : bodyOf(path, handle, entry);
}

async function bodyOf(path: string, handle: FileHandle, entry: Entry): Promise<AsyncIterable<Uint8Array>> {
  if (entry.packed === 0) return none();
  const local = await readAt(handle, entry.offset, 30);
  const start = entry.offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
  const raw = createReadStream(path, { start, end: start + entry.packed - 1, highWaterMark: 256 * 1024 });
  return (entry.method === 0 ? raw : raw.pipe(createInflateRaw())) as AsyncIterable<Uint8Array>;
}

async function readEntry(
  path: string,
  handle: FileHandle,
  entry: Entry,
  keep: boolean,
): Promise<Omit<PackedFile, 'name'> & { body?: Buffer }> {
  const hash = createHash('sha256');
  const kept: Uint8Array[] = [];
  let bytes = 0;
  let lines = 0;
  for await (const chunk of await bodyOf(path, handle, entry)) {
    hash.update(chunk);
    bytes += chunk.byteLength;
    for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, at + 1)) lines += 1;
    if (keep) kept.push(chunk);
  }
  return {
    bytes,
    sha256: hash.digest('hex'),
    ...(entry.name.endsWith('.csv') ? { rows: Math.max(0, lines - 1) } : {}),
    ...(keep ? { body: Buffer.concat(kept) } : {}),
  };
}

async function* none(): AsyncGenerator<Uint8Array> {}
