import { ObjectId } from 'bson';
import { compare, equal } from '../bson/compare.js';
import { Doc, type Numeric, type Value } from '../bson/document.js';
import { encodeKey } from '../bson/key.js';
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

function any(apply: (...values: Argument[]) => Argument): PlainFunction {
  return { least: 0, most: Infinity, apply };
}

function nothing(value: Argument): value is null | undefined {
  return value === null || value === undefined;
}

function numeric(value: Argument, name: string): Numeric {
  if (!isNumeric(value)) throw new MongoError('TypeMismatch', `${name} only supports numeric types, not ${typeName(value)}`);
  return value;
}

/** A function of one number whose result is a double; null stays null. */
function math(name: string, apply: (value: number) => number): PlainFunction {
  return fixed(1, (value) => (nothing(value) ? null : doubleValue(apply(toNumber(numeric(value, name))))));
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
  return date === undefined ? total : new Date(date.getTime() + Math.round(toNumber(total)));
}

function subtract(a: Argument, b: Argument): Argument {
  if (nothing(a) || nothing(b)) return null;
  if (a instanceof Date && b instanceof Date) return BigInt(a.getTime() - b.getTime());
  if (a instanceof Date) return new Date(a.getTime() - toNumber(numeric(b, '$subtract')));
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

/** Values without doubles, by MongoDB's equality. */
export function distinct(values: readonly Value[]): Value[] {
  return [...new Map(values.map((value) => [encodeKey(value).toString('latin1'), value])).values()];
}

function has(values: readonly Value[], wanted: Argument): boolean {
  return values.some((value) => equal(value, wanted));
}

function codePoints(value: Argument, name: string): string[] {
  return Array.from(text(value, name));
}

function extreme(sign: 1 | -1): PlainFunction {
  return any((...values) => {
    const from = values.length === 1 && Array.isArray(values[0]) ? values[0] : values;
    const present = from.filter((value) => !nothing(value));
    return present.length === 0 ? null : present.reduce((best, value) => (compare(value, best) * sign > 0 ? value : best));
  });
}

function trim(value: Argument, left: boolean, right: boolean): Argument {
  const input = value instanceof Doc ? value.get('input') : value;
  const given = value instanceof Doc ? value.get('chars') : undefined;
  if (nothing(input)) return null;
  const characters = typeof given === 'string' ? new Set(given) : new Set(' \t\n\r\f\v\0\u00a0\u3000');
  const points = Array.from(text(input, '$trim'));
  let start = 0;
  let end = points.length;
  while (left && start < end && characters.has(points[start] ?? '')) start += 1;
  while (right && end > start && characters.has(points[end - 1] ?? '')) end -= 1;
  return points.slice(start, end).join('');
}

/** Every operator that is a plain function of its arguments. */
export const functions: Readonly<Record<string, PlainFunction>> = {
  $eq: fixed(2, (a, b) => equal(a, b)),
  $ne: fixed(2, (a, b) => !equal(a, b)),
  $gt: fixed(2, (a, b) => compare(a, b) > 0),
  $gte: fixed(2, (a, b) => compare(a, b) >= 0),
  $lt: fixed(2, (a, b) => compare(a, b) < 0),
  $lte: fixed(2, (a, b) => compare(a, b) <= 0),
  $cmp: fixed(2, (a, b) => compare(a, b)),
  $not: fixed(1, (value) => !truthy(value)),
  $add: any((...values) => sum(values)),
  $subtract: fixed(2, subtract),
  $multiply: any((...values) =>
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
  $abs: fixed(1, (value) => (nothing(value) ? null : toNumber(numeric(value, '$abs')) < 0 ? negate(numeric(value, '$abs')) : value)),
  $ceil: rounding('$ceil', Math.ceil),
  $floor: rounding('$floor', Math.floor),
  $trunc: rounding('$trunc', Math.trunc),
  $round: rounding('$round', roundHalfEven),
  $sqrt: math('$sqrt', Math.sqrt),
  $exp: math('$exp', Math.exp),
  $ln: math('$ln', Math.log),
  $log10: math('$log10', Math.log10),
  $pow: fixed(2, (a, b) => {
    if (nothing(a) || nothing(b)) return null;
    const power = toNumber(numeric(a, '$pow')) ** toNumber(numeric(b, '$pow'));
    return isInteger(numeric(a, '$pow')) && isInteger(numeric(b, '$pow')) && Number.isSafeInteger(power) ? power : doubleValue(power);
  }),
  $max: extreme(1),
  $min: extreme(-1),
  $sum: any((...values) =>
    (values.length === 1 && Array.isArray(values[0]) ? values[0] : values).reduce<Numeric>(
      (total, value) => (isNumeric(value) ? add(total, value) : total),
      0,
    ),
  ),
  $avg: any((...values) => {
    const numbers: Numeric[] = (values.length === 1 && Array.isArray(values[0]) ? values[0] : values).filter(isNumeric);
    return numbers.length === 0 ? null : doubleValue(numbers.reduce<number>((total, value) => total + toNumber(value), 0) / numbers.length);
  }),
  $concat: any((...values) => (values.some(nothing) ? null : values.map((value) => text(value, '$concat')).join(''))),
  $toLower: fixed(1, (value) => text(value, '$toLower').toLowerCase()),
  $toUpper: fixed(1, (value) => text(value, '$toUpper').toUpperCase()),
  $trim: fixed(1, (value) => trim(value, true, true)),
  $ltrim: fixed(1, (value) => trim(value, true, false)),
  $rtrim: fixed(1, (value) => trim(value, false, true)),
  $strLenCP: fixed(1, (value) => codePoints(value, '$strLenCP').length),
  $strLenBytes: fixed(1, (value) => Buffer.byteLength(text(value, '$strLenBytes'))),
  $strcasecmp: fixed(2, (a, b) => compare(text(a, '$strcasecmp').toUpperCase(), text(b, '$strcasecmp').toUpperCase())),
  $substrCP: fixed(3, (value, start, count) => {
    const from = toInteger(start) ?? 0;
    const size = toInteger(count) ?? 0;
    return codePoints(value, '$substrCP')
      .slice(from, size < 0 ? undefined : from + size)
      .join('');
  }),
  $indexOfCP: fixed(2, (value, wanted) => {
    if (nothing(value)) return null;
    const at = text(value, '$indexOfCP').indexOf(text(wanted, '$indexOfCP'));
    return at < 0 ? -1 : Array.from(text(value, '$indexOfCP').slice(0, at)).length;
  }),
  $split: fixed(2, (value, separator) => (nothing(value) ? null : text(value, '$split').split(text(separator, '$split')))),
  $size: fixed(1, (value) => list(value, '$size').length),
  $isArray: fixed(1, (value) => Array.isArray(value)),
  $arrayElemAt: fixed(2, (value, index) =>
    nothing(value) || nothing(index) ? null : list(value, '$arrayElemAt').at(toInteger(index) ?? 0),
  ),
  $first: fixed(1, (value) => (nothing(value) ? null : list(value, '$first')[0])),
  $last: fixed(1, (value) => (nothing(value) ? null : list(value, '$last').at(-1))),
  $slice: between(2, 3, (value, a, b) => {
    if (nothing(value)) return null;
    const items = list(value, '$slice');
    const first = toInteger(a) ?? 0;
    if (b === undefined) return first < 0 ? items.slice(first) : items.slice(0, first);
    const start = first < 0 ? Math.max(items.length + first, 0) : first;
    return items.slice(start, start + (toInteger(b) ?? 0));
  }),
  $in: fixed(2, (value, items) => has(list(items, '$in'), value)),
  $indexOfArray: between(2, 4, (items, value) =>
    nothing(items) ? null : list(items, '$indexOfArray').findIndex((item) => equal(item, value)),
  ),
  $concatArrays: any((...values) => (values.some(nothing) ? null : values.flatMap((value) => list(value, '$concatArrays')))),
  $reverseArray: fixed(1, (value) => (nothing(value) ? null : list(value, '$reverseArray').toReversed())),
  $range: between(2, 3, (start, end, step) => {
    const [from, to, by] = [toInteger(start) ?? 0, toInteger(end) ?? 0, toInteger(step) ?? 1];
    const count = by === 0 ? 0 : Math.max(0, Math.ceil((to - from) / by));
    if (by === 0 || count > 1_000_000) throw new MongoError('BadValue', '$range needs a step other than zero and at most a million values');
    return Array.from({ length: count }, (_item, index) => from + index * by);
  }),
  $setUnion: any((...values) => (values.some(nothing) ? null : distinct(values.flatMap((value) => list(value, '$setUnion'))))),
  $setIntersection: any((...values) => {
    if (values.some(nothing)) return null;
    const [first = [], ...others] = values.map((value) => list(value, '$setIntersection'));
    return distinct(first).filter((item) => others.every((other) => has(other, item)));
  }),
  $setDifference: fixed(2, (a, b) =>
    nothing(a) || nothing(b) ? null : distinct(list(a, '$setDifference')).filter((item) => !has(list(b, '$setDifference'), item)),
  ),
  $setIsSubset: fixed(2, (a, b) => list(a, '$setIsSubset').every((item) => has(list(b, '$setIsSubset'), item))),
  $setEquals: fixed(
    2,
    (a, b) =>
      list(a, '$setEquals').every((item) => has(list(b, '$setEquals'), item)) &&
      list(b, '$setEquals').every((item) => has(list(a, '$setEquals'), item)),
  ),
  $anyElementTrue: fixed(1, (value) => list(value, '$anyElementTrue').some(truthy)),
  $allElementsTrue: fixed(1, (value) => list(value, '$allElementsTrue').every(truthy)),
  $mergeObjects: any((...values) => {
    const merged = Doc.empty();
    for (const value of values.length === 1 && Array.isArray(values[0]) ? values[0] : values) {
      if (value instanceof Doc) for (const [name, item] of value.entries()) merged.set(name, item);
    }
    return merged;
  }),
  $objectToArray: fixed(1, (value) => (value instanceof Doc ? [...value.entries()].map(([k, v]) => Doc.of({ k, v })) : null)),
  $arrayToObject: fixed(1, (value) => {
    if (nothing(value)) return null;
    const doc = Doc.empty();
    for (const item of list(value, '$arrayToObject')) {
      const [key, field] = item instanceof Doc ? [item.get('k'), item.get('v')] : Array.isArray(item) ? item : [];
      if (typeof key !== 'string') throw new MongoError('BadValue', '$arrayToObject needs pairs of a string and a value');
      doc.set(key, field ?? null);
    }
    return doc;
  }),
  $type: fixed(1, (value) => typeName(value)),
  $isNumber: fixed(1, (value) => isNumeric(value)),
  $toString: fixed(1, (value) => convert(value, 'string')),
  $toInt: fixed(1, (value) => convert(value, 'int')),
  $toLong: fixed(1, (value) => convert(value, 'long')),
  $toDouble: fixed(1, (value) => convert(value, 'double')),
  $toDecimal: fixed(1, (value) => convert(value, 'decimal')),
  $toBool: fixed(1, (value) => convert(value, 'bool')),
  $toDate: fixed(1, (value) => convert(value, 'date')),
  $toObjectId: fixed(1, (value) => (nothing(value) ? null : value instanceof ObjectId ? value : convert(value, 'objectId'))),
};
