import type { Binary, BSONRegExp, BSONSymbol, Code, Decimal128, Double, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import type { Doc } from './document.js';

/**
 * A BSON value in memory, without loss of type.
 *
 * - `number` is an Int32 when it is an integer of 32 bits (and not -0), otherwise a Double;
 * - `Double` is used only for a double whose value would otherwise read as an Int32 (`5.0`);
 * - `bigint` is an Int64;
 * - documents are `Doc`, which keeps key order and stays undecoded until it is asked.
 *
 * A missing field is `undefined`; it is never stored.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Double
  | Date
  | ObjectId
  | Binary
  | Decimal128
  | BSONRegExp
  | BSONSymbol
  | Timestamp
  | Code
  | MinKey
  | MaxKey
  | Doc
  | Value[];

/** A numeric value of any of the four BSON types. */
export type Numeric = number | bigint | Double | Decimal128;

/** True when a plain number stands for a BSON Int32. */
export function isInt32(value: number): boolean {
  return (value | 0) === value && !Object.is(value, -0);
}
