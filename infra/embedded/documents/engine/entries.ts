import type { Doc } from '../bson/document.js';
import { MongoError } from '../bson/errors.js';
import { encodeField, joinFields } from '../bson/key.js';
import { leafValues } from '../query/path.js';
import type { CollectionInfo, IndexInfo } from './catalog.js';

/** What one document contributes to one index. */
export interface DocumentEntries {
  readonly index: IndexInfo;
  /** Full keys of the entries, without duplicates. */
  readonly keys: readonly Buffer[];
  readonly multikey: boolean;
  readonly arraysLater: boolean;
  readonly shortened: boolean;
}

/** The id of the index precedes the fields of an entry. */
export const prefixBytes = 4;

export function prefixOf(id: number): Buffer {
  const bytes = Buffer.allocUnsafe(prefixBytes);
  bytes.writeUInt32BE(id);
  return bytes;
}

/** The key of a document in the records table. */
export function recordKey(collection: CollectionInfo, idKey: Buffer): Buffer {
  const key = Buffer.allocUnsafe(4 + idKey.length);
  key.writeUInt32BE(collection.id);
  key.set(idKey, 4);
  return key;
}

/**
 * The entries of a document in every index but `_id`; with `other`, only in those where the two may differ.
 * @throws MongoError CannotIndexParallelArrays
 */
export function entriesOf(collection: CollectionInfo, doc: Doc, idKey: Buffer, other?: Doc): DocumentEntries[] {
  const result: DocumentEntries[] = [];
  for (const index of collection.indexes) {
    if (index.id !== 0 && (other === undefined || !keepsEntries(index, doc, other))) result.push(entriesIn(index, doc, idKey));
  }
  return result;
}

/** Whether two forms of one document have the same entries in an index, as far as that can be told without computing them. */
function keepsEntries(index: IndexInfo, before: Doc, after: Doc): boolean {
  return index.partial === undefined && index.roots.every((name) => before.sharesField(after, name));
}

export function entriesIn(index: IndexInfo, doc: Doc, idKey: Buffer): DocumentEntries {
  const none = { index, keys: [], multikey: false, arraysLater: false, shortened: false };
  if (index.partial?.test(doc) === false) return none;
  const leaves = index.fields.map((field) => leafValues(doc, field.path));
  if (index.sparse && index.fields.every((field, at) => leaves[at]?.multikey === false && isMissing(doc, field.path))) return none;
  const arrays = leaves.filter((leaf) => leaf.multikey && leaf.values.length > 1);
  const [first] = arrays;
  if (arrays.length > 1 && first !== undefined && !sameArray(index)) {
    throw new MongoError('CannotIndexParallelArrays', `cannot index parallel arrays`);
  }
  const prefix = prefixOf(index.id);
  let shortened = false;
  const keys = new Map<string, Buffer>();
  const count = Math.max(...leaves.map((leaf) => leaf.values.length));
  for (let at = 0; at < count; at += 1) {
    const joined = joinFields(
      index.fields.map((field, position) => {
        const values = leaves[position]?.values ?? [];
        return encodeField(values.length === 1 ? values[0] : values[at], field.descending);
      }),
    );
    shortened ||= joined.shortened;
    const key = index.unique ? Buffer.concat([prefix, joined.key]) : Buffer.concat([prefix, joined.key, idKey]);
    keys.set(key.toString('latin1'), key);
  }
  return {
    index,
    keys: [...keys.values()],
    multikey: leaves.some((leaf) => leaf.multikey),
    arraysLater: leaves.slice(1).some((leaf) => leaf.multikey),
    shortened,
  };
}

function isMissing(doc: Doc, path: string): boolean {
  return path.includes('.') ? leafValues(doc, path).values.every((value) => value === null || value === undefined) : !doc.has(path);
}

/** Two paths into the same array of documents (`items.a`, `items.b`) are not parallel arrays. */
function sameArray(index: IndexInfo): boolean {
  return new Set(index.roots).size < index.roots.length;
}
