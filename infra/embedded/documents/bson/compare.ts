import { Binary, BSONRegExp, BSONSymbol, Code, Decimal128, Double, MinKey, ObjectId, Timestamp } from 'bson';
import { epochMsOf } from './date.js';
import { Doc, type Value } from './document.js';
import { compareNumeric, isNumeric } from './numeric.js';

/** MongoDB's order of types; values of one rank are compared with each other, others by rank alone. A missing value sorts as null. */
export const rank = {
  minKey: 1,
  missing: 2,
  null: 3,
  number: 4,
  string: 5,
  object: 6,
  array: 7,
  binary: 8,
  objectId: 9,
  boolean: 10,
  date: 11,
  timestamp: 12,
  regex: 13,
  code: 14,
  maxKey: 15,
} as const;

export function rankOf(value: Value | undefined): number {
  if (value === undefined) return rank.missing;
  if (value === null) return rank.null;
  switch (typeof value) {
    case 'string':
      return rank.string;
    case 'number':
    case 'bigint':
      return rank.number;
    case 'boolean':
      return rank.boolean;
    default:
      return rankOfObject(value);
  }
}

function rankOfObject(value: Exclude<Value, null | boolean | number | bigint | string>): number {
  if (value instanceof Doc) return rank.object;
  if (Array.isArray(value)) return rank.array;
  if (value instanceof ObjectId) return rank.objectId;
  if (value instanceof Date) return rank.date;
  if (value instanceof Double || value instanceof Decimal128) return rank.number;
  if (value instanceof Binary) return rank.binary;
  if (value instanceof BSONRegExp) return rank.regex;
  // Timestamp extends Long, but no Long can be mistaken for it here: Int64 is a bigint in this model.
  if (value instanceof Timestamp) return rank.timestamp;
  if (value instanceof BSONSymbol) return rank.string;
  if (value instanceof Code) return rank.code;
  return value instanceof MinKey ? rank.minKey : rank.maxKey;
}

/** Total order of BSON values as MongoDB sorts them: -1, 0 or 1. */
export function compare(a: Value | undefined, b: Value | undefined): number {
  if (a === b && !Array.isArray(a)) return 0;
  const left = rankOf(a);
  const right = rankOf(b);
  return left !== right ? (left < right ? -1 : 1) : compareSameRank(a, b);
}

export function equal(a: Value | undefined, b: Value | undefined): boolean {
  return compare(a, b) === 0;
}

function compareSameRank(a: Value | undefined, b: Value | undefined): number {
  if (isNumeric(a) && isNumeric(b)) return compareNumeric(a, b);
  if (typeof a === 'boolean') return a === b ? 0 : a ? 1 : -1;
  if (a instanceof Date && b instanceof Date) return order(a.getTime(), b.getTime()) || order(epochMsOf(a), epochMsOf(b));
  if (a instanceof ObjectId && b instanceof ObjectId) return Buffer.compare(a.id, b.id);
  if (a instanceof Doc && b instanceof Doc) return compareDocuments(a, b);
  if (Array.isArray(a) && Array.isArray(b)) return compareArrays(a, b);
  if (a instanceof Binary && b instanceof Binary) return compareBinary(a, b);
  if (a instanceof BSONRegExp && b instanceof BSONRegExp) return compareText(a.pattern, b.pattern) || compareText(a.options, b.options);
  if (a instanceof Timestamp && b instanceof Timestamp) return order(a.t, b.t) || order(a.i, b.i);
  if (a instanceof Code && b instanceof Code) return compareText(a.code, b.code);
  const left = text(a);
  const right = text(b);
  return left === undefined || right === undefined ? 0 : compareText(left, right);
}

function text(value: Value | undefined): string | undefined {
  return value instanceof BSONSymbol ? value.value : typeof value === 'string' ? value : undefined;
}

function order<T extends number | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Binary order of the UTF-8 forms; JavaScript's own order differs for characters outside the basic plane. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left !== right) return order(utf8Weight(left), utf8Weight(right));
  }
  return order(a.length, b.length);
}

/** Surrogates stand for code points above every other unit. */
function utf8Weight(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

function compareBinary(a: Binary, b: Binary): number {
  return order(a.position, b.position) || order(a.sub_type, b.sub_type) || Buffer.compare(bytesOf(a), bytesOf(b));
}

function bytesOf(value: Binary): Uint8Array {
  return value.buffer.subarray(0, value.position);
}

/** Field by field: type, then name, then value; key order counts. */
function compareDocuments(a: Doc, b: Doc): number {
  const left = a.entries();
  const right = b.entries();
  for (;;) {
    const x = left.next();
    const y = right.next();
    if (x.done === true || y.done === true) return x.done === y.done ? 0 : x.done === true ? -1 : 1;
    const [name, value] = x.value;
    const [otherName, otherValue] = y.value;
    const result = order(rankOf(value), rankOf(otherValue)) || compareText(name, otherName) || compare(value, otherValue);
    if (result !== 0) return result;
  }
}

function compareArrays(a: readonly Value[], b: readonly Value[]): number {
  for (let at = 0; at < a.length && at < b.length; at += 1) {
    const result = compare(a[at], b[at]);
    if (result !== 0) return result;
  }
  return order(a.length, b.length);
}
