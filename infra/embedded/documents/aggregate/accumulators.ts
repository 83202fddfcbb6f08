import { compare } from '../bson/compare.js';
import { Doc, type Numeric, type Value } from '../bson/document.js';
import { encodeKey } from '../bson/key.js';
import { MongoError } from '../bson/errors.js';
import { add, doubleValue, isNumeric, toNumber } from '../bson/numeric.js';
import { compileExpression, type Expression, type Scope } from './expression.js';

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
};
