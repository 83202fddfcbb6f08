import { compare } from '../bson/compare.js';
import { Doc, type Numeric, type Value } from '../bson/document.js';
import { encodeKey } from '../bson/key.js';
import { MongoError } from '../bson/errors.js';
import { add, doubleValue, isNumeric, toInteger, toNumber } from '../bson/numeric.js';
import { compileExpression, type Expression, type Scope } from './expression.js';
import { parseSort } from '../query/sort.js';
import { sortValue } from '../query/path.js';

/** Gathers one value over the documents of a group. */
export interface Accumulator {
  add(scope: Scope): void;
  result(): Value;
}

/** Compiles `{ $sum: '$x' }` into a factory of accumulators. @throws MongoError for one that does not exist here. */
export function compileAccumulator(spec: Value): () => Accumulator {
  const name = spec instanceof Doc ? spec.firstKey() : undefined;
  if (!(spec instanceof Doc) || name === undefined || spec.size !== 1)
    throw new MongoError('Location40323', 'The field must specify one accumulator');
  const operand = spec.get(name) ?? null;
  const ordered = orderedAccumulator(name, operand);
  if (ordered !== undefined) return ordered;
  const create = accumulators[name];
  if (create === undefined) throw new MongoError('Location15998', `unknown group operator '${name}'`);
  const expression = name === '$count' ? () => 1 : compileExpression(operand);
  return () => create(expression);
}

function simple(start: () => { add: (value: Value | undefined) => void; result: () => Value }): (expression: Expression) => Accumulator {
  return (expression) => {
    const state = start();
    return { add: (scope) => state.add(expression(scope)), result: state.result };
  };
}

/** Adds numbers; doubles with compensation, so that a million small amounts stay exact to the last digit. */
function total(): { add: (value: Value | undefined) => void; result: () => Value } {
  let exact: Numeric = 0;
  let doubles = false;
  let sum = 0;
  let lost = 0;
  return {
    add: (value) => {
      if (!isNumeric(value)) return;
      if (typeof value === 'number' && !Number.isInteger(value)) {
        doubles = true;
        const next = sum + value;
        lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
        sum = next;
      } else exact = add(exact, value);
    },
    result: () => (doubles ? add(exact, Number.isFinite(sum) ? sum + lost : sum) : exact),
  };
}

function extreme(sign: 1 | -1): (expression: Expression) => Accumulator {
  return simple(() => {
    let best: Value | undefined;
    return {
      add: (value) => {
        if (value === undefined || value === null) return;
        if (best === undefined || compare(value, best) * sign > 0) best = value;
      },
      result: () => best ?? null,
    };
  });
}

/** Welford's method: stable also for large values with a small spread. */
function deviation(sample: boolean): (expression: Expression) => Accumulator {
  return simple(() => {
    let count = 0;
    let mean = 0;
    let squares = 0;
    return {
      add: (value) => {
        if (!isNumeric(value)) return;
        count += 1;
        const delta = toNumber(value) - mean;
        mean += delta / count;
        squares += delta * (toNumber(value) - mean);
      },
      result: () => {
        const divisor = sample ? count - 1 : count;
        return divisor <= 0 ? null : doubleValue(Math.sqrt(squares / divisor));
      },
    };
  });
}

