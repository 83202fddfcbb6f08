import { Doc, type Value } from '../bson/document.js';
import { MongoError } from '../bson/errors.js';
import { toInteger } from '../bson/numeric.js';
import { truthy } from '../aggregate/truth.js';

/** What a command may carry: fields that are obeyed, and fields of MongoDB that are refused by name when they ask for something. */
interface Fields {
  readonly done: readonly string[];
  readonly refused?: readonly string[];
}

/** Fields of every command (MongoDB's generic arguments). `comment` and the read preference change nothing on one machine. */
const generic = new Set([
  ...['$db', '$clusterTime', '$readPreference', 'lsid', 'txnNumber', 'autocommit', 'startTransaction', 'readConcern', 'writeConcern'],
  ...['comment', 'maxTimeMS', 'apiVersion', 'apiStrict', 'apiDeprecationErrors', 'clientOperationKey'],
]);

const findAndModify: Fields = {
  done: [
    ...['query', 'sort', 'remove', 'update', 'new', 'fields', 'upsert', 'arrayFilters', 'hint', 'let', 'collation'],
    'bypassDocumentValidation',
  ],
};

/** The commands on documents, collections and indexes; commands about the server itself accept any field. */
export const commandFields: Readonly<Record<string, Fields>> = {
  find: {
    done: [
      ...['filter', 'sort', 'projection', 'hint', 'skip', 'limit', 'batchSize', 'singleBatch', 'let', 'collation'],
      // The last three change nothing: one machine never has partial results, a sort above its limit is refused rather than slowed, and
      // MongoDB itself no longer heeds `oplogReplay`.
      ...['noCursorTimeout', 'allowPartialResults', 'allowDiskUse', 'oplogReplay'],
    ],
    refused: ['tailable', 'awaitData', 'returnKey', 'showRecordId', 'min', 'max'],
  },
  aggregate: {
    done: ['pipeline', 'explain', 'cursor', 'allowDiskUse', 'hint', 'let', 'collation', 'bypassDocumentValidation'],
  },
  getMore: { done: ['collection', 'batchSize'] },
  killCursors: { done: ['cursors'] },
  count: { done: ['query', 'limit', 'skip', 'hint', 'collation'], refused: ['fields'] },
  distinct: { done: ['key', 'query', 'hint', 'collation'] },
  explain: { done: ['verbosity'] },
  insert: { done: ['documents', 'ordered', 'bypassDocumentValidation'] },
  update: { done: ['updates', 'ordered', 'let', 'bypassDocumentValidation'] },
  delete: { done: ['deletes', 'ordered', 'let'] },
  findAndModify,
  findandmodify: findAndModify,
  bulkWrite: { done: ['ops', 'nsInfo', 'ordered', 'errorsOnly', 'let', 'cursor', 'bypassDocumentValidation'] },
  create: {
    done: ['validator', 'validationLevel', 'validationAction', 'collation', 'idIndex', 'autoIndexId'],
    refused: [
      ...['capped', 'size', 'max', 'timeseries', 'viewOn', 'pipeline', 'clusteredIndex', 'encryptedFields', 'expireAfterSeconds'],
      ...['changeStreamPreAndPostImages', 'storageEngine', 'indexOptionDefaults'],
    ],
  },
  collMod: {
    done: ['index', 'validator', 'validationLevel', 'validationAction'],
    refused: ['viewOn', 'pipeline', 'expireAfterSeconds', 'timeseries', 'changeStreamPreAndPostImages', 'dryRun', 'prepareUnique'],
  },
  drop: { done: [] },
  dropDatabase: { done: [] },
  // There is one member: every quorum is met.
  createIndexes: { done: ['indexes', 'commitQuorum'] },
  dropIndexes: { done: ['index'] },
  deleteIndexes: { done: ['index'] },
  listIndexes: { done: ['cursor'] },
  listCollections: { done: ['filter', 'nameOnly', 'authorizedCollections', 'cursor'] },
  listDatabases: { done: ['filter', 'nameOnly', 'authorizedDatabases'] },
};

/** The fields of one statement in `updates` and `deletes`. */
export const statementFields: Readonly<Record<string, Fields>> = {
  updates: { done: ['q', 'u', 'multi', 'upsert', 'arrayFilters', 'hint', 'sort', 'collation'], refused: ['c'] },
  deletes: { done: ['q', 'limit', 'hint', 'collation'] },
};

/** Fields that are counts or durations, by command: none may be below zero. A negative `limit` of `count` is read as its absolute value. */
const counts: Readonly<Record<string, readonly string[]>> = {
  find: ['skip', 'limit', 'batchSize', 'maxTimeMS'],
  count: ['skip', 'maxTimeMS'],
  getMore: ['batchSize', 'maxTimeMS'],
  aggregate: ['maxTimeMS'],
};

/**
 * Demands that every field of a command is known here: an unknown one would be silently ignored.
 *
 * @throws MongoError InvalidOptions for a field of MongoDB that this store does not obey, Location40415 for one that nobody knows,
 *   TypeMismatch or Location51024 for a count that is no number or below zero.
 */
export function checkFields(name: string, command: Doc): void {
  const fields = commandFields[name];
  if (fields === undefined) return;
  check(name, command, fields, (field) => field === name || generic.has(field));
  for (const field of counts[name] ?? []) checkCount(name, field, command.get(field));
  for (const [list, known] of Object.entries(statementFields)) {
    const statements = command.get(list);
    if (!fields.done.includes(list) || !Array.isArray(statements)) continue;
    for (const statement of statements)
      if (statement instanceof Doc) check(`${name}.${list}`, statement, known, (field) => field === 'comment');
  }
}

function check(name: string, given: Doc, { done, refused = [] }: Fields, isGeneric: (field: string) => boolean): void {
  for (const [field, value] of given.entries()) {
    if (isGeneric(field) || done.includes(field)) continue;
    if (!refused.includes(field)) throw new MongoError('Location40415', `BSON field '${name}.${field}' is an unknown field.`);
    if (asks(value)) throw new MongoError('InvalidOptions', `The option '${field}' of ${name} is not supported by this store`);
  }
}

function checkCount(name: string, field: string, value: Value | undefined): void {
  if (value === undefined || value === null) return;
  const count = toInteger(value);
  if (count === undefined)
    throw new MongoError('TypeMismatch', `BSON field '${name}.${field}' is the wrong type, expected types '[long, int, decimal, double]'`);
  if (!(count >= 0)) throw new MongoError('Location51024', `BSON field '${field}' value must be >= 0, actual value '${count}'`);
}

/** Drivers send `false` and empty documents where a caller asked for nothing. */
const asks = (value: Value): boolean => truthy(value) && !(value instanceof Doc && value.size === 0);
