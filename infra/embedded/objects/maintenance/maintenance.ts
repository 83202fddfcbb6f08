import { createHash } from 'node:crypto';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { DamagedBlobError, type Blob, type BlobStore } from '../storage/blobs.js';
import type { Bucket, Catalogue, Damage } from '../storage/catalogue.js';
import { dueVersions, isUploadDue } from '../rules/lifecycle.js';
import type { Log } from '../log.js';
import { S3Error } from '../protocol/s3-error.js';
import { deleteObject } from '../operations/versions.js';

export interface MaintenanceDependencies {
  readonly catalogue: Catalogue;
  readonly blobs: BlobStore;
  readonly log: Log;
  /** Aborted between two steps when the store stops. */
  readonly signal: AbortSignal;
}

const keysPerCommit = 100;
const unfinishedUploadMs = 7 * 86_400_000;

/** Ends what the lifecycle rules say is due; versions under a lock stay. @returns how many versions were ended */
export async function expire({ catalogue, signal }: MaintenanceDependencies, nowMs: number): Promise<number> {
  let ended = 0;
  for (const { name, lifecycle } of catalogue.buckets()) {
    if (lifecycle === undefined) continue;
    let keys: string[] = [];
    let lastKey: string | undefined;
    let judged = 0;
    const flush = async (): Promise<void> => {
      const batch = keys;
      keys = [];
      if (batch.length > 0)
        ended += await catalogue.commit(() => batch.reduce((sum, key) => sum + expireKey(catalogue, name, key, nowMs), 0));
    };
    for (const { key } of catalogue.scan(name, '', { at: '' })) {
      if (signal.aborted) return ended;
      if (key === lastKey) continue;
      lastKey = key;
      // Requests go on while a large bucket is judged.
      if (++judged % keysPerCommit === 0) await nextTurn();
      if (dueVersions(lifecycle, key, [...catalogue.versionsOf(name, key)], nowMs).length > 0) keys.push(key);
      if (keys.length === keysPerCommit) await flush();
    }
    await flush();
  }
  return ended;
}

/** Judges again inside the commit: the bucket's rules and the key may have changed since the scan. */
function expireKey(catalogue: Catalogue, name: string, key: string, nowMs: number): number {
  const bucket: Bucket | undefined = catalogue.bucket(name);
  if (bucket?.lifecycle === undefined) return 0;
  const versions = [...catalogue.versionsOf(name, key)];
  let ended = 0;
  for (const version of dueVersions(bucket.lifecycle, key, versions, nowMs)) {
    // An object that is current gets a delete marker where there are versions; everything else goes for good.
    const hides = version === versions[0] && !version.deleteMarker;
    try {
      deleteObject(catalogue, bucket, { key, versionId: hides ? undefined : version.versionId }, false);
      ended += 1;
    } catch (error) {
      if (!(error instanceof S3Error)) throw error;
    }
  }
  return ended;
}

/** Removes uploads nobody will finish and files no metadata names. @returns what was removed */
export async function collectGarbage({ catalogue, blobs, signal }: MaintenanceDependencies, nowMs: number) {
  const rulesOf = (bucket: string) => catalogue.bucket(bucket)?.lifecycle ?? [];
  const stale = [...catalogue.uploads()].filter(
    (upload) => nowMs - Date.parse(upload.startedAt) > unfinishedUploadMs || isUploadDue(rulesOf(upload.bucket), upload, nowMs),
  );
  for (const { uploadId } of stale) await catalogue.commit(() => catalogue.removeUpload(uploadId));
  let files = 0;
  let judged = 0;
  for await (const id of blobs.files()) {
    if (signal.aborted) break;
    if (++judged % keysPerCommit === 0) await nextTurn();
    if (catalogue.blob(id) !== undefined || !(await blobs.isAbandoned(id, nowMs)) || catalogue.blob(id) !== undefined) continue;
    await blobs.remove(id);
    files += 1;
  }
  return { uploads: stale.length, files };
}

export interface ScrubReport {
  readonly files: number;
  readonly bytes: number;
  readonly damaged: number;
}

/**
 * Re-hashes every stored file against the SHA-256 it was acknowledged with and records what differs. Goes on where
 * the last pass was interrupted.
 */
export async function scrub({ catalogue, blobs, log, signal }: MaintenanceDependencies, bytesPerSecond: number): Promise<ScrubReport> {
  let [files, bytes, damaged] = [0, 0, 0];
  const known = new Set(catalogue.damaged().map(({ blobId }) => blobId));
  for (const blob of catalogue.blobs(String(catalogue.state('scrub-cursor') ?? ''))) {
    if (signal.aborted) return { files, bytes, damaged };
    const damage = await damageOf(blobs, blob);
    // Deleted while it was read.
    if (catalogue.blob(blob.id) === undefined) continue;
    files += 1;
    bytes += blob.bytes;
    if (damage !== undefined) {
      damaged += 1;
      log({ level: 'error', event: 'damaged-object', blobId: blob.id, damage });
    }
    if (damage !== undefined || known.has(blob.id) || files % keysPerCommit === 0) {
      await catalogue.commit(() => {
        if (damage !== undefined) catalogue.putDamage(blob.id, damage);
        else catalogue.clearDamage(blob.id);
        catalogue.putState('scrub-cursor', blob.id);
      });
    }
    await delay((blob.bytes / bytesPerSecond) * 1000, undefined, { signal }).catch(() => undefined);
  }
  await catalogue.commit(() => {
    catalogue.putState('scrub-cursor', '');
    catalogue.putState('scrubbed-at', new Date().toISOString());
  });
  log({ level: 'info', event: 'scrubbed', files, bytes, damaged });
  return { files, bytes, damaged };
}

/** What is wrong with a stored file, or undefined. */
export async function damageOf(blobs: BlobStore, blob: Blob): Promise<Damage | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of blobs.read(blob, 0, blob.bytes - 1)) hash.update(chunk);
  } catch (error) {
    if (error instanceof DamagedBlobError) return error.damage;
    // A sector that cannot be read is damage too.
    if ((error as NodeJS.ErrnoException).code === 'EIO') return 'altered';
    throw error;
  }
  return hash.digest('hex') === blob.sha256Hex ? undefined : 'altered';
}
