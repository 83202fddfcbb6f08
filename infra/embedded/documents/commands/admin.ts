import { Binary } from 'bson';
import { equal } from '../bson/compare.js';
import { Doc, type Value } from '../bson/document.js';
import { MongoError } from '../bson/errors.js';
import { isNumeric, toNumber } from '../bson/numeric.js';
import { compileFilter } from '../query/filter.js';
import { indexOf, type CollectionInfo, type IndexInfo } from '../engine/catalog.js';
import { entriesIn } from '../engine/entries.js';
import { duplicateEntry } from '../engine/records.js';
import { collectionName, documentsIn, ensureCollection, namespaceOf, type Command, type Parts } from './context.js';
import { dropCollection } from './output.js';
import { refuseCollation } from './write.js';

const create: Command = (parts, request) =>
  parts.writer.run(() => {
    const { command, database } = request;
    const name = collectionName(request);
    refuseCollation(command);
    const options = validation(command);
    const existing = parts.records.catalog.find(`${database}.${name}`);
    if (existing !== undefined) {
      if (equal(existing.options, options)) return Doc.of({ ok: 1 });
      throw new MongoError('NamespaceExists', `Collection ${database}.${name} already exists.`);
    }
    parts.records.catalog.create(database, name, options);
    return Doc.of({ ok: 1 });
  });

function validation(command: Doc): Doc {
  const validator = command.get('validator');
  if (validator instanceof Doc) compileFilter(validator);
  if (command.get('validationLevel') === 'moderate')
    throw new MongoError('InvalidOptions', 'The validation level moderate is not supported by this store');
  return Doc.of({ validator, validationLevel: command.get('validationLevel'), validationAction: command.get('validationAction') });
}

const drop: Command = (parts, request) =>
  parts.writer.run(() => {
    if (!dropCollection(parts, namespaceOf(request))) return Doc.of({ ok: 1 });
    return Doc.of({ ns: namespaceOf(request), ok: 1 });
  });

const dropDatabase: Command = (parts, { database }) =>
  parts.writer.run(() => {
    for (const collection of parts.records.catalog.list(database)) dropCollection(parts, collection.namespace);
    return Doc.of({ dropped: database, ok: 1 });
  });

const createIndexes: Command = (parts, request) =>
  parts.writer.run(() => {
    const specs = documentsIn(request.command, 'indexes');
    const before = parts.records.catalog.find(namespaceOf(request));
    let collection = ensureCollection(parts, request.database, collectionName(request), Doc.empty());
    const numIndexesBefore = before?.indexes.length ?? 1;
    for (const spec of specs) collection = createIndex(parts, collection, normalised(spec));
    return Doc.of({
      numIndexesBefore,
      numIndexesAfter: collection.indexes.length,
      createdCollectionAutomatically: before === undefined,
      ok: 1,
    });
  });

const knownOptions = new Set([
  'v',
  'key',
  'name',
  'unique',
  'sparse',
  'partialFilterExpression',
  'expireAfterSeconds',
  'background',
  'hidden',
  'ns',
  'collation',
]);

function normalised(spec: Doc): Doc {
  refuseCollation(spec);
  const key = spec.get('key');
  const result = Doc.of({ v: 2, key });
  const name =
    key instanceof Doc
      ? [...key.entries()].map(([path, direction]) => `${path}_${isNumeric(direction) ? toNumber(direction) : ''}`).join('_')
      : '';
  result.append('name', spec.get('name') ?? name);
  for (const [option, value] of spec.entries()) {
    if (!knownOptions.has(option)) throw new MongoError('InvalidOptions', `The index option '${option}' is not supported by this store`);
    if (option === 'hidden' && value === true) throw new MongoError('InvalidOptions', 'Hidden indexes are not supported by this store');
    const stored = ['unique', 'sparse', 'partialFilterExpression', 'expireAfterSeconds'].includes(option) && value !== false;
    if (option === 'expireAfterSeconds') checkTtl(value);
    if (stored) result.append(option, value);
  }
  return result;
}

/** MongoDB's own limits: from 0 to 2^31 - 1 seconds, about 68 years. */
function checkTtl(seconds: Value | undefined): void {
  const given = isNumeric(seconds) ? toNumber(seconds) : NaN;
  if (given >= 0 && given <= 2 ** 31 - 1) return;
  throw new MongoError('CannotCreateIndex', "TTL index 'expireAfterSeconds' option must be a number between 0 and 2147483647");
}

function createIndex(parts: Parts, collection: CollectionInfo, spec: Doc): CollectionInfo {
  const key = spec.get('key');
  if (key instanceof Doc && key.size === 1 && key.has('_id')) return collection;
  const same = collection.indexes.find(
    (index) => equal(index.spec.get('key'), key) && equal(index.spec.get('partialFilterExpression'), spec.get('partialFilterExpression')),
  );
  if (same !== undefined) {
    if (!equal(same.spec.get('name'), spec.get('name')))
      throw new MongoError('IndexOptionsConflict', `Index already exists with a different name: ${same.name}`);
    if (!equal(same.spec, spec))
      throw new MongoError('IndexKeySpecsConflict', 'An existing index has the same name as the requested index but other options');
    return collection;
  }
  const index = indexOf(parts.records.catalog.nextId(), spec, { multikey: false, arraysLater: false, shortened: false });
  if (collection.indexes.some((other) => other.name === index.name)) {
    throw new MongoError('IndexKeySpecsConflict', 'An existing index has the same name as the requested index');
  }
  return parts.records.catalog.save(collection, { indexes: [...collection.indexes, fill(parts, collection, index)] });
}

