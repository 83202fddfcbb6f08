import { createHash } from 'node:crypto';
import { errorCode } from '../processes/error-code.js';
import type { ObjectClient } from './objects.js';

/** A lock in governance mode can be passed by those who have the right, one in compliance mode by nobody. */
export interface Lock {
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE';
  readonly until: Date;
}

/** minio declares an overload without a promise first. */
interface LockConfiguration {
  getObjectLockConfig(bucket: string): Promise<{ readonly objectLockEnabled?: string }>;
}

/** Whether objects of this bucket can be locked. Fails when the store gives no answer: that says nothing of its locks. */
export async function hasObjectLock(objects: ObjectClient, bucket: string): Promise<boolean> {
  const asked: LockConfiguration = objects;
  try {
    return (await asked.getObjectLockConfig(bucket)).objectLockEnabled === 'Enabled';
  } catch (error) {
    if (['ObjectLockConfigurationNotFoundError', 'NotImplemented'].includes(String(errorCode(error)))) return false;
    throw error;
  }
}

/** S3 takes a lock with an object only when a digest of the body comes with both. */
const lockHeaders = (body: Buffer, lock: Lock | undefined): Readonly<Record<string, string>> =>
  lock === undefined
    ? {}
    : {
        'content-md5': createHash('md5').update(body).digest('base64'),
        'x-amz-object-lock-mode': lock.mode,
        'x-amz-object-lock-retain-until-date': lock.until.toISOString(),
      };

/** Stores bytes and their lock, both or neither; the version that the store gave them, empty where it keeps none. */
export async function putLocked(
  objects: ObjectClient,
  { bucket, key }: { readonly bucket: string; readonly key: string },
  bytes: Uint8Array,
  {
    sha256,
    lock,
    contentType = 'application/octet-stream',
  }: { readonly sha256: string; readonly lock: Lock | undefined; readonly contentType?: string },
): Promise<string> {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  // `putObject` would make metadata of the headers of a lock; what it is made of sends them as they are.
  const { headers } = await objects.makeRequestAsyncOmit(
    {
      method: 'PUT',
      bucketName: bucket,
      objectName: key,
      headers: { 'content-type': contentType, 'x-amz-meta-sha256': sha256, ...lockHeaders(body, lock) },
    },
    body,
  );
  return String(headers['x-amz-version-id'] ?? '');
}
