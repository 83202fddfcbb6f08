import { open, type RootDatabase } from 'lmdb';
import { checkDataFile, DataFileError } from '../../data-file.js';
import type { Checksum, ChecksumAlgorithm, ChecksumType } from '../protocol/checksum.js';
import type { Blob } from './blobs.js';
import type { DefaultRetention, Retention } from '../rules/object-lock.js';
import type { LifecycleRule } from '../rules/lifecycle.js';
import { SealedTable } from './sealed-table.js';

export interface Bucket {
  readonly name: string;
  readonly createdAt: string;
  readonly versioning: 'off' | 'enabled' | 'suspended';
  readonly objectLock: boolean;
  readonly defaultRetention?: DefaultRetention;
  readonly lifecycle?: readonly LifecycleRule[];
}

/** What a client may store beside the bytes and gets back with them. Header names in lower case. */
export interface ObjectAttributes {
  readonly headers: Readonly<Record<string, string>>;
  /** User metadata without the `x-amz-meta-` prefix. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly retention?: Retention;
  readonly legalHold?: boolean;
}

export interface Version extends ObjectAttributes {
  /** Newer versions have higher numbers; microseconds of UTC, but never repeated and never going back. */
  readonly sequence: number;
  /** `null` for what was stored while versioning was off or suspended. */
  readonly versionId: string;
  readonly deleteMarker: boolean;
  readonly modifiedAt: string;
  readonly bytes: number;
  /** Without quotes. */
  readonly etag: string;
  readonly blobIds: readonly string[];
  readonly checksum?: Checksum;
  /** The multipart upload that created it: a client that lost the answer may complete it again. */
  readonly uploadId?: string;
}

export interface MultipartUpload extends ObjectAttributes {
  /** The checksum that its parts are checked by, and how the checksum of the whole is made from theirs. */
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly type: ChecksumType };
  readonly uploadId: string;
  readonly bucket: string;
  readonly key: string;
  readonly startedAt: string;
}

export interface Part {
  readonly number: number;
  readonly blobId: string;
  readonly bytes: number;
  readonly etag: string;
  readonly storedAt: string;
  readonly checksum?: Checksum;
}

export interface KeyedVersion {
  readonly key: string;
  readonly version: Version;
}

export type Damage = 'missing' | 'truncated' | 'altered';
export type BlobRecord = Omit<Blob, 'id'>;

const zero = Buffer.from([0]);
const bucketPrefix = (bucket: string): Buffer => Buffer.from(`${bucket}\0`);
const keyPrefix = (bucket: string, key: string): Buffer => Buffer.from(`${bucket}\0${key}\0`);
const inverted = (sequence: number): Buffer => {
  const buffer = Buffer.alloc(8);
  // The first byte stays 0, so that 0xff ends a range of versions too.
  buffer.writeBigUInt64BE(0x00ff_ffff_ffff_ffffn - BigInt(sequence));
  return buffer;
};
const versionKey = (bucket: string, key: string, sequence: number): Buffer => Buffer.concat([keyPrefix(bucket, key), inverted(sequence)]);
const partKey = (uploadId: string, number: number): Buffer => Buffer.from(`${uploadId}\0${String(number).padStart(5, '0')}`);
/** The first key after everything that starts with the prefix; valid because no byte of UTF-8 is 0xff. */
const after = (prefix: Buffer): Buffer => Buffer.concat([prefix, Buffer.from([0xff])]);
const seekBatch = 256;
/** Version of the metadata layout: raised when a build writes what an earlier one would misread. */
const formatVersion = 1;

/** Where a scan of versions begins: at a key prefix, or behind a key, a version of it, or all keys with a prefix. */
export type ScanStart =
  | { readonly at: string }
  | { readonly behindKey: string }
  | { readonly behindVersion: { readonly key: string; readonly sequence: number } }
  | { readonly behindPrefix: string };

/**
 * Owns the metadata. Reads see what is committed; writes happen only inside `commit`, one transaction after another,
 * so a check made there cannot be overtaken.
 */
export class Catalogue {
  readonly #root: RootDatabase;
  readonly #buckets: SealedTable<Bucket>;
  readonly #versions: SealedTable<Version>;
  readonly #uploads: SealedTable<MultipartUpload>;
  readonly #parts: SealedTable<Part>;
  readonly #blobs: SealedTable<BlobRecord>;
  readonly #damage: SealedTable<{ damage: Damage; foundAt: string }>;
  readonly #state: SealedTable<number | string>;
  #dropped: string[] = [];

