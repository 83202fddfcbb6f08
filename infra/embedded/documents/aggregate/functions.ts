import { compare, equal } from '../bson/compare.js';
import { epochMsOf, later } from '../bson/date.js';
import { Doc, type Numeric, type Value } from '../bson/document.js';
import { MongoError } from '../bson/errors.js';
import { add, doubleValue, isInteger, isNumeric, multiply, negate, toInteger, toNumber } from '../bson/numeric.js';
import { typeName } from '../bson/types.js';
import { truthy } from './truth.js';
import { convert, toText } from './convert.js';

type Argument = Value | undefined;

/** An operator that only needs the values of its arguments. */
export interface PlainFunction {
  readonly least: number;
  readonly most: number;
  readonly apply: (...values: Argument[]) => Argument;
}

function fixed(count: number, apply: (...values: Argument[]) => Argument): PlainFunction {
  return { least: count, most: count, apply };
}

function between(least: number, most: number, apply: (...values: Argument[]) => Argument): PlainFunction {
  return { least, most, apply };
}

function variadic(apply: (...values: Argument[]) => Argument): PlainFunction {
  return { least: 0, most: Infinity, apply };
}

function nothing(value: Argument): value is null | undefined {
  return value === null || value === undefined;
}

function numeric(value: Argument, name: string): Numeric {
  if (!isNumeric(value)) throw new MongoError('TypeMismatch', `${name} only supports numeric types, not ${typeName(value)}`);
  return value;
}

/** Rounding that keeps the type of integers. */
function rounding(name: string, apply: (value: number) => number): PlainFunction {
  return between(1, 2, (value, places) => {
    if (nothing(value)) return null;
    const number = numeric(value, name);
    const shift = 10 ** (toInteger(places) ?? 0);
    if (isInteger(number) && shift >= 1) return number;
    return doubleValue(apply(toNumber(number) * shift) / shift);
  });
}

/** Half to even, as MongoDB's `$round`. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
}

function sum(values: Argument[]): Argument {
  let total: Numeric = 0;
  let date: Date | undefined;
  for (const value of values) {
    if (nothing(value)) return null;
    if (value instanceof Date && date === undefined) date = value;
    else total = add(total, numeric(value, '$add'));
  }
  return date === undefined ? total : later(date, toNumber(total));
}

function subtract(a: Argument, b: Argument): Argument {
  if (nothing(a) || nothing(b)) return null;
  if (a instanceof Date && b instanceof Date) return epochMsOf(a) - epochMsOf(b);
  if (a instanceof Date) return later(a, -toNumber(numeric(b, '$subtract')));
  return add(numeric(a, '$subtract'), negate(numeric(b, '$subtract')));
}

function text(value: Argument, name: string): string {
  if (nothing(value)) return '';
  if (typeof value === 'string') return value;
  const converted = toText(value);
  if (converted === undefined) throw new MongoError('TypeMismatch', `${name} requires a string argument, found: ${typeName(value)}`);
  return converted;
}

function list(value: Argument, name: string): Value[] {
  if (!Array.isArray(value)) throw new MongoError('TypeMismatch', `${name} needs an array, not ${typeName(value)}`);
  return value;
}

function has(values: readonly Value[], wanted: Argument): boolean {
  return values.some((value) => equal(value, wanted));
}

/** Every operator that is a plain function of its arguments. */
export const functions: Readonly<Record<string, PlainFunction>> = {
  $eq: fixed(2, (a, b) => equal(a, b)),
  $ne: fixed(2, (a, b) => !equal(a, b)),
  $gt: fixed(2, (a, b) => compare(a, b) > 0),
  $gte: fixed(2, (a, b) => compare(a, b) >= 0),
  $lt: fixed(2, (a, b) => compare(a, b) < 0),
  $lte: fixed(2, (a, b) => compare(a, b) <= 0),
  $not: fixed(1, (value) => !truthy(value)),
  $add: variadic((...values) => sum(values)),
  $subtract: fixed(2, subtract),
  $multiply: variadic((...values) =>
    values.some(nothing) ? null : values.reduce((product: Numeric, value) => multiply(product, numeric(value, '$multiply')), 1),
  ),
  $divide: fixed(2, (a, b) => {
    if (nothing(a) || nothing(b)) return null;
    const divisor = toNumber(numeric(b, '$divide'));
    if (divisor === 0) throw new MongoError('Location16608', "can't $divide by zero");
    return doubleValue(toNumber(numeric(a, '$divide')) / divisor);
  }),
  $mod: fixed(2, (a, b) => {
    if (nothing(a) || nothing(b)) return null;
    const left = numeric(a, '$mod');
    const right = numeric(b, '$mod');
    if (toNumber(right) === 0) throw new MongoError('Location16608', "can't $mod by zero");
    if (typeof left === 'bigint' || typeof right === 'bigint')
      return BigInt(Math.trunc(toNumber(left))) % BigInt(Math.trunc(toNumber(right)));
    const rest = toNumber(left) % toNumber(right);
    return isInteger(left) && isInteger(right) ? rest + 0 : doubleValue(rest);
  }),
  $round: rounding('$round', roundHalfEven),
  $concat: variadic((...values) => (values.some(nothing) ? null : values.map((value) => text(value, '$concat')).join(''))),
  $toLower: fixed(1, (value) => text(value, '$toLower').toLowerCase()),
  $toUpper: fixed(1, (value) => text(value, '$toUpper').toUpperCase()),
  $size: fixed(1, (value) => list(value, '$size').length),
  $isArray: fixed(1, (value) => Array.isArray(value)),
  $arrayElemAt: fixed(2, (value, index) =>
    nothing(value) || nothing(index) ? null : list(value, '$arrayElemAt').at(toInteger(index) ?? 0),
  ),
  $in: fixed(2, (value, items) => has(list(items, '$in'), value)),
  $mergeObjects: variadic((...values) => {
    const merged = Doc.empty();
    for (const value of values.length === 1 && Array.isArray(values[0]) ? values[0] : values) {
      if (value instanceof Doc) for (const [name, item] of value.entries()) merged.set(name, item);
    }
    return merged;
  }),
  $type: fixed(1, (value) => typeName(value)),
  $toString: fixed(1, (value) => convert(value, 'string')),
  $toInt: fixed(1, (value) => convert(value, 'int')),
  $toDouble: fixed(1, (value) => convert(value, 'double')),
  $toDate: fixed(1, (value) => convert(value, 'date')),
};
