import { Doc, type Value } from '../bson/document.js';
import { encodeKey } from '../bson/key.js';
import { MongoError } from '../bson/errors.js';
import { toInteger } from '../bson/numeric.js';
import { compileFilter, type Filter } from '../query/filter.js';
import { isOperatorDocument } from '../query/operators.js';
import { compileProjection } from '../query/projection.js';
import { parseSort, sortDocuments, type SortKey } from '../query/sort.js';
import { compileAccumulator } from './accumulators.js';
import { compileExpression, type Scope } from './expression.js';
import { bucketStage } from './buckets.js';
import { addFields, removeFields, replaceAt, unwindStage } from './shape.js';
import { windowStage } from './window.js';

/** A step of a pipeline. */
export type Stage = (input: Iterable<Doc>) => Iterable<Doc>;

/** What stages need from the store. */
export interface Source {
  /** Documents of a collection of the same database that a query selects, in the order of `sort`. */
  find(collection: string, filter: Filter, sort: readonly SortKey[]): Iterable<Doc>;
  /** Whether an index serves such a query. */
  isIndexed(collection: string, filter: Filter): boolean;
}

export interface PipelineContext {
  readonly source: Source;
  readonly variables: ReadonlyMap<string, Value | undefined>;
}

/** Groups kept in memory at most; beyond it the pipeline is refused, not slowed. */
const maxGroups = 1_000_000;

/** The stages of a pipeline as name and operand. @throws MongoError when one is not a document with one field. */
export function stagesOf(pipeline: Value | undefined): (readonly [name: string, operand: Value])[] {
  if (!Array.isArray(pipeline)) throw new MongoError('TypeMismatch', "'pipeline' option must be specified as an array");
  return pipeline.map((stage) => {
    const name = stage instanceof Doc ? stage.firstKey() : undefined;
    if (!(stage instanceof Doc) || name === undefined || stage.size !== 1) {
      throw new MongoError('Location40323', 'A pipeline stage specification object must contain exactly one field.');
    }
    return [name, stage.get(name) ?? null] as const;
  });
}

/** Joins the stages into one. @throws MongoError Location40324 for a stage that is unknown or not supported. */
export function compilePipeline(stages: readonly (readonly [string, Value])[], context: PipelineContext): Stage {
  const compiled = stages.map(([name, operand]) => compileStage(name, operand, context));
  return (input) => compiled.reduce<Iterable<Doc>>((docs, stage) => stage(docs), input);
}

function compileStage(name: string, operand: Value, context: PipelineContext): Stage {
  const scopeOf = (doc: Doc): Scope => ({ root: doc, current: doc, variables: context.variables });
  switch (name) {
    case '$match': {
      const filter = compileFilter(documentOf(name, operand), context.variables);
      return (input) => filtered(input, (doc) => filter.test(doc));
    }
    case '$project': {
      const spec = documentOf(name, operand);
      if (spec.size === 0) throw new MongoError('BadValue', '$project specification must have at least one field');
      return mapped(compileProjection(spec, undefined, context.variables));
    }
    case '$addFields':
    case '$set':
      return mapped(addFields(documentOf(name, operand), scopeOf));
    case '$unset':
      return mapped(removeFields(operand));
    case '$replaceRoot':
      return mapped(newRoot(documentOf(name, operand).get('newRoot'), scopeOf));
    case '$replaceWith':
      return mapped(newRoot(operand, scopeOf));
    case '$sort': {
      const keys = parseSort(operand);
      return lazily((input) => sortDocuments(input, keys));
    }
    case '$limit':
      return limited(positive(name, operand));
    case '$skip':
      return skipped(notNegative(name, operand));
    case '$count': {
      if (typeof operand !== 'string' || operand === '') throw new MongoError('BadValue', 'the count field must be a non-empty string');
      return function* (input) {
        let count = 0;
        for (const _doc of input) count += 1;
        if (count > 0) yield Doc.of({ [operand]: count });
      };
    }
    case '$group':
      return groupStage(documentOf(name, operand), scopeOf);
    case '$sortByCount':
      if (!(typeof operand === 'string' && operand.startsWith('$')) && !isOperatorDocument(operand))
        throw new MongoError(
          'Location40149',
          'the sortByCount field must be defined as a $-prefixed path or an expression inside an object',
        );
      return compilePipeline(
        [
          ['$group', Doc.of({ _id: operand, count: Doc.of({ $sum: 1 }) })],
          ['$sort', Doc.of({ count: -1 })],
        ],
        context,
      );
    case '$unwind':
      return unwindStage(operand);
    case '$lookup':
      return lookupStage(documentOf(name, operand), context, scopeOf);
    case '$facet': {
      const facets = [...documentOf(name, operand).entries()].map(
        ([field, pipeline]) => [field, compilePipeline(stagesOf(pipeline), context)] as const,
      );
      return lazily((input) => {
        const docs = [...input];
        return [Doc.fromEntries(facets.map(([field, stage]) => [field, [...stage(docs)]]))];
      });
    }
    case '$bucket':
      return bucketStage(documentOf(name, operand), scopeOf);
    case '$setWindowFields':
      return windowStage(documentOf(name, operand), scopeOf);
    default:
      throw new MongoError('Location40324', `Unrecognized pipeline stage name: '${name}', or not supported by this store`);
  }
}

