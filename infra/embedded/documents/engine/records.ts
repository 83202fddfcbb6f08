import { BSONRegExp, ObjectId } from 'bson';
import { Doc, type Value } from '../bson/document.js';
import { encode, maxDocumentBytes } from '../bson/encode.js';
import { MongoError } from '../bson/errors.js';
import { encodeKey } from '../bson/key.js';
import { compileFilter } from '../query/filter.js';
import { plainAt } from '../query/path.js';
import type { Catalog, CollectionInfo, IndexInfo } from './catalog.js';
import type { Counters } from './counters.js';
import { entriesOf, prefixOf, recordKey, type DocumentEntries } from './entries.js';
import type { Entry, Environment } from './environment.js';
import { seal, unseal } from './stored.js';

const maxIdBytes = 500;

/** Stores single documents with their index entries: each operation checks everything first and then changes, so it is all or nothing. */
export class Records {
  constructor(
    readonly environment: Environment,
    readonly catalog: Catalog,
    readonly counters: Counters,
  ) {}

  /** Adds a document, with a new ObjectId when it has no `_id`. @throws MongoError DuplicateKey and others, before any change. */
  insert(collection: CollectionInfo, doc: Doc): Value {
    const complete = withId(doc);
    const id = complete.get('_id') ?? null;
    const idKey = idKeyOf(id);
    const dollar = id instanceof Doc ? id.keys().find((name) => name.startsWith('$')) : undefined;
    if (dollar !== undefined)
      throw new MongoError(
        'DollarPrefixedFieldName',
        `_id fields may not contain '$'-prefixed fields: ${dollar} is not valid for storage.`,
      );
    validate(collection, complete);
    const bytes = encode(complete, maxDocumentBytes);
    const key = recordKey(collection, idKey);
    if (this.environment.records.has(key)) throw duplicate(collection, '_id_', Doc.of({ _id: 1 }), Doc.of({ _id: id }));
    const added = entriesOf(collection, complete, idKey);
    for (const entries of added) this.#checkUnique(collection, entries, complete, undefined);
    this.environment.records.put(key, seal(bytes));
    for (const entries of added) for (const entry of entries.keys) this.environment.entries.put(entry, idKey);
    this.counters.add(collection.id, 1, bytes.length);
    this.#noteFlags(collection, added);
    return id;
  }

  /** Replaces a stored document; its `_id` must be the same. */
  replace(collection: CollectionInfo, idKey: Buffer, before: Doc, after: Doc): void {
    validate(collection, after);
    const bytes = encode(after, maxDocumentBytes);
    const removed = new Map(
      entriesOf(collection, before, idKey, after).flatMap((entries) => entries.keys.map((key) => [key.toString('latin1'), key])),
    );
    const added = entriesOf(collection, after, idKey, before).map((entries) => ({
      ...entries,
      keys: entries.keys.filter((key) => !removed.delete(key.toString('latin1'))),
    }));
    for (const entries of added) this.#checkUnique(collection, entries, after, idKey);
    for (const key of removed.values()) this.environment.entries.remove(key);
    for (const entries of added) for (const key of entries.keys) this.environment.entries.put(key, idKey);
    this.environment.records.put(recordKey(collection, idKey), seal(bytes));
    this.counters.add(collection.id, 0, bytes.length - (before.raw?.length ?? 0));
    this.#noteFlags(collection, added);
  }

  remove(collection: CollectionInfo, idKey: Buffer, doc: Doc): void {
    for (const entries of entriesOf(collection, doc, idKey)) for (const key of entries.keys) this.environment.entries.remove(key);
    this.environment.records.remove(recordKey(collection, idKey));
    this.counters.add(collection.id, -1, -(doc.raw?.length ?? 0));
  }

  find(collection: CollectionInfo, idKey: Buffer): Doc | undefined {
    const bytes = this.environment.records.get(recordKey(collection, idKey));
    return bytes === undefined ? undefined : unseal(bytes);
  }

  /** Removes every entry of a table under one prefix, for dropped collections and indexes. */
  clear(table: 'records' | 'entries', id: number): void {
    const range = { start: prefixOf(id), end: prefixOf(id + 1) };
    for (;;) {
      const batch = this.environment[table].read(range, 1000, false);
      for (const { key } of batch) this.environment[table].remove(key);
      if (batch.length < 1000) return;
    }
  }

