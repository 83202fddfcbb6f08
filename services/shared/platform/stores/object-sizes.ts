import type { ObjectClient } from './objects.js';

/** How many days of folder listings are cached: callers read days in nearly chronological order. */
const FOLDERS_HELD = 8;

interface Listed {
  readonly name?: string;
  readonly versionId?: string;
  readonly size?: number;
  readonly isDeleteMarker?: boolean;
}

/**
 * Bytes of one version of an object as the store lists it; undefined when the store does not have it. Lists a folder once, so it answers for
 * the moment of its first question about that folder: make one for each piece of work.
 */
export function createObjectSizes(objects: ObjectClient, bucket: string): (key: string, version: string) => Promise<number | undefined> {
  const folders = new Map<string, Promise<ReadonlyMap<string, number>>>();

  async function list(folder: string): Promise<ReadonlyMap<string, number>> {
    const sizes = new Map<string, number>();
    if (!(await objects.bucketExists(bucket))) return sizes;
    const listed = objects.listObjects(bucket, folder, true, { IncludeVersion: true }) as AsyncIterable<Listed>;
    for await (const { name, versionId, size, isDeleteMarker } of listed)
      if (name !== undefined && isDeleteMarker !== true) sizes.set(`${name}#${versionId === 'null' ? '' : (versionId ?? '')}`, size ?? 0);
    return sizes;
  }

  return async (key, version) => {
    const folder = key.slice(0, key.lastIndexOf('/') + 1);
    let sizes = folders.get(folder);
    if (sizes === undefined) {
      sizes = list(folder);
      const [oldest] = folders.keys();
      if (folders.size >= FOLDERS_HELD && oldest !== undefined) folders.delete(oldest);
      folders.set(folder, sizes);
    }
    return (await sizes).get(`${key}#${version}`);
  };
}
