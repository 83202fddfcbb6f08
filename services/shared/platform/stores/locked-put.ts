import { createHash } from 'node:crypto';
import { errorCode } from '../processes/error-code.js';
import type { ObjectClient } from './objects.js';

/** People with the right can bypass a lock in governance mode. Nobody can bypass one in compliance mode. */
export interface Lock {
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE';
  readonly until: Date;
}

/** minio declares the overload without a promise first. */
interface LockConfiguration {
  getObjectLockConfig(bucket: string): Promise<{ readonly objectLockEnabled?: string }>;
}

/** Whether objects of this bucket can be locked. Fails when the store does not answer, because that says nothing about its locks. */
export async function hasObjectLock(objects: ObjectClient, bucket: string): Promise<boolean> {
  const asked: LockConfiguration = objects;
  try {
    return (await asked.getObjectLockConfig(bucket)).objectLockEnabled === 'Enabled';
  } catch (error) {
    if (['ObjectLockConfigurationNotFoundError', 'NotImplemented'].includes(String(errorCode(error)))) return false;
    throw error;
  }
}

/** S3 accepts an object with a lock only together with a digest of the body. */
const lockHeaders = (body: Buffer, lock: Lock | undefined): Readonly<Record<string, string>> =>
  lock === undefined
    ? {}
    : {
        'content-md5': createHash('md5').update(body).digest('base64'),
        'x-amz-object-lock-mode': lock.mode,
        'x-amz-object-lock-retain-until-date': lock.until.toISOString(),
      };

/** Stores bytes with their lock, both or neither. Returns the version id, empty when the store keeps no versions. */
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
  // `putObject` would turn the headers of a lock into metadata. The functions that it is made of send them as they are.
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