export function documentOf(name: string, operand: Value): Doc {
  if (!(operand instanceof Doc)) throw new MongoError('FailedToParse', `the ${name} stage specification must be an object`);
  return operand;
}

function textOf(value: Value | undefined, name: string): string {
  if (typeof value !== 'string') throw new MongoError('FailedToParse', `${name} needs the name of a collection`);
  return value;
}

function positive(name: string, operand: Value): number {
  const value = toInteger(operand);
  if (value === undefined || value <= 0) throw new MongoError('Location15998', `the ${name} must be positive`);
  return value;
}

function notNegative(name: string, operand: Value): number {
  const value = toInteger(operand);
  if (value === undefined || !(value >= 0))
    throw new MongoError('Location5107200', `invalid argument to ${name} stage: Expected a non-negative number`);
  return value;
}

/** A stage that needs all its input before the first output; nothing runs until it is read. */
export function lazily(run: (input: Iterable<Doc>) => Iterable<Doc>): Stage {
  return function* (input) {
    yield* run(input);
  };
}

function mapped(shape: (doc: Doc) => Doc): Stage {
  return function* (input) {
    for (const doc of input) yield shape(doc);
  };
}

function newRoot(operand: Value | undefined, scopeOf: (doc: Doc) => Scope): (doc: Doc) => Doc {
  if (operand === undefined) throw new MongoError('Location40231', 'no newRoot specified for the $replaceRoot stage');
  const root = compileExpression(operand);
  return (doc) => {
    const value = root(scopeOf(doc));
    if (!(value instanceof Doc)) throw new MongoError('Location40228', "'newRoot' expression must evaluate to an object");
    return value;
  };
}

function* filtered(input: Iterable<Doc>, test: (doc: Doc) => boolean): Iterable<Doc> {
  for (const doc of input) if (test(doc)) yield doc;
}

function limited(most: number): Stage {
  return function* (input) {
    let count = 0;
    for (const doc of input) {
      yield doc;
      count += 1;
      if (count >= most) return;
    }
  };
}

function skipped(count: number): Stage {
  return function* (input) {
    let left = count;
    for (const doc of input) {
      if (left > 0) left -= 1;
      else yield doc;
    }
  };
}

