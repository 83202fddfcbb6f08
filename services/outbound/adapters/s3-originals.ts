import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { CallCentreError } from '../../shared/domain/failure.js';
import type { Logger } from '../../shared/platform/logger.js';
import type { ObjectClient } from '../../shared/platform/objects.js';
import type { OriginalStore } from '../ports.js';

const DAY_MS = 86_400_000;
/** Two that come at the same moment lie beside each other: none takes the place of the one that counts. */
const nameOf = (consentId: string, sha256: string): string => `consents/${consentId}/${sha256}`;
const sha256Of = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex');
type Retention = Parameters<ObjectClient['putObjectRetention']>[2];

/** Originals of consents in the object store, each under lock (S3 Object Lock, compliance mode) for `keepDays`. */
export function createOriginals({
  objects,
  bucket,
  keepDays,
  log,
}: {
  readonly objects: ObjectClient;
  readonly bucket: string;
  readonly keepDays: number;
  readonly log: Logger;
}): OriginalStore {
  return {
    async put(consentId, body, contentType, at) {
      const sha256 = sha256Of(body);
      const name = nameOf(consentId, sha256);
      const { versionId } = await objects.putObject(bucket, name, Buffer.from(body), body.byteLength, { 'Content-Type': contentType });
      const retainUntilDate = new Date(at.getTime() + keepDays * DAY_MS).toISOString();
      const retention = { mode: 'COMPLIANCE', retainUntilDate, ...(versionId === null ? {} : { versionId }) };
      await objects
        .putObjectRetention(bucket, name, retention as Retention)
        .catch((error: unknown) => log.warn({ err: error, consentId }, 'the original of a consent could not be locked'));
      return sha256;
    },
    has: (consentId, sha256) =>
      objects.statObject(bucket, nameOf(consentId, sha256)).then(
        () => true,
        (error: unknown) => {
          if ((error as { code?: string }).code === 'NotFound' || (error as { code?: string }).code === 'NoSuchKey') return false;
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
