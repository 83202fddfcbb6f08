// How versions come and go; every function here runs inside one `Catalogue.commit`.
import type { Bucket, Catalogue, ObjectAttributes, Version } from '../storage/catalogue.js';
import { requireDeletable, requireWritable, type Conditions, type DeleteConditions } from '../rules/conditions.js';
import type { Checksum } from '../protocol/checksum.js';
import { withDefaultRetention } from './attributes.js';
import { deletionRefusal } from '../rules/object-lock.js';
import { S3Error } from '../protocol/s3-error.js';

export interface NewObject {
  readonly attributes: ObjectAttributes;
  readonly bytes: number;
  readonly etag: string;
  readonly blobIds: readonly string[];
  readonly checksum?: Checksum | undefined;
  readonly uploadId?: string;
}

/** Adds an object as the newest version. @throws S3Error before anything is written */
export function addObject(
  catalogue: Catalogue,
  at: { bucket: string; key: string },
  object: NewObject,
  conditions: Pick<Conditions, 'ifMatch' | 'ifNoneMatch'>,
): { bucket: Bucket; version: Version } {
  const bucket = catalogue.bucket(at.bucket);
  if (bucket === undefined) throw new S3Error('NoSuchBucket');
  const latest = catalogue.latest(at.bucket, at.key);
  requireWritable(conditions, latest?.deleteMarker === true ? undefined : latest);
  const sequence = catalogue.nextSequence();
  const { attributes, checksum, ...content } = object;
  const nowMs = Date.now();
  const version: Version = {
    ...withDefaultRetention(attributes, bucket, nowMs),
    ...content,
    ...(checksum ? { checksum } : {}),
    sequence,
    versionId: versionIdOf(bucket, sequence),
    deleteMarker: false,
    modifiedAt: new Date(nowMs).toISOString(),
  };
  replaceNullVersion(catalogue, bucket, at.key, version);
  return { bucket, version };
}

const versionIdOf = (bucket: Bucket, sequence: number): string => (bucket.versioning === 'enabled' ? sequence.toString(36) : 'null');

/** Without versioning there is at most one `null` version of a key, and the new one takes its place. */
function replaceNullVersion(catalogue: Catalogue, bucket: Bucket, key: string, version: Version): void {
  const replaced = version.versionId === 'null' ? catalogue.version(bucket.name, key, 'null') : undefined;
  if (replaced) {
    refuseIfLocked(replaced, false);
    catalogue.removeVersion(bucket.name, key, replaced);
  }
  catalogue.putVersion(bucket.name, key, version);
}

function refuseIfLocked(version: Version, bypass: boolean): void {
  const refusal = deletionRefusal(version, bypass, Date.now());
  if (refusal !== undefined) throw new S3Error('AccessDenied', refusal);
}

export interface Deletion {
  readonly versionId?: string;
  /** Whether the version made or removed is a delete marker. */
  readonly deleteMarker: boolean;
}

/**
 * Deletes one version for good, or hides the key behind a delete marker, or removes an unversioned object. Deleting
 * what is not there succeeds, as in S3.
 * @throws S3Error `AccessDenied` when the version is locked, `PreconditionFailed` when it is not the one that was meant
 */
export function deleteObject(
  catalogue: Catalogue,
  bucket: Bucket,
  target: { key: string; versionId?: string | undefined } & DeleteConditions,
  bypass: boolean,
): Deletion {
  const { key, versionId } = target;
  const found = versionId ? catalogue.version(bucket.name, key, versionId) : catalogue.latest(bucket.name, key);
  requireDeletable(target, found?.deleteMarker === true ? undefined : found);
  if (versionId) {
    if (found === undefined) return { versionId, deleteMarker: false };
    refuseIfLocked(found, bypass);
    catalogue.removeVersion(bucket.name, key, found);
    return { versionId, deleteMarker: found.deleteMarker };
  }
  if (bucket.versioning === 'off') {
    if (found === undefined) return { deleteMarker: false };
    refuseIfLocked(found, bypass);
    catalogue.removeVersion(bucket.name, key, found);
    return { deleteMarker: false };
  }
  const sequence = catalogue.nextSequence();
  const marker: Version = {
    sequence,
    versionId: versionIdOf(bucket, sequence),
    deleteMarker: true,
    modifiedAt: new Date().toISOString(),
    bytes: 0,
    etag: '',
    blobIds: [],
    headers: {},
    metadata: {},
    tags: {},
  };
  replaceNullVersion(catalogue, bucket, key, marker);
  return { versionId: marker.versionId, deleteMarker: true };
}
