import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { CallCentreError } from '../../shared/domain/failure.js';
import { errorCode } from '../../shared/platform/processes/error-code.js';
import { hasObjectLock, putLocked } from '../../shared/platform/stores/locked-put.js';
import type { ObjectClient } from '../../shared/platform/stores/objects.js';
import type { OriginalStore } from '../ports.js';

const DAY_MS = 86_400_000;
/** Two originals that arrive at the same moment get different keys, so that neither replaces the valid one. */
const nameOf = (consentId: string, sha256: string): string => `consents/${consentId}/${sha256}`;
const sha256Of = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex');

/**
 * Originals of consents in the object store, each locked (S3 Object Lock, compliance mode) for `keepDays` from its first moment, or
 * refused. In a bucket without Object Lock they are stored without a lock.
 */
export function createOriginals({
  objects,
  bucket,
  keepDays,
}: {
  readonly objects: ObjectClient;
  readonly bucket: string;
  readonly keepDays: number;
}): OriginalStore {
  return {
    async put(consentId, body, contentType, at) {
      const sha256 = sha256Of(body);
      const until = new Date(at.getTime() + keepDays * DAY_MS);
      const lock = (await hasObjectLock(objects, bucket)) ? { mode: 'COMPLIANCE' as const, until } : undefined;
      await putLocked(objects, { bucket, key: nameOf(consentId, sha256) }, body, { sha256, lock, contentType });
      return { sha256, ...(lock === undefined ? {} : { lockedUntil: until }) };
    },
    has: (consentId, sha256) =>
      objects.statObject(bucket, nameOf(consentId, sha256)).then(
        () => true,
        (error: unknown) => {
          if (['NotFound', 'NoSuchKey'].includes(String(errorCode(error)))) return false;
          throw error;
        },
      ),
    async read(consentId, sha256) {
      const body = await buffer(await objects.getObject(bucket, nameOf(consentId, sha256)));
      if (sha256Of(body) !== sha256) throw new CallCentreError('file-damaged', 'This file is not the original that was handed in.');
      return body;
    },
  };
}
