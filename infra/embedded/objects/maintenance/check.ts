import { stat } from 'node:fs/promises';
import type { BlobStore } from '../storage/blobs.js';
import type { Catalogue, Version } from '../storage/catalogue.js';
import { damageOf } from './maintenance.js';

export interface CheckReport {
  readonly buckets: number;
  readonly versions: number;
  readonly files: number;
  readonly bytes: number;
  readonly problems: readonly Problem[];
}

export type Problem =
  | { readonly kind: 'object-damaged'; readonly bucket: string; readonly key: string; readonly versionId: string; readonly damage: string }
  | { readonly kind: 'part-damaged'; readonly uploadId: string; readonly part: number; readonly damage: string }
  /** Entries whose checksum does not match; the rest is looked at once they are gone. */
  | { readonly kind: 'damaged-entries'; readonly count: number }
  /** Catalogue entries that no version and no part names: lost space, nothing worse. */
  | { readonly kind: 'unnamed-entries'; readonly count: number }
  | { readonly kind: 'unnamed-file'; readonly blobId: string };

/**
 * Compares the metadata with the files while nothing is being served: every version has its files, each of the right size (`deep`: of the
 * right SHA-256), and there are no other files.
 */
export async function checkStore(
  { catalogue, blobs }: { catalogue: Catalogue; blobs: BlobStore },
  deep: boolean,
  onProgress: (files: number) => void,
): Promise<CheckReport> {
  const damagedEntries = catalogue.damagedEntries();
  if (damagedEntries > 0)
    return { buckets: 0, versions: 0, files: 0, bytes: 0, problems: [{ kind: 'damaged-entries', count: damagedEntries }] };
  const problems: Problem[] = [];
  let [versions, files, bytes, named] = [0, 0, 0, 0];
  const damageAt = async (id: string): Promise<string | undefined> => {
    const blob = catalogue.blob(id);
    if (blob === undefined) return 'missing';
    files += 1;
    bytes += blob.bytes;
    if (files % 1000 === 0) onProgress(files);
    if (deep) return damageOf(blobs, blob);
    const size = await stat(blobs.pathOf(id)).then(
      (found) => found.size,
      () => undefined,
    );
    return size === undefined ? 'missing' : size === blob.bytes ? undefined : 'truncated';
  };
  const checkVersion = async (bucket: string, key: string, { versionId, blobIds }: Version): Promise<void> => {
    versions += 1;
    named += blobIds.length;
    for (const id of blobIds) {
      const damage = await damageAt(id);
      if (damage !== undefined) problems.push({ kind: 'object-damaged', bucket, key, versionId, damage });
    }
  };
  const buckets = catalogue.buckets();
  for (const { name } of buckets) {
    for (const { key, version } of catalogue.scan(name, '', { at: '' })) await checkVersion(name, key, version);
  }
  for (const { uploadId } of catalogue.uploads()) {
    for (const { number, blobId } of catalogue.parts(uploadId)) {
      named += 1;
      const damage = await damageAt(blobId);
      if (damage !== undefined) problems.push({ kind: 'part-damaged', uploadId, part: number, damage });
    }
  }
  let entries = 0;
  for (const _blob of catalogue.blobs()) entries += 1;
  if (entries > named) problems.push({ kind: 'unnamed-entries', count: entries - named });
  for await (const id of blobs.files()) {
    if (catalogue.blob(id) === undefined) problems.push({ kind: 'unnamed-file', blobId: id });
  }
  return { buckets: buckets.length, versions, files, bytes, problems };
}
