import { compileExpression } from '../aggregate/expression.js';
import { compilePipeline, stagesOf, type Source } from '../aggregate/pipeline.js';
import { Doc, type Value } from '../bson/document.js';
import { encodeKey } from '../bson/key.js';
import { MongoError } from '../bson/errors.js';
import { isNumeric, toInteger } from '../bson/numeric.js';
import { compileFilter, type Filter } from '../query/filter.js';
import { leafValues } from '../query/path.js';
import { compileProjection } from '../query/projection.js';
import { parseSort, sortDocuments, type SortKey } from '../query/sort.js';
import { Catalog, type CollectionInfo } from './catalog.js';
import type { Environment } from './environment.js';
import { describePlan } from './explain.js';
import { plan, type Plan } from './planner.js';
import { countEntries, lookUp, scan, scanSorted, type Budget, type ScanCount } from './scan.js';

/** A running query; documents are computed as they are read. */
export interface Query {
  readonly namespace: string;
  readonly documents: Iterator<Doc>;
}

const nothing: ReadonlyMap<string, Value | undefined> = new Map();

/** Answers the reading commands from the store; it runs on the connection thread for short reads and on a reader thread for the rest. */
export class Reader {
  readonly #environment: Environment;
  readonly catalog: Catalog;

  constructor(environment: Environment, catalog = new Catalog(environment)) {
    this.#environment = environment;
    this.catalog = catalog;
  }

  /** Starts a `find` or `aggregate`. */
  open(database: string, command: Doc, budget: Budget): Query {
    return command.firstKey() === 'aggregate' ? this.#aggregate(database, command, budget) : this.#find(database, command, budget);
  }

  /** Answers `count`, `distinct` and `explain`, whose reply is one document. */
  answer(database: string, command: Doc, budget: Budget): Doc {
    switch (command.firstKey()) {
      case 'count':
        return this.#count(database, command, budget);
      case 'distinct':
        return this.#distinct(database, command, budget);
      default:
        return this.#explain(database, command, budget);
    }
  }

  /** The record keys of every document a `find` selects, sorted or not. */
  candidates(database: string, command: Doc, budget: Budget): Buffer[] {
    const { info } = this.#target(database, command);
    if (info === undefined) return [];
    const { filter } = queryOf(command);
    const chosen = plan(info, filter, [], hintOf(info, command));
    budget.planned?.(info, chosen, filter);
    const found = scan(this.#environment, info, chosen, filter, budget);
    return Array.from(found, ({ idKey }) => Buffer.from(idKey));
  }

  /** How a command would reach its documents, without running it. */
  planOf(
    database: string,
    command: Doc,
  ): { readonly collection: CollectionInfo | undefined; readonly plan: Plan | undefined; readonly sorts: boolean } {
    const name = command.firstKey() ?? '';
    const target = command.get(name);
    const collection = typeof target === 'string' ? this.catalog.find(`${database}.${target}`) : undefined;
    if (collection === undefined) return { collection, plan: undefined, sorts: false };
    const stages = name === 'aggregate' ? stagesOf(command.get('pipeline')) : [];
    const { filter, sort } = name === 'aggregate' ? leading(stages, variablesOf(command)) : queryOf(command);
    const chosen = plan(collection, filter, sort, hintOf(collection, command));
    return { collection, plan: chosen, sorts: sort.length > 0 && !chosen.sorted };
  }

  #find(database: string, command: Doc, budget: Budget): Query {
    const collection = this.#target(database, command);
    const { filter, sort } = queryOf(command);
    const limit = Math.abs(toInteger(command.get('limit')) ?? 0) || Infinity;
    const skip = toInteger(command.get('skip')) ?? 0;
    const projection = command.get('projection');
    const shape = projection instanceof Doc ? compileProjection(projection, filter, variablesOf(command)) : undefined;
    const documents = this.#ordered(collection.info, filter, sort, budget, limit + skip, hintOf(collection.info, command));
    const whole = Array.isArray(documents) && skip === 0 && shape === undefined;
    return { namespace: collection.namespace, documents: iterator(whole ? documents : page(documents, skip, limit, shape)) };
  }

