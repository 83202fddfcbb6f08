import { Doc, type Value } from '../bson/document.js';
import { MongoError } from '../bson/errors.js';
import { toInteger } from '../bson/numeric.js';
import { compileProjection } from '../query/projection.js';
import type { CollectionInfo } from '../engine/catalog.js';
import type { UpdateResult, UpdateStatement } from '../engine/modifier.js';
import { collectionName, documentsIn, ensureCollection, namespaceOf, type Command, type Parts, type Request } from './context.js';

/** Statements one command may carry, as the driver is told in hello. */
export const maxWriteBatchSize = 100_000;

/** A write command: one commit, one remembered answer. */
function write(work: (parts: Parts, request: Request) => Doc): Command {
  return (parts, request) => parts.writer.run(() => parts.sessions.once(request.command, () => work(parts, request)));
}

/** Runs statements one after another; the first error ends an ordered command. Returns the errors by statement. */
function eachStatement(command: Doc, statements: readonly Doc[], run: (statement: Doc, index: number) => void): Doc[] {
  if (statements.length > maxWriteBatchSize)
    throw new MongoError('InvalidOptions', `Write batch sizes must be between 1 and ${maxWriteBatchSize}`);
  const ordered = command.get('ordered') !== false;
  const errors: Doc[] = [];
  for (const [index, statement] of statements.entries()) {
    try {
      run(statement, index);
    } catch (error) {
      if (!(error instanceof MongoError)) throw error;
      errors.push(writeError(index, error));
      if (ordered) break;
    }
  }
  return errors;
}

export function writeError(index: number, error: MongoError): Doc {
  return Doc.of({ index, code: error.code, errmsg: error.message, ...(error.details as Record<string, Value>) });
}

function withErrors(reply: Doc, errors: Doc[]): Doc {
  if (errors.length > 0) reply.append('writeErrors', errors);
  reply.append('ok', 1);
  return reply;
}

const insert = write((parts, request) => {
  let n = 0;
  const name = collectionName(request);
  const errors = eachStatement(request.command, documentsIn(request.command, 'documents'), (doc) => {
    const collection = ensureCollection(parts, request.database, name, Doc.empty());
    parts.records.insert(collection, doc);
    n += 1;
  });
  return withErrors(Doc.of({ n }), errors);
});

const update = write((parts, request) => {
  let n = 0;
  let nModified = 0;
  const upserted: Doc[] = [];
  const errors = eachStatement(request.command, documentsIn(request.command, 'updates'), (statement, index) => {
    const result = runUpdate(parts, request, updateStatement(statement, request.command));
    n += result.matched + (result.upsertedId === undefined ? 0 : 1);
    nModified += result.modified;
    if (result.upsertedId !== undefined) upserted.push(Doc.of({ index, _id: result.upsertedId }));
  });
  const reply = Doc.of({ n, nModified });
  if (upserted.length > 0) reply.append('upserted', upserted);
  return withErrors(reply, errors);
});

function updateStatement(statement: Doc, command: Doc): UpdateStatement {
  const query = statement.get('q');
  const change = statement.get('u');
  if (!(query instanceof Doc) || change === undefined) throw new MongoError('FailedToParse', 'an update needs q and u');
  refuseCollation(statement);
  return {
    query,
    update: change,
    multi: statement.get('multi') === true,
    upsert: statement.get('upsert') === true,
    arrayFilters: statement.has('arrayFilters') ? documentsIn(statement, 'arrayFilters') : [],
    sort: statement.get('sort'),
    options: optionsOf(statement, command),
  };
}

function optionsOf(statement: Doc, command: Doc): Doc {
  return Doc.of({ hint: statement.get('hint'), let: command.get('let') });
}

/** Only the simple collation exists here: ignoring another would give other results in silence. */
export function refuseCollation(command: Doc): void {
  const collation = command.get('collation');
  if (collation instanceof Doc && collation.size > 0 && collation.get('locale') !== 'simple') {
    throw new MongoError('BadValue', 'Collations other than simple are not supported by this store');
  }
}

function runUpdate(parts: Parts, request: Request, statement: UpdateStatement, name = collectionName(request)): UpdateResult {
  const collection = statement.upsert
    ? ensureCollection(parts, request.database, name, Doc.empty())
    : parts.records.catalog.find(`${request.database}.${name}`);
  if (collection === undefined) return { matched: 0, modified: 0, upsertedId: undefined, before: undefined, after: undefined };
  return parts.modifier.update(collection, statement);
}

const remove = write((parts, request) => {
  let n = 0;
  const namespace = namespaceOf(request);
  const errors = eachStatement(request.command, documentsIn(request.command, 'deletes'), (statement) => {
    const query = statement.get('q');
    const limit = toInteger(statement.get('limit'));
    if (!(query instanceof Doc) || (limit !== 0 && limit !== 1))
      throw new MongoError('FailedToParse', 'The limit field in delete objects must be 0 or 1');
    refuseCollation(statement);
    const collection = parts.records.catalog.find(namespace);
    if (collection !== undefined)
      n += parts.modifier.remove(collection, query, limit === 0, undefined, optionsOf(statement, request.command)).removed;
  });
  return withErrors(Doc.of({ n }), errors);
});

