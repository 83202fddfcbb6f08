import { compare } from '../bson/compare.js';
import { Doc, type Value } from '../bson/document.js';
import { encodeKey } from '../bson/key.js';
import { MongoError } from '../bson/errors.js';
import { isNumeric, toInteger, toNumber } from '../bson/numeric.js';
import { sortValue } from '../query/path.js';
import { parseSort, sortDocuments, type SortKey } from '../query/sort.js';
import { compileAccumulator } from './accumulators.js';
import { compileExpression, type Scope } from './expression.js';
import { replaceAt } from './shape.js';

type ScopeOf = (doc: Doc) => Scope;

/** Computes one output for the row at `at` of a sorted partition. */
type WindowFunction = (rows: readonly Doc[], at: number) => Value;

/** `$setWindowFields` with windows of documents, ranges of numbers, ranks and shifts. */
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
  if (name === '$shift') return shiftFunction(operand, scopeOf);
  const create = compileAccumulator(Doc.of({ [name]: operand }));
  const bounds = compileWindow(value.get('window'), keys);
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
function compileWindow(window: Value | undefined, keys: readonly SortKey[]): (rows: readonly Doc[], at: number) => [number, number] {
  if (!(window instanceof Doc)) return (rows) => [0, rows.length - 1];
  if (window.has('unit')) throw new MongoError('FailedToParse', 'a window with a time unit is not supported by this store');
  const documents = window.get('documents');
  if (Array.isArray(documents)) {
    const [from, to] = documents;
    return (rows, at) => [Math.max(0, position(from, at, 0)), Math.min(rows.length - 1, position(to, at, rows.length - 1))];
  }
  const range = window.get('range');
  const [key] = keys;
  if (!Array.isArray(range) || key === undefined) throw new MongoError('FailedToParse', 'a window needs documents, or a range with sortBy');
  const [from, to] = range;
  const numberOf = (doc: Doc | undefined): number => {
    const value = doc === undefined ? null : sortValue(doc, key.path, key.descending);
    return isNumeric(value) ? toNumber(value) : NaN;
  };
  return (rows, at) => {
    const here = numberOf(rows[at]);
    const low = offset(from, here, -Infinity);
    const high = offset(to, here, Infinity);
    const start = rows.findIndex((row) => numberOf(row) >= low);
    return [start < 0 ? rows.length : start, rows.findLastIndex((row) => numberOf(row) <= high)];
  };
}

function position(bound: Value | undefined, at: number, unbounded: number): number {
  if (bound === 'unbounded') return unbounded;
  return bound === 'current' ? at : at + (toInteger(bound) ?? 0);
}

function offset(bound: Value | undefined, here: number, unbounded: number): number {
  if (bound === 'unbounded') return unbounded;
  return bound === 'current' ? here : here + (isNumeric(bound) ? toNumber(bound) : 0);
}

function rankFunction(name: string, keys: readonly SortKey[]): WindowFunction | undefined {
  if (name === '$documentNumber') return (_rows, at) => at + 1;
  if (name !== '$rank' && name !== '$denseRank') return undefined;
  const same = (a: Doc | undefined, b: Doc | undefined): boolean =>
    a !== undefined &&
    b !== undefined &&
    keys.every((key) => compare(sortValue(a, key.path, key.descending), sortValue(b, key.path, key.descending)) === 0);
  return (rows, at) => {
    let rank = 1;
    for (let row = 1; row <= at; row += 1) {
      if (!same(rows[row - 1], rows[row])) rank = name === '$rank' ? row + 1 : rank + 1;
    }
    return rank;
  };
}

function shiftFunction(operand: Value, scopeOf: ScopeOf): WindowFunction {
  if (!(operand instanceof Doc)) throw new MongoError('FailedToParse', '$shift needs an object');
  const output = compileExpression(operand.get('output') ?? null);
  const by = toInteger(operand.get('by')) ?? 0;
  const fallback = operand.get('default') ?? null;
  return (rows, at) => {
    const row = rows[at + by];
    return row === undefined ? fallback : (output(scopeOf(row)) ?? null);
  };
}