  /** Every stored document of a collection in `_id` order. */
  *all(collection: CollectionInfo): Generator<{ readonly idKey: Buffer; readonly doc: Doc }> {
    const range = { start: prefixOf(collection.id), end: prefixOf(collection.id + 1) };
    let last: Buffer | undefined;
    for (;;) {
      const batch: Entry[] = this.environment.records.read(range, 256, false, last);
      for (const { key, value } of batch) yield { idKey: key.subarray(4), doc: unseal(value) };
      last = batch.at(-1)?.key;
      if (batch.length < 256) return;
    }
  }

  #checkUnique(collection: CollectionInfo, entries: DocumentEntries, doc: Doc, self: Buffer | undefined): void {
    if (!entries.index.unique) return;
    for (const key of entries.keys) {
      const owner = this.environment.entries.get(key);
      if (owner !== undefined && self?.equals(owner) !== true) throw duplicateEntry(collection, entries.index, doc);
    }
  }

  #noteFlags(collection: CollectionInfo, added: readonly DocumentEntries[]): void {
    const flags = ['multikey', 'arraysLater', 'shortened'] as const;
    if (added.every((entries) => flags.every((flag) => entries.index[flag] || !entries[flag]))) return;
    const current = this.catalog.get(collection.namespace);
    const indexes = current.indexes.map((index) => {
      const entries = added.find((item) => item.index.id === index.id);
      return entries === undefined
        ? index
        : {
            ...index,
            multikey: index.multikey || entries.multikey,
            arraysLater: index.arraysLater || entries.arraysLater,
            shortened: index.shortened || entries.shortened,
          };
    });
    this.catalog.save(current, { indexes });
  }
}

/** The key of an `_id`. @throws MongoError InvalidIdField, KeyTooLong */
export function idKeyOf(id: Value): Buffer {
  if (Array.isArray(id) || id instanceof BSONRegExp)
    throw new MongoError('InvalidIdField', "The '_id' value cannot be of type array or regex");
  const key = encodeKey(id);
  if (key.length > maxIdBytes) throw new MongoError('KeyTooLong', `An _id may take at most ${maxIdBytes} bytes in this store`);
  return key;
}

/** The document with `_id` first. */
function withId(doc: Doc): Doc {
  if (doc.firstKey() === '_id') return doc;
  const id = doc.get('_id');
  const complete = doc.clone();
  if (id !== undefined) complete.delete('_id');
  complete.prepend('_id', id ?? new ObjectId());
  return complete;
}

function validate(collection: CollectionInfo, doc: Doc): void {
  if (collection.validator === undefined || collection.options.get('validationAction') === 'warn') return;
  if (collection.options.get('validationLevel') === 'off' || collection.validator.test(doc)) return;
  const rules = collection.options.get('validator');
  const details = rules instanceof Doc ? unsatisfied(rules, doc) : Doc.empty();
  const errInfo = Doc.of({ failingDocumentId: doc.get('_id') ?? null, details });
  throw new MongoError('DocumentValidationFailure', 'Document failed validation', { errInfo });
}

/** Which clauses of a validator a document does not fulfil, in the form of MongoDB's errInfo; without its values, which may be personal. */
function unsatisfied(rules: Doc, doc: Doc): Doc {
  const clauses = [...rules.entries()].map(([name, value], index) => {
    const specifiedAs = Doc.of({ [name]: value });
    const operator = value instanceof Doc ? value.firstKey() : undefined;
    const operatorName = name.startsWith('$') ? name : operator?.startsWith('$') === true ? operator : '$eq';
    return { index, met: compileFilter(specifiedAs).test(doc), details: Doc.of({ operatorName, specifiedAs }) };
  });
  const failed = clauses.filter(({ met }) => !met);
  const [only] = failed;
  if (clauses.length === 1 && only !== undefined) return only.details;
  const clausesNotSatisfied = failed.map(({ index, details }) => Doc.of({ index, details }));
  return Doc.of({ operatorName: '$and', clausesNotSatisfied });
}

export function duplicateEntry(collection: CollectionInfo, index: IndexInfo, doc: Doc): MongoError {
  const pattern = Doc.fromEntries(index.fields.map((field) => [field.path, field.descending ? -1 : 1]));
  return duplicate(
    collection,
    index.name,
    pattern,
    Doc.fromEntries(index.fields.map((field) => [field.path, plainAt(doc, field.path) ?? null])),
  );
}

function duplicate(collection: CollectionInfo, indexName: string, keyPattern: Doc, keyValue: Doc): MongoError {
  const fields = keyPattern.keys().map((path) => `${path}: ...`);
  return new MongoError(
    'DuplicateKey',
    `E11000 duplicate key error collection: ${collection.namespace} index: ${indexName} dup key: { ${fields.join(', ')} }`,
    {
      keyPattern,
      keyValue,
    },
  );
}