  /**
   * @param requireRoom refuses a change for which the disk has no room
   * @param onDropped removes the files whose last mention a committed transaction took away; must not throw
   */
  constructor(
    folder: string,
    private readonly requireRoom: () => Promise<void>,
    private readonly onDropped: (blobIds: readonly string[]) => void,
  ) {
    checkDataFile(folder, true);
    // Without overlapping sync an acknowledged commit is a flushed one.
    this.#root = open({ path: folder, overlappingSync: false, maxDbs: 8, maxReaders: 256 });
    const table = <V>(name: string): SealedTable<V> =>
      new SealedTable<V>(this.#root.openDB<string, Buffer>({ name, keyEncoding: 'binary', encoding: 'string' }));
    this.#buckets = table('buckets');
    this.#versions = table('versions');
    this.#uploads = table('uploads');
    this.#parts = table('parts');
    this.#blobs = table('blobs');
    this.#damage = table('damage');
    this.#state = table('state');
    this.#claimFormat();
  }

  /** @throws DataFileError when the metadata has the layout of another build */
  #claimFormat(): void {
    const found = this.state('format');
    if (found === undefined) this.#root.transactionSync(() => this.putState('format', formatVersion));
    else if (found !== formatVersion) {
      void this.#root.close();
      throw new DataFileError(`The data was written in format ${found} by another build; this one reads format ${formatVersion}.`);
    }
  }

