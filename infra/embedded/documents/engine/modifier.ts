import { compilePipeline, stagesOf } from '../aggregate/pipeline.js';
import { equal } from '../bson/compare.js';
import { Doc, type Value } from '../bson/document.js';
import { encode } from '../bson/encode.js';
import { MongoError } from '../bson/errors.js';
import { compileFilter, type Filter } from '../query/filter.js';
import { parseSort, sortDocuments } from '../query/sort.js';
import { compileUpdate, upsertSeed, type Update } from '../query/update.js';
import type { CollectionInfo } from './catalog.js';
import { plan } from './planner.js';
import { hintOf, variablesOf } from './reader.js';
import { idKeyOf, type Records } from './records.js';
import { lookUp, scan, type Found } from './scan.js';

/** Which documents a write matches. */
export interface Selection {
  readonly query: Doc;
  readonly multi: boolean;
  readonly sort?: Value | undefined;
  /** Where `hint` and `let` are read from. */
  readonly options: Doc;
  /** Keys of the documents to look at, when they were found before; without them the planner looks for them. */
  readonly candidates?: readonly Buffer[] | undefined;
  /** At most this many; by default all for `multi`, else one. */
  readonly limit?: number;
}

/** One statement of an update, from any of the commands that carry them. */
export interface UpdateStatement extends Selection {
  readonly update: Value;
  readonly upsert: boolean;
  readonly arrayFilters: readonly Doc[];
}

export interface UpdateResult {
  matched: number;
  modified: number;
  upsertedId: Value | undefined;
  /** The first document before and after, for findAndModify. */
  before: Doc | undefined;
  after: Doc | undefined;
}

/** Changes and removes documents that a query selects; runs inside a commit. */
export class Modifier {
  readonly #records: Records;
  constructor(records: Records) {
    this.#records = records;
  }

  update(collection: CollectionInfo, statement: UpdateStatement): UpdateResult {
    const variables = variablesOf(statement.options);
    const filter = compileFilter(statement.query, variables);
    const update = this.#compile(statement, variables);
    if (statement.multi && update.replaces)
      throw new MongoError('FailedToParse', 'multi update is not supported for replacement-style update');
    const result: UpdateResult = { matched: 0, modified: 0, upsertedId: undefined, before: undefined, after: undefined };
    for (const found of this.#select(collection, filter, statement)) {
      const after = this.#changed(found.doc, filter, update);
      result.matched += 1;
      result.before ??= found.doc;
      const bytes = encode(after);
      const changed = !bytes.equals(found.doc.raw ?? Buffer.alloc(0));
      if (changed) this.#records.replace(this.#current(collection), found.idKey, found.doc, Doc.fromBytes(bytes));
      if (changed) result.modified += 1;
      result.after ??= changed ? Doc.fromBytes(bytes) : found.doc;
    }
    if (result.matched === 0 && statement.upsert) this.#upsert(collection, filter, update, result);
    return result;
  }

  /** Whether the selection matches any document; outside a commit too. */
  meets(collection: CollectionInfo, selection: Selection): boolean {
    return this.#select(collection, compileFilter(selection.query), { ...selection, multi: true, limit: 1 }).length > 0;
  }

  /** Removes what the selection matches. */
  remove(collection: CollectionInfo, selection: Selection): { readonly removed: number; readonly first: Doc | undefined } {
    const filter = compileFilter(selection.query, variablesOf(selection.options));
    let removed = 0;
    let first: Doc | undefined;
    for (const found of this.#select(collection, filter, selection)) {
      this.#records.remove(collection, found.idKey, found.doc);
      removed += 1;
      first ??= found.doc;
    }
    return { removed, first };
  }

  #compile(statement: UpdateStatement, variables: ReadonlyMap<string, Value | undefined>): Update {
    if (statement.update instanceof Doc) return compileUpdate(statement.update, statement.arrayFilters);
    const stages = stagesOf(statement.update);
    for (const [name] of stages) {
      if (!['$set', '$addFields', '$unset', '$project', '$replaceRoot', '$replaceWith'].includes(name)) {
        throw new MongoError('InvalidOptions', `${name} is not allowed to be used within an update`);
      }
    }
    const none = { find: () => [], isIndexed: () => true };
    const pipeline = compilePipeline(stages, { source: none, variables });
    return { replaces: false, apply: (doc) => withId([...pipeline([doc])][0] ?? doc, doc.get('_id')) };
  }

  #changed(doc: Doc, filter: Filter, update: Update): Doc {
    // A fresh reading of the same bytes: the update may change it freely.
    const raw = doc.raw;
    const copy = raw === undefined ? doc.clone() : Doc.fromBytes(raw);
    const after = update.apply(copy, { inserting: false, position: (path) => filter.position(doc, path) });
    if (!equal(after.get('_id'), doc.get('_id'))) {
      throw new MongoError('ImmutableField', "Performing an update on the path '_id' would modify the immutable field '_id'");
    }
    return after;
  }

  #upsert(collection: CollectionInfo, filter: Filter, update: Update, result: UpdateResult): void {
    const seed = update.replaces ? idOnly(upsertSeed(filter)) : upsertSeed(filter);
    const doc = update.apply(Doc.fromBytes(encode(seed)), { inserting: true, position: () => undefined });
    const stored = Doc.fromBytes(encode(doc));
    result.upsertedId = this.#records.insert(this.#current(collection), stored);
    result.after = this.#records.find(collection, idKeyOf(result.upsertedId));
  }

  /** An insert may have marked an index as multikey; the next document must see that. */
  #current(collection: CollectionInfo): CollectionInfo {
    return this.#records.catalog.get(collection.namespace);
  }

  /** The documents, chosen before the first change so that a moved document is not visited twice. */
  #select(collection: CollectionInfo, filter: Filter, selection: Selection): Found[] {
    const { multi, candidates, limit = multi ? Infinity : 1 } = selection;
    const keys = parseSort(selection.sort);
    const chosen = plan(collection, filter, keys, hintOf(collection, selection.options));
    const { environment } = this.#records;
    const one = candidates === undefined ? lookUp(environment, chosen, filter) : undefined;
    if (one !== undefined) return one;
    const found = candidates === undefined ? scan(environment, collection, chosen, filter) : this.#fetch(collection, filter, candidates);
    if (keys.length > 0 && (candidates !== undefined || !chosen.sorted)) {
      const all = [...found];
      const byDoc = new Map(all.map((item) => [item.doc, item]));
      const docs = all.map((item) => item.doc);
      return sortDocuments(docs, keys, limit).flatMap((doc) => byDoc.get(doc) ?? []);
    }
    const selected: Found[] = [];
    for (const item of found) {
      selected.push(item);
      if (selected.length >= limit) break;
    }
    return selected;
  }

  /** Documents that were found before, as they are now; those that no longer match are left out. */
  *#fetch(collection: CollectionInfo, filter: Filter, candidates: readonly Buffer[]): Generator<Found> {
    for (const idKey of candidates) {
      const doc = this.#records.find(collection, idKey);
      if (doc !== undefined && filter.test(doc)) yield { idKey, doc };
    }
  }
}

function idOnly(seed: Doc): Doc {
  return Doc.of({ _id: seed.get('_id') });
}

/** A pipeline that leaves the id out leaves it as it is. */
function withId(doc: Doc, id: Value | undefined): Doc {
  return id === undefined || doc.has('_id') ? doc : Doc.fromEntries([['_id', id], ...doc.entries()]);
}