function groupStage(spec: Doc, scopeOf: (doc: Doc) => Scope): Stage {
  const idSpec = spec.get('_id');
  if (idSpec === undefined) throw new MongoError('Location15998', 'a group specification must include an _id');
  const id = compileExpression(idSpec);
  const fields = [...spec.entries()].filter(([name]) => name !== '_id').map(([name, value]) => [name, compileAccumulator(value)] as const);
  return lazily(function* (input) {
    const groups = new Map<unknown, { id: Value; states: ReturnType<(typeof fields)[number][1]>[] }>();
    for (const doc of input) {
      const scope = scopeOf(doc);
      const value = id(scope) ?? null;
      // Short texts are their own key; everything else goes by its encoded form, in which equal values are equal.
      const key = typeof value === 'string' ? `s${value}` : `k${encodeKey(value).toString('latin1')}`;
      let group = groups.get(key);
      if (group === undefined) {
        if (groups.size >= maxGroups)
          throw new MongoError('QueryExceededMemoryLimitNoDiskUseAllowed', `$group has more than ${maxGroups} groups`);
        group = { id: value, states: fields.map(([, create]) => create()) };
        groups.set(key, group);
      }
      for (const state of group.states) state.add(scope);
    }
    for (const group of groups.values()) {
      const doc = Doc.of({ _id: group.id });
      for (const [at, [name]] of fields.entries()) doc.append(name, group.states[at]?.result() ?? null);
      yield doc;
    }
  });
}

function lookupStage(spec: Doc, context: PipelineContext, scopeOf: (doc: Doc) => Scope): Stage {
  const from = textOf(spec.get('from'), '$lookup');
  const as = textOf(spec.get('as'), '$lookup');
  const localField = spec.get('localField');
  const foreignField = spec.get('foreignField');
  const pipeline = spec.get('pipeline');
  const variables = spec.get('let');
  const lets = variables instanceof Doc ? [...variables.entries()].map(([name, value]) => [name, compileExpression(value)] as const) : [];
  const joins = typeof localField === 'string' && typeof foreignField === 'string';
  if (!joins && pipeline === undefined)
    throw new MongoError('FailedToParse', '$lookup requires either a pipeline or both localField and foreignField');
  const match = joins ? equalityJoin(from, localField, foreignField, context) : undefined;
  const inner = pipeline === undefined ? undefined : stagesOf(pipeline);
  const add = replaceAt(as);
  return mapped((doc) => {
    const scope = scopeOf(doc);
    let found: Iterable<Doc> | undefined = match?.(doc);
    if (inner !== undefined) {
      const extended = new Map([...context.variables, ...lets.map(([name, value]) => [name, value(scope)] as const)]);
      const stages = found === undefined && inner[0]?.[0] === '$match' ? inner.slice(1) : inner;
      const first = inner[0]?.[1];
      found ??= context.source.find(from, compileFilter(stages === inner || !(first instanceof Doc) ? Doc.empty() : first, extended), []);
      found = compilePipeline(stages, { ...context, variables: extended })(found);
    }
    return add(doc, [...(found ?? [])]);
  });
}

/** Finds the partners of a document: by index when the foreign field has one, else from a table built once. */
function equalityJoin(from: string, localField: string, foreignField: string, context: PipelineContext): (doc: Doc) => Iterable<Doc> {
  const local = compileExpression(`$${localField}`);
  const keysOf = (value: Value | undefined): Value[] => (Array.isArray(value) ? value : [value ?? null]);
  const indexed = context.source.isIndexed(from, compileFilter(Doc.of({ [foreignField]: 0 })));
  let table: Map<string, Doc[]> | undefined;
  return (doc) => {
    const wanted = keysOf(local({ root: doc, current: doc, variables: new Map() }));
    if (indexed) return context.source.find(from, compileFilter(Doc.of({ [foreignField]: Doc.of({ $in: wanted }) })), []);
    table ??= buildTable(context.source.find(from, compileFilter(Doc.empty()), []), foreignField);
    const rows = table;
    return new Set(wanted.flatMap((value) => rows.get(encodeKey(value).toString('latin1')) ?? []));
  };
}

function buildTable(docs: Iterable<Doc>, field: string): Map<string, Doc[]> {
  const foreign = compileExpression(`$${field}`);
  const table = new Map<string, Doc[]>();
  for (const doc of docs) {
    const value = foreign({ root: doc, current: doc, variables: new Map() });
    for (const item of Array.isArray(value) ? [value, ...value] : [value ?? null]) {
      const key = encodeKey(item).toString('latin1');
      const rows = table.get(key);
      if (rows === undefined) table.set(key, [doc]);
      else if (rows.at(-1) !== doc) rows.push(doc);
    }
  }
  return table;
}
