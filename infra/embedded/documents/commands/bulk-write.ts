import { Doc, type Value } from '../bson/document.js';
import { MongoError } from '../bson/errors.js';
import { toInteger } from '../bson/numeric.js';
import type { CollectionInfo } from '../engine/catalog.js';
import { documentsIn, ensureCollection, type Command, type Parts, type Request } from './context.js';
import { eachStatement, optionsOf, refuseCollation, runUpdate } from './write.js';

/** The client-level bulkWrite of MongoDB 8: statements over several collections, answered one by one. */
export const bulkWrite: Command = (parts, request) =>
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
        : parts.modifier.remove(collection, { query, multi, options: optionsOf(statement, request.command) }).removed;
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
