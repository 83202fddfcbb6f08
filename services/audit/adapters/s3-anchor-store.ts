import { z } from 'zod';
import type { Logger } from '../../shared/platform/logger.js';
import type { ObjectClient } from '../../shared/platform/objects.js';
import type { AnchorStore } from '../ports.js';
import type { Anchor } from '../chain.js';

const ANCHORS = 'audit-anchors/';
const FIRST_KEPT = 'audit-first-kept/';
const READ_AT_ONCE = 16;
const StoredAnchor = z.object({ number: z.number().int(), hash: z.string(), at: z.string() });

interface Version {
  readonly name?: string;
  readonly versionId?: string;
  readonly isDeleteMarker?: boolean;
}
type Retention = Parameters<ObjectClient['putObjectRetention']>[2];

/** Heads of the chain as small objects, each locked (Object Lock, compliance mode) for as long as rows are kept. */
export function createS3AnchorStore({
  objects,
  bucket,
  keepDays,
  log,
}: {
  readonly objects: ObjectClient;
  readonly bucket: string;
  readonly keepDays: number;
  readonly log: Logger;
}): AnchorStore {
  async function put(prefix: string, anchor: Anchor): Promise<void> {
    // Whoever comes first makes the bucket, with Object Lock, which can only be had at its making.
    if (!(await objects.bucketExists(bucket))) await objects.makeBucket(bucket, '', { ObjectLocking: true });
    const name = `${prefix}${anchor.at.slice(0, 19)}-${anchor.number}.json`;
    const { versionId } = await objects.putObject(bucket, name, JSON.stringify(anchor), undefined, { 'Content-Type': 'application/json' });
    const until = new Date(Date.parse(anchor.at) + keepDays * 86_400_000);
    const retention = { mode: 'COMPLIANCE', retainUntilDate: until.toISOString(), ...(versionId === null ? {} : { versionId }) };
    try {
      await objects.putObjectRetention(bucket, name, retention as Retention);
    } catch (error) {
      // A store without Object Lock still holds the anchor apart from the database.
      log.warn({ err: error }, 'an anchor of the audit chain could not be locked');
    }
  }

  async function read({ name = '', versionId }: Version): Promise<Anchor> {
    const chunks: Buffer[] = [];
    const stream = await objects.getObject(bucket, name, versionId === undefined || versionId === 'null' ? {} : { versionId });
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    return StoredAnchor.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
  }

  async function every(prefix: string): Promise<Anchor[]> {
    if (!(await objects.bucketExists(bucket))) return [];
    const versions: Version[] = [];
    const listed = objects.listObjects(bucket, prefix, true, { IncludeVersion: true }) as AsyncIterable<Version>;
    for await (const version of listed) if (version.name !== undefined && version.isDeleteMarker !== true) versions.push(version);
    const anchors: Anchor[] = [];
    for (let i = 0; i < versions.length; i += READ_AT_ONCE)
      anchors.push(...(await Promise.all(versions.slice(i, i + READ_AT_ONCE).map(read))));
    return anchors;
  }

  return {
    write: (anchor) => put(ANCHORS, anchor),
    all: () => every(ANCHORS),
    writeFirstKept: (anchor) => put(FIRST_KEPT, anchor),
    firstKept: () => every(FIRST_KEPT),
  };
}