/** Adds the entries of every document; after a conflict nothing of the index remains. */
function fill(parts: Parts, collection: CollectionInfo, index: IndexInfo): IndexInfo {
  let { multikey, arraysLater, shortened } = index;
  const { entries } = parts.records.environment;
  try {
    for (const { idKey, doc } of parts.records.all(collection)) {
      const found = entriesIn(index, doc, idKey);
      for (const entry of found.keys) {
        if (index.unique && entries.get(entry)?.equals(idKey) === false) throw duplicateEntry(collection, index, doc);
        entries.put(entry, idKey);
      }
      multikey ||= found.multikey;
      arraysLater ||= found.arraysLater;
      shortened ||= found.shortened;
    }
  } catch (error) {
    parts.records.clear('entries', index.id);
    throw error;
  }
  return { ...index, multikey, arraysLater, shortened };
}

const listIndexes: Command = (parts, request) => {
  const collection = parts.records.catalog.get(namespaceOf(request));
  return wholeCursor(
    collection.namespace,
    collection.indexes.map((index) => index.spec),
  );
};

const dropIndexes: Command = (parts, request) =>
  parts.writer.run(() => {
    const collection = parts.records.catalog.get(namespaceOf(request));
    const wanted = request.command.get('index');
    const isWanted = (index: IndexInfo): boolean => {
      if (wanted === '*') return index.id !== 0;
      if (wanted instanceof Doc) return equal(index.spec.get('key'), wanted);
      return (Array.isArray(wanted) ? wanted : [wanted]).includes(index.name);
    };
    const dropped = collection.indexes.filter(isWanted);
    if (dropped.length === 0 && wanted !== '*') throw new MongoError('IndexNotFound', 'index not found');
    if (dropped.some((index) => index.id === 0)) throw new MongoError('InvalidOptions', 'cannot drop _id index');
    for (const index of dropped) parts.records.clear('entries', index.id);
    parts.records.catalog.save(collection, { indexes: collection.indexes.filter((index) => !dropped.includes(index)) });
    return Doc.of({ nIndexesWas: collection.indexes.length, ok: 1 });
  });

const listCollections: Command = (parts, { database, command }) => {
  const given = command.get('filter');
  const filter = compileFilter(given instanceof Doc ? given : Doc.empty());
  const rows = parts.records.catalog.list(database).map((collection) =>
    Doc.of({
      name: collection.name,
      type: 'collection',
      options: collection.options,
      info: Doc.of({ readOnly: false, uuid: new Binary(Buffer.from(collection.uuid.replaceAll('-', ''), 'hex'), 4) }),
      idIndex: collection.indexes[0]?.spec,
    }),
  );
  return wholeCursor(
    `${database}.$cmd.listCollections`,
    rows.filter((row) => filter.test(row)),
  );
};

const listDatabases: Command = (parts, { command }) => {
  const sizes = new Map<string, number>();
  for (const collection of parts.records.catalog.list()) {
    sizes.set(collection.database, (sizes.get(collection.database) ?? 0) + parts.records.counters.of(collection.id).bytes);
  }
  const nameOnly = command.get('nameOnly') === true;
  const given = command.get('filter');
  const filter = compileFilter(given instanceof Doc ? given : Doc.empty());
  const databases: Value[] = [...sizes]
    .map(([name, bytes]) => Doc.of({ name, sizeOnDisk: bytes, empty: bytes === 0 }))
    .filter((row) => filter.test(row))
    .map((row) => (nameOnly ? Doc.of({ name: row.get('name') }) : row));
  return Doc.of({ databases, totalSize: parts.dataBytes(), ok: 1 });
};

/** Changes a TTL or a validator. */
const collMod: Command = (parts, request) =>
  parts.writer.run(() => {
    const { command } = request;
    const collection = parts.records.catalog.get(namespaceOf(request));
    const index = command.get('index');
    if (index instanceof Doc) changeTtl(parts, collection, index);
    if (command.has('validator') || command.has('validationLevel') || command.has('validationAction')) {
      const given = validation(command);
      const options = collection.options.clone();
      for (const [name, value] of given.entries()) options.set(name, value);
      parts.records.catalog.save(parts.records.catalog.get(collection.namespace), { options });
    }
    return Doc.of({ ok: 1 });
  });

function changeTtl(parts: Parts, collection: CollectionInfo, change: Doc): void {
  const index = collection.indexes.find(
    (item) => item.name === change.get('name') || equal(item.spec.get('key'), change.get('keyPattern')),
  );
  const seconds = change.get('expireAfterSeconds');
  if (index === undefined) throw new MongoError('IndexNotFound', 'cannot find index for collMod');
  if (seconds === undefined) throw new MongoError('InvalidOptions', 'collMod of an index changes expireAfterSeconds only in this store');
  checkTtl(seconds);
  const spec = index.spec.clone();
  spec.set('expireAfterSeconds', seconds);
  const changed = indexOf(index.id, spec, index);
  parts.records.catalog.save(collection, { indexes: collection.indexes.map((item) => (item === index ? changed : item)) });
}

function wholeCursor(namespace: string, rows: Value[]): Doc {
  return Doc.of({ cursor: Doc.of({ firstBatch: rows, id: 0n, ns: namespace }), ok: 1 });
}

/** Commands about collections and indexes. */
export const adminCommands: Readonly<Record<string, Command>> = {
  create,
  drop,
  dropDatabase,
  createIndexes,
  listIndexes,
  dropIndexes,
  deleteIndexes: dropIndexes,
  listCollections,
  listDatabases,
  collMod,
};
