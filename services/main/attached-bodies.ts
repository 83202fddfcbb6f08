import { createHash } from 'node:crypto';
import type { Connection } from 'mongoose';
import { createCaseFileBodies } from '../complaints/index.js';
import type { AttachedBodies } from '../evidence/index.js';
import { createOriginalBodies } from '../outbound/index.js';
import { createAttachmentBodies } from '../registry/index.js';
import { CallCentreError } from '../shared/domain/failure.js';
import type { Config } from '../shared/platform/settings/config.js';
import { errorCode } from '../shared/platform/processes/error-code.js';
import type { ObjectClient } from '../shared/platform/stores/objects.js';

interface Context {
  readonly mongo: Connection;
  readonly objects: ObjectClient;
  readonly config: Config;
}

/** Failures that mean that the file is not what was attached. Every other failure is the store's. */
const isGone = (error: unknown): boolean =>
  error instanceof CallCentreError
    ? error.code === 'file-damaged' || error.code === 'not-found'
    : ['NotFound', 'NoSuchKey'].includes(String(errorCode(error)));

/** The bytes of attached files, each by its owner; undefined when they are gone or differ from what was attached. */
export function createAttachedBodies(context: Context): AttachedBodies {
  const { config, objects } = context;
  const ofCase = createCaseFileBodies(context);
  const ofRegister = createAttachmentBodies(context);
  const ofConsent = createOriginalBodies({ objects, bucket: config.S3_BUCKET, keepDays: config.CONSENT_KEEP_DAYS });
  return async ({ of, fileId, subject, sha256 }) => {
    try {
      // A letter contains a whole number and is never delivered in this way.
      if (of === 'letter') return undefined;
      const body = await { complaint: () => ofCase(fileId), register: () => ofRegister(fileId), consent: () => ofConsent(subject, sha256) }[
        of
      ]();
      return body !== undefined && createHash('sha256').update(body).digest('hex') === sha256 ? body : undefined;
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  };
}
