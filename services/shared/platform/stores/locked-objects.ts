import { createHash } from 'node:crypto';
import { hasObjectLock, putLocked } from './locked-put.js';
import type { ObjectClient } from './objects.js';

const READ_AT_ONCE = 16;
const DAY_MS = 86_400_000;
const sha256Of = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex');

interface Version {
  readonly name?: string;
  readonly versionId?: string;
  readonly isDeleteMarker?: boolean;
}

/**
 * Small JSON objects that are written once, with their lock or not at all (S3 Object Lock, compliance mode). All of their versions are
 * read.
 */
export interface LockedObjects {
  /** `at` is UTC, ISO 8601. The lock begins then. */
  put(name: string, value: unknown, at: string): Promise<void>;
  /** Every version under a prefix, including versions that were overwritten or hidden by a deletion. */
  every(prefix: string): Promise<unknown[]>;
}

/** Every version of every JSON object under a prefix; nothing when there is no bucket. */
export async function readEveryVersion(objects: ObjectClient, bucket: string, prefix: string): Promise<unknown[]> {
  if (!(await objects.bucketExists(bucket))) return [];
  const versions: Version[] = [];
  const listed = objects.listObjects(bucket, prefix, true, { IncludeVersion: true }) as AsyncIterable<Version>;
  for await (const version of listed) if (version.name !== undefined && version.isDeleteMarker !== true) versions.push(version);
  async function read({ name = '', versionId }: Version): Promise<unknown> {
    const chunks: Buffer[] = [];
    const stream = await objects.getObject(bucket, name, versionId === undefined || versionId === 'null' ? {} : { versionId });
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  }
  const values: unknown[] = [];
  for (let i = 0; i < versions.length; i += READ_AT_ONCE)
    values.push(...(await Promise.all(versions.slice(i, i + READ_AT_ONCE).map(read))));
  return values;
}

export interface LockedObjectsOptions {
  readonly objects: ObjectClient;
  readonly bucket: string;
  /** How long the lock lasts. */
  readonly keepDays: number;
}

export function createLockedObjects({ objects, bucket, keepDays }: LockedObjectsOptions): LockedObjects {
  return {
    async put(name, value, at) {
      // Object Lock can only be enabled when a bucket is created, so the first writer creates it with the lock.
      if (!(await objects.bucketExists(bucket))) await objects.makeBucket(bucket, '', { ObjectLocking: true });
      // A store without Object Lock still holds the object apart from the database.
      const until = new Date(Date.parse(at) + keepDays * DAY_MS);
      const lock = (await hasObjectLock(objects, bucket)) ? { mode: 'COMPLIANCE' as const, until } : undefined;
      const body = new TextEncoder().encode(JSON.stringify(value));
      await putLocked(objects, { bucket, key: name }, body, { sha256: sha256Of(body), lock, contentType: 'application/json' });
    },
    every: (prefix) => readEveryVersion(objects, bucket, prefix),
  };
}