const accumulators: Readonly<Record<string, (expression: Expression) => Accumulator>> = {
  $sum: simple(total),
  $count: simple(total),
  $avg: simple(() => {
    const sum = total();
    let count = 0;
    return {
      add: (value) => {
        if (!isNumeric(value)) return;
        sum.add(value);
        count += 1;
      },
      result: () => {
        const value = sum.result();
        return count === 0 || !isNumeric(value) ? null : doubleValue(toNumber(value) / count);
      },
    };
  }),
  $min: extreme(-1),
  $max: extreme(1),
  $first: simple(() => {
    let first: Value | undefined;
    let seen = false;
    return {
      add: (value) => {
        if (!seen) first = value;
        seen = true;
      },
      result: () => first ?? null,
    };
  }),
  $last: simple(() => {
    let last: Value | undefined;
    return { add: (value) => (last = value), result: () => last ?? null };
  }),
  $push: simple(() => {
    const values: Value[] = [];
    return { add: (value) => value !== undefined && values.push(value), result: () => values };
  }),
  $addToSet: simple(() => {
    const values = new Map<string, Value>();
    return {
      add: (value) => {
        if (value !== undefined) values.set(encodeKey(value).toString('latin1'), value);
      },
      result: () => [...values.values()],
    };
  }),
  $mergeObjects: simple(() => {
    const merged = Doc.empty();
    return {
      add: (value) => {
        if (value instanceof Doc) for (const [name, item] of value.entries()) merged.set(name, item);
      },
      result: () => merged,
    };
  }),
  $stdDevPop: deviation(false),
  $stdDevSamp: deviation(true),
};

/** `$top`, `$bottomN`, `$firstN`, `$percentile` and their like, whose operand is a document of parts. */
function orderedAccumulator(name: string, operand: Value): (() => Accumulator) | undefined {
  const kind = /^\$(top|bottom|first|last|min|max)(N?)$/.exec(name);
  if (name === '$median' || name === '$percentile') return percentile(name, operand);
  if (kind === null || !(operand instanceof Doc) || (kind[2] === '' && kind[1] !== 'top' && kind[1] !== 'bottom')) return undefined;
  const output = compileExpression(operand.get('output') ?? operand.get('input') ?? null);
  const size = kind[2] === 'N' ? (toInteger(operand.get('n')) ?? 0) : 1;
  const keys = parseSort(operand.get('sortBy'));
  const fromEnd = kind[1] === 'bottom' || kind[1] === 'last';
  return () => {
    const rows: { readonly value: Value; readonly doc: Value | undefined }[] = [];
    return {
      add: (scope) => {
        const value = output(scope) ?? null;
        if ((kind[1] === 'min' || kind[1] === 'max') && value === null) return;
        rows.push({ value, doc: scope.root });
      },
      result: () => {
        if (kind[1] === 'min' || kind[1] === 'max') rows.sort((a, b) => compare(a.value, b.value) * (kind[1] === 'min' ? 1 : -1));
        else if (keys.length > 0) {
          rows.sort((a, b) => {
            for (const key of keys) {
              const [left, right] = [a.doc, b.doc].map((doc) =>
                doc instanceof Doc ? sortValue(doc, key.path, key.descending) : undefined,
              );
              const order = compare(left, right);
              if (order !== 0) return key.descending ? -order : order;
            }
            return 0;
          });
        }
        const values = (fromEnd ? rows.slice(-size) : rows.slice(0, size)).map((row) => row.value);
        return kind[2] === 'N' ? values : (values[0] ?? null);
      },
    };
  };
}

function percentile(name: string, operand: Value): () => Accumulator {
  if (!(operand instanceof Doc)) throw new MongoError('FailedToParse', `${name} needs an object`);
  const input = compileExpression(operand.get('input') ?? null);
  const wanted = operand.get('p');
  const points = name === '$median' ? [0.5] : (Array.isArray(wanted) ? wanted : []).filter(isNumeric).map(toNumber);
  return () => {
    const values: number[] = [];
    return {
      add: (scope) => {
        const value = input(scope);
        if (isNumeric(value)) values.push(toNumber(value));
      },
      result: () => {
        values.sort((a, b) => a - b);
        // The discrete percentile: a value that occurred, as MongoDB's approximate method gives for small groups.
        const at = (p: number): Value =>
          values.length === 0 ? null : doubleValue(values[Math.max(0, Math.ceil(p * values.length) - 1)] ?? 0);
        return name === '$median' ? at(0.5) : points.map(at);
      },
    };
  };
}
