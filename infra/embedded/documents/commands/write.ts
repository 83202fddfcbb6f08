import { Doc, type Value } from '../bson/document.js';
import { MongoError } from '../bson/errors.js';
import { toInteger } from '../bson/numeric.js';
import { compileProjection } from '../query/projection.js';
import type { UpdateResult, UpdateStatement } from '../engine/modifier.js';
import { collectionName, documentsIn, ensureCollection, namespaceOf, type Command, type Parts, type Request } from './context.js';

/** Statements one command may carry, as `hello` announces to the driver. */
export const maxWriteBatchSize = 100_000;

/** A write command: one commit, one remembered answer. */
function write(work: (parts: Parts, request: Request) => Doc): Command {
  return (parts, request) => parts.writer.run(() => parts.sessions.once(request.command, () => work(parts, request)));
}

/** Runs statements one after another; the first error ends an ordered command. Returns the errors by statement. */
export function eachStatement(command: Doc, statements: readonly Doc[], run: (statement: Doc, index: number) => void): Doc[] {
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

/** What one statement did; `modified` counts for updates only. */
interface Outcome {
  readonly n: number;
  readonly modified: number;
  readonly upsertedId: Value | undefined;
}

/** Documents changed in one commit when a statement matches many, so that others get their turn in between. */
const sliceDocuments = 500;

/**
 * Runs the statements of an update or delete: normally all in one commit. A statement that has to look at many documents has them found by a
 * reader thread first, and then changes them slice by slice.
 */
async function runStatements(
  parts: Parts,
  request: Request,
  statements: readonly Doc[],
  isMulti: (statement: Doc) => boolean,
  run: (statement: Doc, candidates: readonly Buffer[] | undefined) => Outcome,
  replyOf: (outcomes: ReadonlyMap<number, Outcome>) => Doc,
): Promise<Doc> {
  const { command } = request;
  const found = new Map<number, readonly Buffer[]>();
  for (const [index, statement] of statements.entries()) {
    const candidates = await candidatesOf(parts, request, statement.get('q'), statement, isMulti(statement));
    if (candidates !== undefined) found.set(index, candidates);
  }
  if (![...found.values()].some((candidates) => candidates.length > sliceDocuments)) {
    return parts.writer.run(() =>
      parts.sessions.once(command, () => {
        const outcomes = new Map<number, Outcome>();
        const errors = eachStatement(command, statements, (statement, index) => outcomes.set(index, run(statement, found.get(index))));
        return withErrors(replyOf(outcomes), errors);
      }),
    );
  }
  const outcomes = new Map<number, Outcome>();
  const errors: Doc[] = [];
  for (const [index, statement] of statements.entries()) {
    const all = found.get(index);
    const slices = all !== undefined && isMulti(statement) ? slicesOf(all) : [all];
    try {
      for (const slice of slices) {
        const outcome = await parts.writer.run(() => run(statement, slice));
        const before = outcomes.get(index);
        outcomes.set(index, { ...outcome, n: outcome.n + (before?.n ?? 0), modified: outcome.modified + (before?.modified ?? 0) });
      }
    } catch (error) {
      if (!(error instanceof MongoError)) throw error;
      errors.push(writeError(index, error));
      if (command.get('ordered') !== false) break;
    }
  }
  return withErrors(replyOf(outcomes), errors);
}

function slicesOf(all: readonly Buffer[]): (readonly Buffer[])[] {
  return Array.from({ length: Math.ceil(all.length / sliceDocuments) }, (_slice, at) =>
    all.slice(at * sliceDocuments, (at + 1) * sliceDocuments),
  );
}

/** The documents a statement will match, when finding them takes long; undefined when it does not. */
async function candidatesOf(
  parts: Parts,
  request: Request,
  query: Value | undefined,
  options: Doc,
  multi: boolean,
): Promise<Buffer[] | undefined> {
  if (!(query instanceof Doc)) return undefined;
  const find = Doc.of({ find: collectionName(request), filter: query, hint: options.get('hint'), let: request.command.get('let') });
  return multi || parts.queries.isLong(request.database, find) ? parts.queries.candidates(request.database, find) : undefined;
}

const update: Command = (parts, request) =>
  runStatements(
    parts,
    request,
    documentsIn(request.command, 'updates'),
    (statement) => statement.get('multi') === true,
    (statement, candidates) => {
      const result = runUpdate(parts, request, { ...updateStatement(statement, request.command), candidates });
      return { n: result.matched + (result.upsertedId === undefined ? 0 : 1), modified: result.modified, upsertedId: result.upsertedId };
    },
    (outcomes) => {
      const reply = Doc.of({ n: sumOf(outcomes, (outcome) => outcome.n), nModified: sumOf(outcomes, (outcome) => outcome.modified) });
      const upserted = [...outcomes].filter(([, outcome]) => outcome.upsertedId !== undefined);
      if (upserted.length > 0)
        reply.append(
          'upserted',
          upserted.map(([index, outcome]) => Doc.of({ index, _id: outcome.upsertedId })),
        );
      return reply;
    },
  );

function sumOf(outcomes: ReadonlyMap<number, Outcome>, value: (outcome: Outcome) => number): number {
  return [...outcomes.values()].reduce((total, outcome) => total + value(outcome), 0);
}

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

export function optionsOf(statement: Doc, command: Doc): Doc {
  return Doc.of({ hint: statement.get('hint'), let: command.get('let') });
}

/** Only the simple collation exists here: ignoring another one would silently give other results. */
export function refuseCollation(command: Doc): void {
  const collation = command.get('collation');
  if (collation instanceof Doc && collation.size > 0 && collation.get('locale') !== 'simple') {
    throw new MongoError('BadValue', 'Collations other than simple are not supported by this store');
  }
}

export function runUpdate(parts: Parts, request: Request, statement: UpdateStatement, name = collectionName(request)): UpdateResult {
  const collection = statement.upsert
    ? ensureCollection(parts, request.database, name, Doc.empty())
    : parts.records.catalog.find(`${request.database}.${name}`);
  if (collection === undefined) return { matched: 0, modified: 0, upsertedId: undefined, before: undefined, after: undefined };
  return parts.modifier.update(collection, statement);
}

const remove: Command = (parts, request) =>
  runStatements(
    parts,
    request,
    documentsIn(request.command, 'deletes'),
    (statement) => toInteger(statement.get('limit')) === 0,
    (statement, candidates) => {
      const query = statement.get('q');
      const limit = toInteger(statement.get('limit'));
      if (!(query instanceof Doc) || (limit !== 0 && limit !== 1)) {
        throw new MongoError('FailedToParse', 'The limit field in delete objects must be 0 or 1');
      }
      refuseCollation(statement);
      const collection = parts.records.catalog.find(namespaceOf(request));
      const options = optionsOf(statement, request.command);
      const n =
        collection === undefined ? 0 : parts.modifier.remove(collection, { query, multi: limit === 0, options, candidates }).removed;
      return { n, modified: 0, upsertedId: undefined };
    },
    (outcomes) => Doc.of({ n: sumOf(outcomes, (outcome) => outcome.n) }),
  );

const findAndModify: Command = async (parts, request) => {
  const { command } = request;
  const candidates = await candidatesOf(parts, request, command.get('query'), command, false);
  return parts.writer.run(() => parts.sessions.once(command, () => findAndModifyOne(parts, request, candidates)));
};

function findAndModifyOne(parts: Parts, request: Request, candidates: readonly Buffer[] | undefined): Doc {
  const { command } = request;
  refuseCollation(command);
  const query = command.get('query') ?? Doc.empty();
  if (!(query instanceof Doc)) throw new MongoError('TypeMismatch', 'query must be an object');
  const options = Doc.of({ hint: command.get('hint'), let: command.get('let') });
  const sort = command.get('sort');
  if (command.get('remove') === true) {
    if (command.has('update') || command.get('new') === true)
      throw new MongoError('FailedToParse', 'Cannot specify both an update and remove=true');
    const collection = parts.records.catalog.find(namespaceOf(request));
    const result =
      collection === undefined
        ? { removed: 0, first: undefined }
        : parts.modifier.remove(collection, { query, multi: false, sort, options, candidates });
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
    candidates,
  };
  const result = runUpdate(parts, request, statement);
  const inserted = result.upsertedId !== undefined;
  const last = Doc.of({ n: result.matched + (inserted ? 1 : 0), updatedExisting: result.matched > 0, upserted: result.upsertedId });
  return Doc.of({ lastErrorObject: last, value: shaped(command, command.get('new') === true ? result.after : result.before), ok: 1 });
}

function shaped(command: Doc, doc: Doc | undefined): Value {
  const fields = command.get('fields');
  return doc === undefined ? null : fields instanceof Doc ? compileProjection(fields)(doc) : doc;
}

/** Commands that change documents. */
export const writeCommands: Readonly<Record<string, Command>> = {
  insert,
  update,
  delete: remove,
  findAndModify,
  findandmodify: findAndModify,
};
