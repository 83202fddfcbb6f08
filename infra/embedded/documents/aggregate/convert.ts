import { Decimal128, ObjectId } from 'bson';
import { dateOf, epochMsOf, FarDate } from '../bson/date.js';
import { MongoError } from '../bson/errors.js';
import { doubleValue, isNumeric, toNumber } from '../bson/numeric.js';
import { typeName } from '../bson/types.js';
import { isInt32, type Value } from '../bson/document.js';

/** The text of a scalar as `$toString` writes it; undefined for what has none (arrays, documents, binary). */
export function toText(value: Value): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (value instanceof Decimal128 || typeof value === 'bigint') return value.toString();
  if (isNumeric(value)) return String(toNumber(value));
  if (value instanceof Date) return nameable(value).toISOString();
  return value instanceof ObjectId ? value.toHexString() : undefined;
}

/** The date, for taking apart or formatting. @throws MongoError for one outside the supported range of years */
export function nameable(date: Date): Date {
  if (date instanceof FarDate)
    throw new MongoError('Overflow', 'Could not convert date to string: date component was outside the supported range');
  return date;
}

/** Converts like `$toInt`, `$toDate` and their family; null and missing stay null. @throws MongoError when there is no such conversion. */
export function convert(value: Value | undefined, to: 'string' | 'int' | 'double' | 'date'): Value {
  if (value === undefined || value === null) return null;
  switch (to) {
    case 'string':
      return toText(value) ?? failed(value, to);
    case 'date':
      return toDate(value);
    case 'int': {
      const number = Math.trunc(numberOf(value, to));
      return isInt32(number + 0) ? number + 0 : failed(value, to);
    }
    case 'double':
      return doubleValue(numberOf(value, to));
  }
}

function numberOf(value: Value, to: string): number {
  if (isNumeric(value)) {
    const number = toNumber(value);
    return to === 'double' || Number.isFinite(number) ? number : failed(value, to);
  }
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Date && to !== 'int') return Number(epochMsOf(value));
  if (typeof value === 'string' && /^\s*[+-]?(\d+(?:\.\d*)?|\.\d+)(e[+-]?\d+)?\s*$/i.test(value)) return Number(value);
  return failed(value, to);
}

function toDate(value: Value): Date {
  if (value instanceof Date) return value;
  if (value instanceof ObjectId) return value.getTimestamp();
  if (typeof value === 'bigint') return dateOf(value);
  if (isNumeric(value)) return dateOf(Math.trunc(toNumber(value)));
  if (typeof value === 'string') {
    // A text without an offset is UTC for MongoDB; JavaScript would take it as local time.
    const date = new Date(/([zZ]|[+-]\d{2}:?\d{2})$/.test(value) || /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : `${value}Z`);
    if (!Number.isNaN(date.getTime())) return date;
  }
  return failed(value, 'date');
}

function failed(value: Value, to: string): never {
  throw new MongoError('BadValue', `Failed to convert a value of type ${typeName(value)} to ${to} in $convert with no onError value`);
}
