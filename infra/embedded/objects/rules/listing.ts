import type { Catalogue, KeyedVersion, ScanStart } from '../storage/catalogue.js';

export interface ListingQuery {
  readonly prefix: string;
  readonly delimiter: string;
  readonly maxKeys: number;
  /** Every version and delete marker, or only what is current. */
  readonly versions: boolean;
  /** Exclusive. With `sequence`, the listing goes on within the versions of the key. */
  readonly marker?: { readonly key: string; readonly sequence?: number };
}

export interface ListedVersion extends KeyedVersion {
  readonly isLatest: boolean;
}

export interface Listing {
  readonly entries: readonly ListedVersion[];
  readonly commonPrefixes: readonly string[];
  /** Where the next page begins; undefined on the last page. */
  readonly next?: { readonly key: string; readonly versionId?: string };
}

/** One page in S3's order: bytes of the key, then newest version first. Groups are skipped by seeking, not by reading. */
export function list(catalogue: Pick<Catalogue, 'scan'>, bucket: string, query: ListingQuery): Listing {
  const { prefix, delimiter, maxKeys, marker } = query;
  const entries: ListedVersion[] = [];
  const commonPrefixes: string[] = [];
  const groupOf = (key: string): string | undefined => {
    const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    return at < 0 ? undefined : key.slice(0, at + delimiter.length);
  };
  if (maxKeys === 0) return { entries, commonPrefixes };
  let start: ScanStart | undefined = firstPosition(
    prefix,
    marker,
    marker && marker.key.startsWith(prefix) ? groupOf(marker.key) : undefined,
  );
  // Resuming inside a key: its newest version was on an earlier page.
  let seenKey = marker?.sequence === undefined ? undefined : marker.key;
  let last: { key: string; versionId?: string } | undefined;
  while (start !== undefined) {
    const from: ScanStart = start;
    start = undefined;
    for (const { key, version } of catalogue.scan(bucket, prefix, from)) {
      const isLatest = key !== seenKey;
      seenKey = key;
      if (!query.versions && (!isLatest || version.deleteMarker)) continue;
      if (entries.length + commonPrefixes.length === maxKeys) return { entries, commonPrefixes, ...(last ? { next: last } : {}) };
      const group = groupOf(key);
      if (group === undefined) {
        entries.push({ key, version, isLatest });
        last = { key, versionId: version.versionId };
        continue;
      }
      commonPrefixes.push(group);
      last = { key: group };
      start = { behindPrefix: group };
      break;
    }
  }
  return { entries, commonPrefixes };
}

function firstPosition(prefix: string, marker: ListingQuery['marker'], group: string | undefined): ScanStart {
  if (marker === undefined || Buffer.compare(Buffer.from(marker.key), Buffer.from(prefix)) < 0) return { at: prefix };
  // A group is listed once, under its own name; a marker inside the group means that it was listed already.
  if (group !== undefined) return { behindPrefix: group };
  if (marker.sequence !== undefined) return { behindVersion: { key: marker.key, sequence: marker.sequence } };
  return { behindKey: marker.key };
}