const findAndModify = write((parts, request) => {
  const { command } = request;
  const query = command.get('query') ?? Doc.empty();
  if (!(query instanceof Doc)) throw new MongoError('TypeMismatch', 'query must be an object');
  const options = Doc.of({ hint: command.get('hint'), let: command.get('let') });
  const sort = command.get('sort');
  if (command.get('remove') === true) {
    if (command.has('update') || command.get('new') === true)
      throw new MongoError('FailedToParse', 'Cannot specify both an update and remove=true');
    const collection = parts.records.catalog.find(namespaceOf(request));
    const result =
      collection === undefined ? { removed: 0, first: undefined } : parts.modifier.remove(collection, query, false, sort, options);
    return Doc.of({ lastErrorObject: Doc.of({ n: result.removed }), value: shaped(command, result.first), ok: 1 });
  }
  const change = command.get('update');
  if (change === undefined) throw new MongoError('FailedToParse', 'Either an update or remove=true must be specified');
  const statement: UpdateStatement = {
    query,
    update: change,
    multi: false,
    upsert: command.get('upsert') === true,
    arrayFilters: command.has('arrayFilters') ? documentsIn(command, 'arrayFilters') : [],
    sort,
    options,
  };
  const result = runUpdate(parts, request, statement);
  const inserted = result.upsertedId !== undefined;
  const last = Doc.of({ n: result.matched + (inserted ? 1 : 0), updatedExisting: result.matched > 0, upserted: result.upsertedId });
  return Doc.of({ lastErrorObject: last, value: shaped(command, command.get('new') === true ? result.after : result.before), ok: 1 });
});

function shaped(command: Doc, doc: Doc | undefined): Value {
  const fields = command.get('fields');
  return doc === undefined ? null : fields instanceof Doc ? compileProjection(fields)(doc) : doc;
}

/** The client-level bulkWrite of MongoDB 8: statements over several collections, answered one by one. */
const bulkWrite: Command = (parts, request) =>
  parts.writer.run(() =>
    parts.sessions.once(request.command, () => {
      const namespaces = documentsIn(request.command, 'nsInfo').map((info) => info.get('ns'));
      const counts = { nErrors: 0, nInserted: 0, nMatched: 0, nModified: 0, nUpserted: 0, nDeleted: 0 };
      const results: Doc[] = [];
      const errors = eachStatement(request.command, documentsIn(request.command, 'ops'), (statement, idx) => {
        const outcome = bulkStatement(parts, request, statement, namespaces);
        counts.nInserted += outcome.inserted;
        counts.nMatched += outcome.matched;
        counts.nModified += outcome.modified;
        counts.nDeleted += outcome.deleted;
        if (outcome.upsertedId !== undefined) counts.nUpserted += 1;
        const upserted = outcome.upsertedId === undefined ? undefined : Doc.of({ _id: outcome.upsertedId });
        const nModified = statement.firstKey() === 'update' ? outcome.modified : undefined;
        results.push(
          Doc.of({
            ok: 1,
            idx,
            n: outcome.inserted + outcome.matched + outcome.deleted + (upserted === undefined ? 0 : 1),
            nModified,
            upserted,
          }),
        );
      });
      counts.nErrors = errors.length;
      const failed = errors.map((error) => {
        const entry = Doc.of({ ok: 0, idx: error.get('index'), n: 0 });
        for (const [name, value] of error.entries()) if (name !== 'index') entry.append(name, value);
        return entry;
      });
      const shown =
        request.command.get('errorsOnly') === true
          ? failed
          : [...results, ...failed].sort((a, b) => (toInteger(a.get('idx')) ?? 0) - (toInteger(b.get('idx')) ?? 0));
      return Doc.of({ cursor: Doc.of({ id: 0n, firstBatch: shown, ns: 'admin.$cmd.bulkWrite' }), ...counts, ok: 1 });
    }),
  );

interface BulkOutcome {
  readonly inserted: number;
  readonly matched: number;
  readonly modified: number;
  readonly deleted: number;
  readonly upsertedId: Value | undefined;
}

function bulkStatement(parts: Parts, request: Request, statement: Doc, namespaces: readonly (Value | undefined)[]): BulkOutcome {
  const kind = statement.firstKey() ?? '';
  const namespace = namespaces[toInteger(statement.get(kind)) ?? -1];
  if (typeof namespace !== 'string') throw new MongoError('BadValue', 'BulkWrite ops entry refers to a namespace that is not in nsInfo');
  const dot = namespace.indexOf('.');
  const [database, name] = [namespace.slice(0, dot), namespace.slice(dot + 1)];
  const none = { inserted: 0, matched: 0, modified: 0, deleted: 0, upsertedId: undefined };
  const filter = statement.get('filter');
  const query = filter instanceof Doc ? filter : Doc.empty();
  refuseCollation(statement);
  if (kind === 'insert') {
    const doc = statement.get('document');
    if (!(doc instanceof Doc)) throw new MongoError('FailedToParse', 'an insert needs a document');
    parts.records.insert(ensureCollection(parts, database, name, Doc.empty()), doc);
    return { ...none, inserted: 1 };
  }
  if (kind === 'delete') {
    const collection: CollectionInfo | undefined = parts.records.catalog.find(namespace);
    const multi = statement.get('multi') === true;
    const removed =
      collection === undefined
        ? 0
        : parts.modifier.remove(collection, query, multi, undefined, optionsOf(statement, request.command)).removed;
    return { ...none, deleted: removed };
  }
  const result = runUpdate(
    parts,
    { ...request, database },
    {
      query,
      update: statement.get('updateMods') ?? null,
      multi: statement.get('multi') === true,
      upsert: statement.get('upsert') === true,
      arrayFilters: statement.has('arrayFilters') ? documentsIn(statement, 'arrayFilters') : [],
      sort: statement.get('sort'),
      options: optionsOf(statement, request.command),
    },
    name,
  );
  return { ...none, matched: result.matched, modified: result.modified, upsertedId: result.upsertedId };
}

/** Commands that change documents. */
export const writeCommands: Readonly<Record<string, Command>> = {
  insert,
  update,
  delete: remove,
  findAndModify,
  findandmodify: findAndModify,
  bulkWrite,
};
