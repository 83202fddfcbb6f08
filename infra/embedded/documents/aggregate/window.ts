import { compare } from '../bson/compare.js';
import { Doc, type Value } from '../bson/document.js';
import { encodeKey } from '../bson/key.js';
import { MongoError } from '../bson/errors.js';
import { toInteger } from '../bson/numeric.js';
import { sortValue } from '../query/path.js';
import { parseSort, sortDocuments, type SortKey } from '../query/sort.js';
import { compileAccumulator } from './accumulators.js';
import { compileExpression, type Scope } from './expression.js';
import { replaceAt } from './shape.js';

type ScopeOf = (doc: Doc) => Scope;

/** Computes one output for the row at `at` of a sorted partition. */
type WindowFunction = (rows: readonly Doc[], at: number) => Value;

/** `$setWindowFields` with `documents` windows, `$documentNumber` and `$rank`. */
export function windowStage(spec: Doc, scopeOf: ScopeOf): (input: Iterable<Doc>) => Iterable<Doc> {
  const partition = spec.has('partitionBy') ? compileExpression(spec.get('partitionBy') ?? null) : () => null;
  const keys = parseSort(spec.get('sortBy'));
  const output = spec.get('output');
  if (!(output instanceof Doc)) throw new MongoError('FailedToParse', '$setWindowFields needs an output');
  const outputs = [...output.entries()].map(([path, value]) => ({ set: replaceAt(path), compute: compileOutput(value, keys, scopeOf) }));
  return function* (input) {
    const partitions = new Map<string, Doc[]>();
    for (const doc of input) {
      const key = encodeKey(partition(scopeOf(doc))).toString('latin1');
      const rows = partitions.get(key);
      if (rows === undefined) partitions.set(key, [doc]);
      else rows.push(doc);
    }
    for (const docs of partitions.values()) {
      const rows = keys.length === 0 ? docs : sortDocuments(docs, keys);
      const columns = outputs.map(({ compute }) => rows.map((_row, at) => compute(rows, at)));
      for (const [at, row] of rows.entries()) {
        yield outputs.reduce((doc, { set }, column) => set(doc, columns[column]?.[at] ?? null), row);
      }
    }
  };
}

function compileOutput(value: Value, keys: readonly SortKey[], scopeOf: ScopeOf): WindowFunction {
  if (!(value instanceof Doc)) throw new MongoError('FailedToParse', 'a window output must be an object');
  const name = value.keys().find((key) => key !== 'window') ?? '';
  const operand = value.get(name) ?? null;
  const ranking = rankFunction(name, keys);
  if (ranking !== undefined) return ranking;
  const create = compileAccumulator(Doc.of({ [name]: operand }));
  const bounds = compileWindow(value.get('window'));
  return (rows, at) => {
    const [start, end] = bounds(rows, at);
    const state = create();
    for (let row = start; row <= end; row += 1) {
      const doc = rows[row];
      if (doc !== undefined) state.add(scopeOf(doc));
    }
    return state.result();
  };
}

/** First and last row of the window, inclusive. */
function compileWindow(window: Value | undefined): (rows: readonly Doc[], at: number) => [number, number] {
  if (!(window instanceof Doc)) return (rows) => [0, rows.length - 1];
  const documents = window.get('documents');
  if (Array.isArray(documents)) {
    const [from, to] = documents;
    return (rows, at) => [Math.max(0, position(from, at, 0)), Math.min(rows.length - 1, position(to, at, rows.length - 1))];
  }
  throw new MongoError('FailedToParse', 'a window needs documents; ranges and time units are not supported by this store');
}

function position(bound: Value | undefined, at: number, unbounded: number): number {
  if (bound === 'unbounded') return unbounded;
  return bound === 'current' ? at : at + (toInteger(bound) ?? 0);
}

function rankFunction(name: string, keys: readonly SortKey[]): WindowFunction | undefined {
  if (name === '$documentNumber') return (_rows, at) => at + 1;
  if (name !== '$rank') return undefined;
  const same = (a: Doc | undefined, b: Doc | undefined): boolean =>
    a !== undefined &&
    b !== undefined &&
    keys.every((key) => compare(sortValue(a, key.path, key.descending), sortValue(b, key.path, key.descending)) === 0);
  return (rows, at) => {
    let rank = 1;
    for (let row = 1; row <= at; row += 1) {
      if (!same(rows[row - 1], rows[row])) rank = row + 1;
    }
    return rank;
  };
}
