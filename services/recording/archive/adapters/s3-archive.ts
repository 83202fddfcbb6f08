import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { hasObjectLock, putLocked } from '../../../shared/platform/stores/locked-put.js';
import type { ObjectClient } from '../../../shared/platform/stores/objects.js';
import { errorCode } from '../../../shared/platform/processes/error-code.js';
import { damaged } from '../damage.js';
import type { ObjectArchive } from '../ports.js';
import type { Lock } from '../retention.js';
import { systemClock } from '../../../shared/platform/processes/system-clock.js';

/** The names that minio uses; its types require its own enumeration. */
type Retention = Parameters<ObjectClient['putObjectRetention']>[2];
/** All of these return a promise. minio's types list an overload without one first, and none for `setObjectLegalHold`. */
interface LockCalls {
  setObjectLegalHold(bucket: string, key: string, options: { readonly versionId: string; readonly status: 'ON' | 'OFF' }): unknown;
  getObjectRetention(
    bucket: string,
    key: string,
    options: { readonly versionId: string },
  ): Promise<{ readonly mode?: Lock['mode']; readonly retainUntilDate?: string } | null | undefined>;
}

/** The store's answer ended before its last byte. */
class CutShort extends Error {
  override readonly name = 'CutShort';
  constructor(
    readonly atByte: number,
    options: ErrorOptions,
  ) {
    super('the answer of the store was cut short', options);
  }
}

const codeOf = (error: unknown): string => String(errorCode(error) ?? '');
const isMissing = (error: unknown): boolean => ['NoSuchKey', 'NotFound', 'NoSuchVersion'].includes(codeOf(error));

/** How a store answers an attempt to shorten a lock or to remove a locked object. */
async function tryToBreak(objects: ObjectClient, bucket: string, key: string, version: string): ReturnType<ObjectArchive['tryToBreak']> {
  const refused = async (attempt: Promise<unknown>): Promise<'refused' | 'allowed'> =>
    attempt.then(
      () => 'allowed' as const,
      (error: unknown) => {
        if (['AccessDenied', 'InvalidRequest', 'ObjectLocked', 'MethodNotAllowed'].includes(codeOf(error))) return 'refused' as const;
        throw error;
      },
    );
  const shorten = await refused(
    objects.putObjectRetention(bucket, key, retention({ mode: 'COMPLIANCE', until: new Date(systemClock.nowMs() + 1_000) }, version)),
  );
  return { shorten, remove: await refused(objects.removeObject(bucket, key, { versionId: version, governanceBypass: true })) };
}

/** Creates the bucket with Object Lock, or without it when the store has none; the hourly probe then reports that. */
async function makeBucket(objects: ObjectClient, bucket: string, region: string): Promise<void> {
  try {
    await objects.makeBucket(bucket, region, { ObjectLocking: true });
  } catch (error) {
    if (codeOf(error).startsWith('BucketAlready')) await pause(0);
    else await objects.makeBucket(bucket, region);
  }
}

/** Sealed recordings in one bucket, by the S3 protocol. */
export function createS3Archive(objects: ObjectClient, bucket: string, region: string): ObjectArchive {
  const locks: LockCalls = objects;

  const hasLock = (): Promise<boolean> => hasObjectLock(objects, bucket).catch(() => false);

  async function read(key: string, version: string, range?: { readonly from: number; readonly length: number }): Promise<Uint8Array> {
    const options = versioned(version);
    const stream =
      range === undefined
        ? await objects.getObject(bucket, key, options)
        : await objects.getPartialObject(bucket, key, range.from, range.length, options);
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of stream) chunks.push(chunk as Buffer);
    } catch (error) {
      throw new CutShort(Buffer.concat(chunks).length + (range?.from ?? 0), { cause: error });
    }
    return Buffer.concat(chunks);
  }

  /**
   * A store that finds damage reports it instead of sending the object. In the middle of an answer it can only cut the answer short, and
   * reports the damage when it is asked for the missing byte.
   */
  async function storesWord(key: string, version: string, error: unknown): Promise<string | undefined> {
    const said = (failure: unknown): string | undefined =>
      failure instanceof Error ? /^The stored file of this object is (missing|truncated|altered)/.exec(failure.message)?.[1] : undefined;
    if (!(error instanceof CutShort)) return said(error);
    return read(key, version, { from: error.atByte, length: 1 }).then(() => undefined, said);
  }

  /** The version of an object that has these bytes. */
  async function versionWith(key: string, size: number, sha256: string): Promise<string | undefined> {
    try {
      const there = await objects.statObject(bucket, key);
      if (there.size !== size) return undefined;
      const version = there.versionId ?? '';
      const stored = createHash('sha256').update(await read(key, version));
      return stored.digest('hex') === sha256 ? version : undefined;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  return {
    async prepare() {
      if (!(await objects.bucketExists(bucket))) await makeBucket(objects, bucket, region);
      return { lock: await hasLock() };
    },
    async put(key, bytes, sha256, { again, lock }) {
      const there = again ? await versionWith(key, bytes.length, sha256) : undefined;
      if (there !== undefined) return { version: there, isNew: false };
      return { version: await putLocked(objects, { bucket, key }, bytes, { sha256, lock }), isNew: true };
    },
    async get(key, version, range) {
      try {
        return await read(key, version, range);
      } catch (error) {
        if (isMissing(error)) return undefined;
        const word = await storesWord(key, version, error);
        if (word === 'missing') return undefined;
        if (word === 'truncated') throw damaged('recording-truncated');
        throw word === 'altered' ? damaged('recording-damaged') : error;
      }
    },
    async overwrite(key, bytes) {
      await objects.putObject(bucket, key, Buffer.from(bytes));
    },
    async lock(key, version, lock) {
      await objects.putObjectRetention(bucket, key, retention(lock, version));
    },
    async lockOf(key, version) {
      try {
        const { mode, retainUntilDate } = (await locks.getObjectRetention(bucket, key, { versionId: version })) ?? {};
        return mode === undefined || retainUntilDate === undefined ? undefined : { mode, until: new Date(retainUntilDate) };
      } catch (error) {
        if (codeOf(error) === 'NoSuchObjectLockConfiguration') return undefined;
        throw error;
      }
    },
    async setLegalHold(key, version, on) {
      try {
        await locks.setObjectLegalHold(bucket, key, { versionId: version, status: on ? 'ON' : 'OFF' });
      } catch (error) {
        throw isMissing(error) ? damaged('recording-missing') : error;
      }
    },
    async remove(key, version, { bypassGovernance }) {
      await objects.removeObject(bucket, key, { ...versioned(version), governanceBypass: bypassGovernance });
    },
    tryToBreak: (key, version) => tryToBreak(objects, bucket, key, version),
  };
}

const versioned = (version: string): { readonly versionId?: string } => (version === '' ? {} : { versionId: version });

const retention = ({ mode, until }: Lock, version: string): Retention =>
  ({ mode, retainUntilDate: until.toISOString(), ...versioned(version) }) as Retention;
