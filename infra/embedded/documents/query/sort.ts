import { compare } from '../bson/compare.js';
import { Doc, type Value } from '../bson/document.js';
import { MongoError } from '../bson/errors.js';
import { isNumeric, toNumber } from '../bson/numeric.js';
import { sortValue } from './path.js';

export interface SortKey {
  readonly path: string;
  readonly descending: boolean;
}

/** MongoDB's limit for a sort that no index provides. */
const maxSortBytes = 100 * 1024 * 1024;

/** `{ a: 1, b: -1 }` as keys. @throws MongoError BadValue; `$meta` sorts are not supported. */
export function parseSort(spec: Value | undefined): SortKey[] {
  if (!(spec instanceof Doc)) return [];
  return [...spec.entries()].flatMap(([path, direction]) => {
    if (!isNumeric(direction) || Math.abs(toNumber(direction)) !== 1) {
      throw new MongoError('Location15998', '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
    }
    return path === '$natural' ? [] : [{ path, descending: toNumber(direction) < 0 }];
  });
}

/** Sorts documents in memory, keeping the order of equals; with `limit` only that many are kept. */
export function sortDocuments(docs: Iterable<Doc>, keys: readonly SortKey[], limit = Infinity): Doc[] {
  let rows: { readonly doc: Doc; readonly values: readonly (Value | undefined)[] }[] = [];
  let bytes = 0;
  const order = (a: (typeof rows)[number], b: (typeof rows)[number]): number => {
    for (const [at, key] of keys.entries()) {
      const result = compare(a.values[at], b.values[at]);
      if (result !== 0) return key.descending ? -result : result;
    }
    return 0;
  };
  for (const doc of docs) {
    rows.push({ doc, values: keys.map((key) => sortValue(doc, key.path, key.descending)) });
    bytes += doc.raw?.length ?? 256;
    if (rows.length >= limit * 2 + 1000) {
      rows.sort(order);
      rows = rows.slice(0, limit);
      bytes = rows.reduce((total, row) => total + (row.doc.raw?.length ?? 256), 0);
    }
    if (bytes > maxSortBytes) {
      throw new MongoError(
        'QueryExceededMemoryLimitNoDiskUseAllowed',
        'Sort exceeded memory limit of 104857600 bytes; an index on the sort fields avoids it',
      );
    }
  }
  rows.sort(order);
  return rows.slice(0, limit).map((row) => row.doc);
}