  /** Runs a decision and its writes as one durable transaction. What `decide` throws before its first write changes nothing. */
  async commit<T>(decide: () => T): Promise<T> {
    await this.requireRoom();
    type Outcome = { readonly value: T } | { readonly refusal: unknown };
    let dropped: string[] = [];
    const outcome = await this.#root.transaction((): Outcome => {
      this.#dropped = [];
      try {
        const value = decide();
        dropped = this.#dropped;
        return { value };
      } catch (refusal) {
        return { refusal };
      }
    });
    if ('refusal' in outcome) throw outcome.refusal;
    if (dropped.length > 0) this.onDropped(dropped);
    return outcome.value;
  }

  async close(): Promise<void> {
    await this.#root.close();
  }

  // Buckets

  bucket(name: string): Bucket | undefined {
    return this.#buckets.get(Buffer.from(name));
  }

  buckets(): Bucket[] {
    return [...this.#buckets.entries()].map(({ value }) => value);
  }

  putBucket(bucket: Bucket): void {
    this.#buckets.put(Buffer.from(bucket.name), bucket);
  }

  removeBucket(name: string): void {
    this.#buckets.remove(Buffer.from(name));
  }

  // Versions

  latest(bucket: string, key: string): Version | undefined {
    for (const version of this.versionsOf(bucket, key)) return version;
    return undefined;
  }

  /** Newest first. */
  *versionsOf(bucket: string, key: string): Generator<Version> {
    const prefix = keyPrefix(bucket, key);
    for (const { value } of this.#versions.entries({ start: prefix, end: after(prefix) })) yield value;
  }

  version(bucket: string, key: string, versionId: string): Version | undefined {
    if (versionId !== 'null') {
      const sequence = Number.parseInt(versionId, 36);
      const found = Number.isSafeInteger(sequence) && sequence > 0 ? this.#versions.get(versionKey(bucket, key, sequence)) : undefined;
      return found?.versionId === versionId ? found : undefined;
    }
    for (const version of this.versionsOf(bucket, key)) if (version.versionId === 'null') return version;
    return undefined;
  }

  /** Only inside `commit`. */
  nextSequence(): number {
    const last = Number(this.#state.get(Buffer.from('sequence')) ?? 0);
    const next = Math.max(last + 1, Date.now() * 1000);
    this.#state.put(Buffer.from('sequence'), next);
    return next;
  }

  putVersion(bucket: string, key: string, version: Version): void {
    this.#versions.put(versionKey(bucket, key, version.sequence), version);
  }

  removeVersion(bucket: string, key: string, version: Version): void {
    this.#versions.remove(versionKey(bucket, key, version.sequence));
    for (const id of version.blobIds) this.dropBlob(id);
  }

  /** All versions of a bucket from `start` on, by key and then newest first, as long as keys begin with `prefix`. */
  *scan(bucket: string, prefix: string, start: ScanStart): Generator<KeyedVersion> {
    const end = after(Buffer.concat([bucketPrefix(bucket), Buffer.from(prefix)]));
    let from = this.#scanStart(bucket, start);
    const nameBytes = Buffer.byteLength(bucket) + 1;
    for (;;) {
      // Short ranges, so that no read transaction stays open while a consumer is slow.
      const batch = [...this.#versions.entries({ start: from, end, limit: seekBatch })];
      for (const { key, value } of batch) yield { key: key.toString('utf8', nameBytes, key.length - 9), version: value };
      const last = batch.at(-1);
      if (batch.length < seekBatch || last === undefined) return;
      from = Buffer.concat([last.key, zero]);
    }
  }

  #scanStart(bucket: string, start: ScanStart): Buffer {
    if ('at' in start) return Buffer.concat([bucketPrefix(bucket), Buffer.from(start.at)]);
    if ('behindKey' in start) return after(keyPrefix(bucket, start.behindKey));
    if ('behindPrefix' in start) return after(Buffer.concat([bucketPrefix(bucket), Buffer.from(start.behindPrefix)]));
    return Buffer.concat([versionKey(bucket, start.behindVersion.key, start.behindVersion.sequence), zero]);
  }

  // Multipart uploads

  upload(uploadId: string): MultipartUpload | undefined {
    return this.#uploads.get(Buffer.from(uploadId));
  }

  *uploads(): Generator<MultipartUpload> {
    for (const { value } of this.#uploads.entries()) yield value;
  }

  putUpload(upload: MultipartUpload): void {
    this.#uploads.put(Buffer.from(upload.uploadId), upload);
  }

  part(uploadId: string, number: number): Part | undefined {
    return this.#parts.get(partKey(uploadId, number));
  }

  *parts(uploadId: string, afterNumber = 0): Generator<Part> {
    const start = partKey(uploadId, afterNumber + 1);
    for (const { value } of this.#parts.entries({ start, end: after(Buffer.from(`${uploadId}\0`)) })) yield value;
  }

  putPart(uploadId: string, part: Part): void {
    const replaced = this.part(uploadId, part.number);
    if (replaced) this.dropBlob(replaced.blobId);
    this.#parts.put(partKey(uploadId, part.number), part);
  }

  /** Forgets an upload; the files of its parts are dropped unless a finished object has taken them over. */
  removeUpload(uploadId: string, takenOver: ReadonlySet<string> = new Set()): void {
    for (const part of [...this.parts(uploadId)]) {
      this.#parts.remove(partKey(uploadId, part.number));
      if (!takenOver.has(part.blobId)) this.dropBlob(part.blobId);
    }
    this.#uploads.remove(Buffer.from(uploadId));
  }

  // Blobs

  blob(id: string): Blob | undefined {
    const record = this.#blobs.get(Buffer.from(id));
    return record && { id, ...record };
  }

  *blobs(behindId = ''): Generator<Blob> {
    let from: Buffer = Buffer.concat([Buffer.from(behindId), zero]);
    for (;;) {
      const batch = [...this.#blobs.entries({ start: from, limit: seekBatch })];
      for (const { key, value } of batch) yield { id: key.toString('utf8'), ...value };
      const last = batch.at(-1);
      if (batch.length < seekBatch || last === undefined) return;
      from = Buffer.concat([last.key, zero]);
    }
  }

  putBlob({ id, bytes, sha256Hex, blockCrcs }: Blob): void {
    this.#blobs.put(Buffer.from(id), { bytes, sha256Hex, blockCrcs });
  }

  dropBlob(id: string): void {
    this.#blobs.remove(Buffer.from(id));
    this.#damage.remove(Buffer.from(id));
    this.#dropped.push(id);
  }

  // Findings of reads and of the scrubber

  putDamage(blobId: string, damage: Damage): void {
    this.#damage.put(Buffer.from(blobId), { damage, foundAt: new Date().toISOString() });
  }

  clearDamage(blobId: string): void {
    this.#damage.remove(Buffer.from(blobId));
  }

  damaged(): { blobId: string; damage: Damage; foundAt: string }[] {
    return [...this.#damage.entries()].map(({ key, value }) => ({ blobId: key.toString('utf8'), ...value }));
  }

  /** How many entries of the metadata are not what was written. */
  damagedEntries(): number {
    const tables = [this.#buckets, this.#versions, this.#uploads, this.#parts, this.#blobs, this.#damage, this.#state];
    return tables.reduce((sum, table) => sum + table.damaged(), 0);
  }

  state(name: string): number | string | undefined {
    return this.#state.get(Buffer.from(name));
  }

  putState(name: string, value: number | string): void {
    this.#state.put(Buffer.from(name), value);
  }
}