  #aggregate(database: string, command: Doc, budget: Budget): Query {
    const stages = stagesOf(command.get('pipeline'));
    const variables = variablesOf(command);
    const source = this.#source(database, budget);
    const target = command.get('aggregate');
    if (typeof target !== 'string')
      throw new MongoError('InvalidNamespace', 'An aggregation without a collection is not supported by this store');
    const { filter, sort, used } = leading(stages, variables);
    const info = this.catalog.find(`${database}.${target}`);
    const rest = stages.slice(used);
    const [next] = rest;
    const limit = next?.[0] === '$limit' && sort.length > 0 ? (toInteger(next[1]) ?? Infinity) : Infinity;
    const pipeline = compilePipeline(rest, { source, variables });
    const hint = hintOf(info, command);
    const counted = countsOnly(rest) ? this.#counted(info, filter, budget, hint) : undefined;
    const documents = counted ?? this.#ordered(info, filter, sort, budget, limit, hint);
    return { namespace: `${database}.${target}`, documents: iterator(pipeline(documents)) };
  }

  #count(database: string, command: Doc, budget: Budget): Doc {
    const { info } = this.#target(database, command);
    const { filter } = queryOf(command);
    const limit = Math.abs(toInteger(command.get('limit')) ?? 0) || Infinity;
    const skip = toInteger(command.get('skip')) ?? 0;
    const hint = hintOf(info, command);
    let count = 0;
    for (const _doc of this.#counted(info, filter, budget, hint) ?? this.#ordered(info, filter, [], budget, limit + skip, hint)) {
      count += 1;
      if (count >= limit + skip) break;
    }
    return Doc.of({ n: Math.max(0, count - skip), ok: 1 });
  }

  #distinct(database: string, command: Doc, budget: Budget): Doc {
    const { info } = this.#target(database, command);
    const { filter } = queryOf(command);
    const key = command.get('key');
    if (typeof key !== 'string') throw new MongoError('TypeMismatch', "distinct needs a 'key'");
    const values = new Map<string, Value>();
    for (const doc of this.#ordered(info, filter, [], budget, Infinity, undefined)) {
      for (const value of leafValues(doc, key).values) {
        if (value !== undefined && (value !== null || doc.has(key))) values.set(encodeKey(value).toString('latin1'), value);
      }
    }
    return Doc.of({ values: [...values.values()], ok: 1 });
  }

  #explain(database: string, command: Doc, budget: Budget): Doc {
    const inner = command.get('explain');
    if (!(inner instanceof Doc)) throw new MongoError('FailedToParse', 'explain needs a command');
    const target = explainable(inner);
    const chosen = this.planOf(database, target);
    const count: ScanCount = { keys: 0, documents: 0 };
    const { filter, sort } = target.firstKey() === 'aggregate' ? leading(stagesOf(target.get('pipeline')), nothing) : queryOf(target);
    let returned = 0;
    const startedMs = performance.now();
    if (command.get('verbosity') !== 'queryPlanner' && chosen.collection !== undefined && chosen.plan !== undefined) {
      const limit = Math.abs(toInteger(target.get('limit')) ?? 0) || Infinity;
      const wanted = chosen.plan.sorted ? limit : Infinity;
      const inOrder = chosen.plan.sorted ? undefined : scanSorted(this.#environment, chosen.collection, chosen.plan, filter, budget, count);
      for (const _found of inOrder ?? scan(this.#environment, chosen.collection, chosen.plan, filter, budget, count)) {
        returned += 1;
        if (returned >= (inOrder === undefined ? wanted : limit)) break;
      }
      returned = Math.min(returned, limit);
    }
    return describePlan(chosen.collection, chosen.plan, sort, { ...count, returned, elapsedMs: Math.round(performance.now() - startedMs) });
  }

  #target(database: string, command: Doc): { readonly info: CollectionInfo | undefined; readonly namespace: string } {
    const name = command.get(command.firstKey() ?? '');
    if (typeof name !== 'string' || name === '') throw new MongoError('InvalidNamespace', 'collection name has invalid type');
    const namespace = `${database}.${name}`;
    return { info: this.catalog.find(namespace), namespace };
  }

  /** Documents in the wanted order, sorted in memory when no index gives it. */
  #ordered(
    collection: CollectionInfo | undefined,
    filter: Filter,
    sort: readonly SortKey[],
    budget: Budget,
    limit: number,
    hint: string | undefined,
  ): Iterable<Doc> {
    if (collection === undefined) return [];
    const chosen = plan(collection, filter, sort, hint);
    budget.planned?.(collection, chosen, filter);
    const one = lookUp(this.#environment, chosen, filter);
    if (one !== undefined) return one.map(({ doc }) => doc);
    const found = (): Iterable<Doc> => documents(scan(this.#environment, collection, chosen, filter, budget));
    if (chosen.sorted) return found();
    return later(() => {
      const inOrder = scanSorted(this.#environment, collection, chosen, filter, budget);
      return inOrder === undefined ? sortDocuments(found(), sort, limit) : documents(inOrder);
    });
  }

  /** An empty document for each that the filter accepts, when index entries alone decide that; undefined when documents must be read. */
  #counted(collection: CollectionInfo | undefined, filter: Filter, budget: Budget, hint: string | undefined): Iterable<Doc> | undefined {
    if (collection === undefined) return undefined;
    const chosen = plan(collection, filter, [], hint);
    return chosen.decided ? countEntries(this.#environment, chosen, budget) : undefined;
  }

  #source(database: string, budget: Budget): Source {
    return {
      find: (name, filter, sort) => this.#ordered(this.catalog.find(`${database}.${name}`), filter, sort, budget, Infinity, undefined),
      isIndexed: (name, filter) => {
        const info = this.catalog.find(`${database}.${name}`);
        return info === undefined || !plan(info, filter, []).full;
      },
    };
  }
}

/** Whether a pipeline only counts its documents, as drivers make it do. */
function countsOnly(stages: readonly (readonly [string, Value])[]): boolean {
  const before = stages.slice(0, -1).every(([name]) => name === '$skip' || name === '$limit');
  const [name, group] = stages.at(-1) ?? [];
  const ones = ([field, value]: [string, Value]): boolean =>
    field === '_id' ? isNumeric(value) : value instanceof Doc && value.size === 1 && isNumeric(value.get('$sum'));
  return before && name === '$group' && group instanceof Doc && [...group.entries()].every(ones);
}

/** Nothing is read before the first document is asked for. */
function* later(run: () => Iterable<Doc>): Generator<Doc> {
  yield* run();
}

function* documents(found: Iterable<{ readonly doc: Doc }>): Generator<Doc> {
  for (const { doc } of found) yield doc;
}

function* page(input: Iterable<Doc>, skip: number, limit: number, shape: ((doc: Doc) => Doc) | undefined): Generator<Doc> {
  let at = 0;
  for (const doc of input) {
    at += 1;
    if (at <= skip) continue;
    yield shape === undefined ? doc : shape(doc);
    if (at - skip >= limit) return;
  }
}

function iterator(input: Iterable<Doc>): Iterator<Doc> {
  return input[Symbol.iterator]();
}

/**
 * The variables that `let` defines, from expressions that read no document. @throws MongoError BadValue for a name MongoDB does not allow.
 */
export function variablesOf(command: Doc): ReadonlyMap<string, Value | undefined> {
  const given = command.get('let');
  if (given === undefined || given === null) return nothing;
  if (!(given instanceof Doc)) throw new MongoError('TypeMismatch', "BSON field 'let' is the wrong type, expected type 'object'");
  const before = new Map<string, Value | undefined>([['NOW', new Date()]]);
  const variables = new Map(before);
  for (const [name, value] of given.entries()) {
    if (!/^[a-z\u0080-\u{10ffff}][\w\u0080-\u{10ffff}]*$/u.test(name))
      throw new MongoError('FailedToParse', `'${name}' starts with an invalid character for a user variable name`);
    variables.set(name, compileExpression(value)({ root: undefined, current: undefined, variables: before }) ?? null);
  }
  return variables;
}

function queryOf(command: Doc): { readonly filter: Filter; readonly sort: SortKey[] } {
  const query = command.get('filter') ?? command.get('query') ?? Doc.empty();
  if (!(query instanceof Doc)) throw new MongoError('TypeMismatch', "Expected field 'filter' to be an object");
  return { filter: compileFilter(query, variablesOf(command)), sort: parseSort(command.get('sort')) };
}

/** The filter and the order at the start of a pipeline, which the planner can serve; `used` stages need not run again. */
function leading(
  stages: readonly (readonly [string, Value])[],
  variables: ReadonlyMap<string, Value | undefined>,
): { readonly filter: Filter; readonly sort: SortKey[]; readonly used: number } {
  let used = 0;
  let filter = Doc.empty();
  const [first] = stages;
  if (first?.[0] === '$match' && first[1] instanceof Doc) {
    filter = first[1];
    used = 1;
  }
  const next = stages[used];
  let sort: SortKey[] = [];
  if (next?.[0] === '$sort') {
    sort = parseSort(next[1]);
    used += 1;
  }
  return { filter: compileFilter(filter, variables), sort, used };
}

/** The name of the index a command insists on. @throws MongoError BadValue when there is no such index. */
export function hintOf(collection: CollectionInfo | undefined, command: Doc): string | undefined {
  const hint = command.get('hint');
  if (hint === undefined || collection === undefined || (hint instanceof Doc && (hint.size === 0 || hint.has('$natural'))))
    return undefined;
  const found = collection.indexes.find((index) => {
    if (typeof hint === 'string') return index.name === hint;
    return hint instanceof Doc && hint.keys().join() === index.fields.map((field) => field.path).join();
  });
  if (found === undefined)
    throw new MongoError('BadValue', 'error processing query: hint provided does not correspond to an existing index');
  return found.name;
}

/** update, delete and findAndModify explain the query they would run. */
function explainable(command: Doc): Doc {
  const name = command.firstKey();
  if (name === 'update' || name === 'delete') {
    const statements = command.get(name === 'update' ? 'updates' : 'deletes');
    const first = Array.isArray(statements) ? statements[0] : undefined;
    const query = first instanceof Doc ? first.get('q') : undefined;
    return Doc.of({ find: command.get(name), filter: query });
  }
  if (name === 'findAndModify' || name === 'findandmodify')
    return Doc.of({ find: command.get(name), filter: command.get('query'), sort: command.get('sort') });
  return command;
}
