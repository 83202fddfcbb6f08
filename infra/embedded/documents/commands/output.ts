import { randomUUID } from 'node:crypto';
import { Doc, type Value } from '../bson/document.js';
import { MongoError } from '../bson/errors.js';
import { plainAt } from '../query/path.js';
import { collectionName, ensureCollection, type Parts, type Request } from './context.js';

/** Runs a pipeline to its end and writes its documents: `$out` replaces a collection, `$merge` merges into one. */
export async function writeResults(
  parts: Parts,
  request: Request,
  stages: Value[],
  kind: '$out' | '$merge',
  operand: Value,
): Promise<void> {
  const command = Doc.of({ aggregate: collectionName(request), pipeline: stages, cursor: Doc.empty(), let: request.command.get('let') });
  const target = targetOf(kind, operand, request.database);
  const name = kind === '$out' ? `tmp.out.${randomUUID()}` : target.name;
  const mode = mergeMode(operand);
  let batch = await parts.queries.start(request.database, command);
  await parts.writer.run(() => ensureCollection(parts, target.database, name, Doc.empty()));
  try {
    for (;;) {
      const { documents, cursorId } = batch;
      await parts.writer.run(() => {
        for (const doc of documents) writeOne(parts, `${target.database}.${name}`, doc, kind === '$out' ? insertOnly : mode);
      });
      if (cursorId === 0n) break;
      batch = await parts.queries.next(cursorId, 1000);
    }
    if (kind === '$out') await parts.writer.run(() => replaceCollection(parts, target.database, name, target.name));
  } catch (error) {
    if (kind === '$out') await parts.writer.run(() => dropCollection(parts, `${target.database}.${name}`));
    throw error;
  }
}

interface MergeMode {
  readonly on: readonly string[];
  readonly matched: 'replace' | 'keepExisting' | 'merge' | 'fail';
  readonly notMatched: 'insert' | 'discard' | 'fail';
}

const insertOnly: MergeMode = { on: [], matched: 'fail', notMatched: 'insert' };

function targetOf(kind: string, operand: Value, database: string): { readonly database: string; readonly name: string } {
  const into = kind === '$merge' && operand instanceof Doc && operand.has('into') ? operand.get('into') : operand;
  if (typeof into === 'string') return { database, name: into };
  const name = into instanceof Doc ? into.get('coll') : undefined;
  const other = into instanceof Doc ? into.get('db') : undefined;
  if (typeof name !== 'string') throw new MongoError('FailedToParse', `${kind} needs the name of a collection`);
  return { database: typeof other === 'string' ? other : database, name };
}

function mergeMode(operand: Value): MergeMode {
  const spec = operand instanceof Doc ? operand : Doc.empty();
  const on = spec.get('on') ?? '_id';
  const matched = spec.get('whenMatched') ?? 'merge';
  const notMatched = spec.get('whenNotMatched') ?? 'insert';
  if (matched !== 'replace' && matched !== 'keepExisting' && matched !== 'merge' && matched !== 'fail') {
    throw new MongoError('FailedToParse', 'this whenMatched of $merge is not supported by this store');
  }
  if (notMatched !== 'insert' && notMatched !== 'discard' && notMatched !== 'fail')
    throw new MongoError('FailedToParse', 'unknown whenNotMatched of $merge');
  return { on: (Array.isArray(on) ? on : [on]).filter((path) => typeof path === 'string'), matched, notMatched };
}

function writeOne(parts: Parts, namespace: string, doc: Doc, mode: MergeMode): void {
  const collection = parts.records.catalog.get(namespace);
  if (mode.on.length === 0) {
    parts.records.insert(collection, doc);
    return;
  }
  const query = Doc.fromEntries(mode.on.map((path): [string, Value] => [path, plainAt(doc, path) ?? null]));
  const change = mode.matched === 'replace' ? doc : Doc.of({ [mode.matched === 'keepExisting' ? '$setOnInsert' : '$set']: withoutId(doc) });
  const statement = { query, update: change, multi: false, upsert: false, arrayFilters: [], options: Doc.empty() };
  const { matched } = mode.matched === 'fail' ? { matched: 0 } : parts.modifier.update(collection, statement);
  if (matched > 0) return;
  if (mode.notMatched === 'fail') throw new MongoError('BadValue', '$merge could not find a matching document in the target collection');
  if (mode.notMatched === 'insert') parts.records.insert(collection, doc);
}

function withoutId(doc: Doc): Doc {
  const copy = doc.clone();
  copy.delete('_id');
  return copy;
}

function replaceCollection(parts: Parts, database: string, from: string, to: string): void {
  const { catalog } = parts.records;
  const old = catalog.find(`${database}.${to}`);
  const kept = old?.indexes.filter((index) => index.id !== 0) ?? [];
  if (kept.length > 0)
    throw new MongoError('IllegalOperation', '$out into a collection with indexes is not supported by this store; use $merge');
  if (old !== undefined) dropCollection(parts, old.namespace);
  catalog.rename(`${database}.${from}`, `${database}.${to}`);
}

/** Removes a collection with its indexes; inside a commit. False when there was none. */
export function dropCollection(parts: Parts, namespace: string): boolean {
  const collection = parts.records.catalog.find(namespace);
  if (collection === undefined) return false;
  const { count, bytes } = parts.records.counters.of(collection.id);
  parts.records.clear('records', collection.id);
  for (const index of collection.indexes) if (index.id !== 0) parts.records.clear('entries', index.id);
  parts.records.counters.add(collection.id, -count, -bytes);
  parts.records.catalog.drop(namespace);
  return true;
}
