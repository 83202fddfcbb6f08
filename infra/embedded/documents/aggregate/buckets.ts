import { compare } from '../bson/compare.js';
import { Doc, type Value } from '../bson/document.js';
import { MongoError } from '../bson/errors.js';
import { compileAccumulator, type Accumulator } from './accumulators.js';
import { compileExpression, type Scope } from './expression.js';

type ScopeOf = (doc: Doc) => Scope;

function outputs(spec: Doc): () => { readonly name: string; readonly state: Accumulator }[] {
  const output = spec.get('output');
  const fields = [...(output instanceof Doc ? output : Doc.of({ count: Doc.of({ $sum: 1 }) })).entries()].map(
    ([name, value]) => [name, compileAccumulator(value)] as const,
  );
  return () => fields.map(([name, create]) => ({ name, state: create() }));
}

function resultOf(id: Value, states: readonly { readonly name: string; readonly state: Accumulator }[]): Doc {
  const doc = Doc.of({ _id: id });
  for (const { name, state } of states) doc.append(name, state.result());
  return doc;
}

/** `$bucket`: groups by the interval a value falls into. */
export function bucketStage(spec: Doc, scopeOf: ScopeOf): (input: Iterable<Doc>) => Iterable<Doc> {
  const by = compileExpression(spec.get('groupBy') ?? null);
  const boundaries = spec.get('boundaries');
  const fallback = spec.get('default');
  if (!Array.isArray(boundaries) || boundaries.length < 2)
    throw new MongoError('FailedToParse', "The $bucket 'boundaries' field must be an array of at least two values");
  if (boundaries.some((value, at) => at > 0 && compare(boundaries[at - 1], value) >= 0)) {
    throw new MongoError('FailedToParse', "The 'boundaries' option to $bucket must be sorted in ascending order");
  }
  const create = outputs(spec);
  return function* (input) {
    const buckets = new Map<number, ReturnType<typeof create>>();
    for (const doc of input) {
      const scope = scopeOf(doc);
      const value = by(scope);
      let at = boundaries.findLastIndex((boundary) => compare(boundary, value) <= 0);
      if (at === boundaries.length - 1) at = -1;
      if (at < 0 && fallback === undefined)
        throw new MongoError('BadValue', '$bucket: a value lies outside the boundaries and there is no default');
      let states = buckets.get(at);
      if (states === undefined) {
        states = create();
        buckets.set(at, states);
      }
      for (const { state } of states) state.add(scope);
    }
    const rows = [...buckets].map(([at, states]) => resultOf(at < 0 ? (fallback ?? null) : (boundaries[at] ?? null), states));
    yield* rows.sort((a, b) => compare(a.get('_id'), b.get('_id')));
  };
}
