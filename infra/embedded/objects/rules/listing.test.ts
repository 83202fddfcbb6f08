import fc from 'fast-check';
import { expect, test } from '@jest/globals';
import type { KeyedVersion, ScanStart, Version } from '../storage/catalogue.js';
import { list, type Listing } from './listing.js';

const version = (sequence: number, deleteMarker: boolean): Version => ({
  sequence,
  versionId: String(sequence),
  deleteMarker,
  modifiedAt: '2026-01-01T00:00:00.000Z',
  bytes: 0,
  etag: '',
  blobIds: [],
  headers: {},
  metadata: {},
  tags: {},
});
const bytesOf = (text: string): Buffer => Buffer.from(text);
const inOrder = (a: KeyedVersion, b: KeyedVersion): number =>
  Buffer.compare(bytesOf(a.key), bytesOf(b.key)) || b.version.sequence - a.version.sequence;

/** The catalogue as a sorted list: what `scan` promises, written the plain way. */
function fakeCatalogue(entries: readonly KeyedVersion[]) {
  const sorted = [...entries].sort(inOrder);
  const begins = ({ key, version: { sequence } }: KeyedVersion, start: ScanStart): boolean => {
    const order = (other: string): number => Buffer.compare(bytesOf(key), bytesOf(other));
    if ('at' in start) return order(start.at) >= 0;
    if ('behindKey' in start) return order(start.behindKey) > 0;
    if ('behindPrefix' in start) return order(start.behindPrefix) > 0 && !key.startsWith(start.behindPrefix);
    const { behindVersion } = start;
    return order(behindVersion.key) > 0 || (key === behindVersion.key && sequence < behindVersion.sequence);
  };
  return {
    *scan(_bucket: string, prefix: string, start: ScanStart): Generator<KeyedVersion> {
      yield* sorted.filter((entry) => entry.key.startsWith(prefix) && begins(entry, start));
    },
  };
}

const segment = fc.constantFrom('a', 'b', 'é', '😀', ' ', '/', '//', 'a/', '~');
const keyArbitrary = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));
const entriesArbitrary = fc
  .array(fc.tuple(keyArbitrary, fc.boolean()), { maxLength: 25 })
  .map((items) => items.map(([key, marker], index): KeyedVersion => ({ key, version: version(index + 1, marker) })));

test('pages of any size add up to what a plain reading of the rules gives, grouped or not, with versions or not', () => {
  fc.assert(
    fc.property(
      entriesArbitrary,
      fc.constantFrom('', 'a', 'a/', 'é'),
      fc.constantFrom('', '/', '//'),
      fc.integer({ min: 1, max: 5 }),
      fc.boolean(),
      (entries, prefix, delimiter, maxKeys, versions) => {
        const sorted = [...entries].sort(inOrder);
        const newest = new Map([...sorted].reverse().map((entry) => [entry.key, entry]));
        const visible = sorted.filter((entry) => versions || (newest.get(entry.key) === entry && !entry.version.deleteMarker));
        const names = visible
          .filter(({ key }) => key.startsWith(prefix))
          .map(({ key, version: { sequence } }) => {
            const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
            return at < 0 ? `${key}#${sequence}` : `group ${key.slice(0, at + delimiter.length)}`;
          });
        const expected = [...new Set(names)];

        const seen: string[] = [];
        let page: Listing | undefined;
        for (let round = 0; round < 100 && (page === undefined || page.next); round++) {
          const next = page?.next;
          const sequence = versions && next?.versionId ? { sequence: Number(next.versionId) } : {};
          page = list(fakeCatalogue(entries), 'bucket', {
            prefix,
            delimiter,
            maxKeys,
            versions,
            ...(next ? { marker: { key: next.key, ...sequence } } : {}),
          });
          expect(page.entries.length + page.commonPrefixes.length).toBeLessThanOrEqual(maxKeys);
          seen.push(
            ...page.entries.map((entry) => `${entry.key}#${entry.version.sequence}`),
            ...page.commonPrefixes.map((group) => `group ${group}`),
          );
          for (const entry of page.entries) expect(entry.isLatest).toBe(newest.get(entry.key)?.version === entry.version);
        }
        expect([...seen].sort()).toEqual([...expected].sort());
        expect(new Set(seen).size).toBe(seen.length);
      },
    ),
    { numRuns: 500 },
  );
});
