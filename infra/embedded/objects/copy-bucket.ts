import { createHash } from 'node:crypto';
import { Transform, type Readable } from 'node:stream';
import { RETENTION_MODES, type BucketItemStat, type Client } from 'minio';

export interface CopyReport {
  readonly copied: number;
  readonly skipped: number;
  readonly bytes: number;
}

interface ListedVersion {
  readonly name: string;
  readonly versionId: string;
  readonly isLatest: boolean | string;
  readonly isDeleteMarker?: boolean;
}

/** Names the version a copy was made from, so that a second run knows what is done. */
const originName = 'copied-from-version';

/**
 * Copies every version of a bucket, oldest first, to a bucket of the same name on any other S3 server, with metadata,
 * tags, retention and legal hold. Each copy is read back and compared with the SHA-256 of what was read.
 * @throws Error when a copy differs, with the version id and never the key
 */
export async function copyBucket(from: Client, to: Client, bucket: string, onVersion: (report: CopyReport) => void): Promise<CopyReport> {
  let report: CopyReport = { copied: 0, skipped: 0, bytes: 0 };
  const there = await versionsByKey(to, bucket);
  for (const [key, versions] of await versionsByKey(from, bucket)) {
    const origins = new Set<string>();
    for (const { versionId } of (there.get(key) ?? []).filter(({ isDeleteMarker }) => !isDeleteMarker)) {
      const { metaData } = await to.statObject(bucket, key, { versionId });
      origins.add(String(metaData[originName] ?? ''));
    }
    for (const { versionId } of versions.filter(({ isDeleteMarker }) => !isDeleteMarker).reverse()) {
      if (origins.has(versionId)) report = { ...report, skipped: report.skipped + 1 };
      else report = { ...report, copied: report.copied + 1, bytes: report.bytes + (await copyVersion(from, to, bucket, key, versionId)) };
      onVersion(report);
    }
    const hidden = (list: readonly ListedVersion[]) =>
      list.some(({ isLatest, isDeleteMarker }) => isDeleteMarker && String(isLatest) === 'true');
    if (hidden(versions) && !hidden(there.get(key) ?? [])) await to.removeObject(bucket, key);
  }
  return report;
}

async function versionsByKey(client: Client, bucket: string): Promise<Map<string, ListedVersion[]>> {
  const found = new Map<string, ListedVersion[]>();
  for await (const item of client.listObjects(bucket, '', true, { IncludeVersion: true })) {
    const version = item as ListedVersion;
    found.set(version.name, [...(found.get(version.name) ?? []), version]);
  }
  return found;
}

async function copyVersion(from: Client, to: Client, bucket: string, key: string, versionId: string): Promise<number> {
  const stat = await from.statObject(bucket, key, { versionId });
  const source = createHash('sha256');
  const hashed = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      source.update(chunk);
      done(undefined, chunk);
    },
  });
  const body: Readable = (await from.getObject(bucket, key, { versionId })).on('error', (error) => hashed.destroy(error)).pipe(hashed);
  const stored = await to.putObject(bucket, key, body, stat.size, { ...userMetadata(stat), [`X-Amz-Meta-${originName}`]: versionId });
  const target = { versionId: stored.versionId ?? '' };
  await copyLocks(from, to, bucket, key, versionId, target.versionId);
  const copy = createHash('sha256');
  for await (const chunk of await to.getObject(bucket, key, target)) copy.update(chunk as Buffer);
  if (copy.digest('hex') !== source.digest('hex')) throw new Error(`The copy of version ${versionId} differs from its source.`);
  return stat.size;
}

/** The client returns metadata without the prefix that it requires when writing. */
function userMetadata({ metaData }: BucketItemStat): Record<string, string> {
  const content = new Set(['content-type', 'cache-control', 'content-disposition', 'content-encoding', 'content-language', 'expires']);
  return Object.fromEntries(
    Object.entries(metaData).map(([name, value]) => [content.has(name) ? name : `X-Amz-Meta-${name}`, String(value)]),
  );
}

async function copyLocks(from: Client, to: Client, bucket: string, key: string, fromId: string, toId: string): Promise<void> {
  const at = { versionId: fromId };
  const tags = (await optional(from.getObjectTagging(bucket, key, at))) ?? [];
  if (tags.length > 0) {
    const named = Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
    await to.setObjectTagging(bucket, key, named, { versionId: toId });
  }
  const retention = (await optional(from.getObjectRetention(bucket, key, at))) as { mode?: string; retainUntilDate?: string } | undefined;
  if (retention?.mode && Date.parse(retention.retainUntilDate ?? '') > Date.now()) {
    const mode = retention.mode === 'COMPLIANCE' ? RETENTION_MODES.COMPLIANCE : RETENTION_MODES.GOVERNANCE;
    await to.putObjectRetention(bucket, key, { mode, retainUntilDate: retention.retainUntilDate ?? '', versionId: toId });
  }
  const hold = await optional(from.getObjectLegalHold(bucket, key, at));
  // Declared void by the client, but a promise all the same.
  const setHold = (): unknown => to.setObjectLegalHold(bucket, key, { versionId: toId, status: 'ON' });
  if ((hold as { Status?: string } | undefined)?.Status === 'ON') await setHold();
}

const absent = new Set(['NoSuchObjectLockConfiguration', 'ObjectLockConfigurationNotFoundError', 'InvalidRequest', 'NoSuchTagSet']);

/** Undefined when the version has none, or the bucket does not support it. */
async function optional<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (absent.has((error as { code?: string }).code ?? '')) return undefined;
    throw error;
  }
}
