import { createHash } from 'node:crypto';
import { Binary, BSONRegExp, BSONSymbol, Code, Decimal128, ObjectId, Timestamp } from 'bson';
import { rank, rankOf } from './compare.js';
import { epochMsOf } from './date.js';
import { Doc, type Numeric, type Value } from './document.js';
import { isNumeric, splitDouble, toDecimal, toNumber } from './numeric.js';

/** Longest encoded field list of an index entry; longer ones keep this many bytes and end in a SHA-256. */
const maxFieldBytes = 1400;

/**
 * Order-preserving binary form of values: comparing the bytes gives MongoDB's order, and values that MongoDB calls equal have equal bytes.
 *
 * A value is its rank byte followed by a self-delimiting payload, so that concatenated keys compare field by field. A descending field has every
 * byte inverted.
 */
class KeyWriter {
  bytes = Buffer.allocUnsafe(256);
  length = 0;

  byte(value: number): void {
    this.#reserve(1);
    this.bytes[this.length] = value;
    this.length += 1;
  }

  raw(source: Uint8Array): void {
    this.#reserve(source.length);
    this.bytes.set(source, this.length);
    this.length += source.length;
  }

  double(value: number): void {
    this.#reserve(8);
    this.bytes.writeDoubleBE(value, this.length);
    this.length += 8;
  }

  /** 00 becomes 00 FF and the end is 00 00, so that a prefix sorts first. */
  escaped(source: Uint8Array): void {
    if (source.includes(0)) {
      for (const value of source) {
        this.byte(value);
        if (value === 0) this.byte(0xff);
      }
    } else this.raw(source);
    this.byte(0);
    this.byte(0);
  }

  invert(from: number): void {
    for (let at = from; at < this.length; at += 1) this.bytes[at] = ~(this.bytes[at] ?? 0);
  }

  #reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + count));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }
}

const writer = new KeyWriter();

/** The key of one value, ascending. */
export function encodeKey(value: Value | undefined): Buffer {
  writer.length = 0;
  writeValue(value);
  return Buffer.from(writer.bytes.subarray(0, writer.length));
}

/** The key of one field of an index: inverted when the field is descending. */
export function encodeField(value: Value | undefined, descending: boolean): Buffer {
  writer.length = 0;
  writeValue(value);
  if (descending) writer.invert(0);
  return Buffer.from(writer.bytes.subarray(0, writer.length));
}

/** Joins the fields of an entry, shortened with a hash when they would not fit the engine's keys. */
export function joinFields(fields: readonly Buffer[]): { readonly key: Buffer; readonly shortened: boolean } {
  const key = fields.length === 1 && fields[0] !== undefined ? fields[0] : Buffer.concat(fields);
  if (key.length <= maxFieldBytes) return { key, shortened: false };
  const hash = createHash('sha256').update(key).digest();
  return { key: Buffer.concat([key.subarray(0, maxFieldBytes), hash]), shortened: true };
}

/** Where the field at `at` of an entry ends; undefined for kinds of values that this function does not measure. */
export function endOfField(key: Buffer, at: number, descending: boolean): number | undefined {
  const byte = (position: number): number => (descending ? ~(key[position] ?? 0) & 0xff : (key[position] ?? 0));
  const payload = at + 1;
  switch (byte(at)) {
    case rank.missing:
    case rank.null:
      return payload;
    case rank.boolean:
      return payload + 1;
    case rank.date:
      return payload + 8;
    case rank.objectId:
      return payload + 12;
    case rank.number: {
      // The sign byte; 0 (NaN) has no number after it. Else a double, then a byte that says whether a remainder follows.
      if (byte(payload) === 0) return payload + 1;
      const remainder = byte(payload + 9) ^ (byte(payload) === 1 ? 0xff : 0);
      return remainder === 0 ? payload + 10 : undefined;
    }
    case rank.string:
      for (let end = payload; end + 1 < key.length; end += 1)
        if (byte(end) === 0) {
          if (byte(end + 1) === 0) return end + 2;
          end += 1;
        }
      return undefined;
    default:
      return undefined;
  }
}

/** Cuts a bound to the length that a shortened entry keeps, which can only widen the range. */
export function cutBound(bound: Buffer): Buffer {
  return bound.length <= maxFieldBytes ? bound : bound.subarray(0, maxFieldBytes);
}

function writeValue(value: Value | undefined): void {
  writer.byte(rankOf(value));
  writePayload(value);
}

function writePayload(value: Value | undefined): void {
  if (value === undefined || value === null) return;
  if (isNumeric(value)) writeNumber(value);
  else if (typeof value === 'string') writer.escaped(Buffer.from(value, 'utf8'));
  else if (value instanceof ObjectId) writer.raw(value.id);
  else if (value instanceof Date) writeDate(value);
  else if (typeof value === 'boolean') writer.byte(value ? 1 : 0);
  else if (value instanceof Doc) writeDocument(value);
  else if (Array.isArray(value)) writeArray(value);
  else if (value instanceof Binary) writeBinary(value);
  else if (value instanceof BSONRegExp) {
    writer.escaped(Buffer.from(value.pattern, 'utf8'));
    writer.escaped(Buffer.from(value.options, 'utf8'));
  } else if (value instanceof BSONSymbol) writer.escaped(Buffer.from(value.value, 'utf8'));
  else if (value instanceof Timestamp) writeUnsigned(value.t, value.i);
  else if (value instanceof Code) writer.escaped(Buffer.from(value.code, 'utf8'));
}

function writeUnsigned(high: number, low: number): void {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeUInt32BE(high);
  bytes.writeUInt32BE(low, 4);
  writer.raw(bytes);
}

function writeDate(value: Date): void {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64BE(BigInt.asUintN(64, epochMsOf(value) ^ (1n << 63n)));
  writer.raw(bytes);
}

function writeBinary(value: Binary): void {
  writeUnsigned(value.position, value.sub_type);
  writer.raw(value.buffer.subarray(0, value.position));
}

function writeDocument(value: Doc): void {
  for (const [name, field] of value.entries()) {
    writer.byte(rankOf(field));
    writer.escaped(Buffer.from(name, 'utf8'));
    writePayload(field);
  }
  writer.byte(0);
}

function writeArray(values: readonly Value[]): void {
  for (const value of values) writeValue(value);
  writer.byte(0);
}

/** 00 NaN, 01 negative (inverted magnitude), 02 zero or positive. */
function writeNumber(value: Numeric): void {
  const nearest = toNumber(value);
  if (Number.isNaN(nearest)) {
    writer.byte(0);
    return;
  }
  const negative = nearest < 0 || (nearest === 0 && value instanceof Decimal128 && isNegative(value));
  writer.byte(negative ? 1 : 2);
  const from = writer.length;
  writeMagnitude(value, nearest);
  if (negative) writer.invert(from);
}

function isNegative(value: Decimal128): boolean {
  const decimal = toDecimal(value);
  return decimal !== undefined && decimal.negative && decimal.coefficient !== 0n;
}

/** The largest double not above |value|, then what remains, so that an Int64 or a Decimal128 between two doubles keeps its place. */
function writeMagnitude(value: Numeric, nearest: number): void {
  const exact = typeof value === 'bigint' || value instanceof Decimal128 ? toDecimal(value) : undefined;
  if (exact === undefined || (typeof value === 'bigint' && Number.isSafeInteger(nearest))) {
    writer.double(Math.abs(nearest));
    writer.byte(0);
    return;
  }
  let double = Math.min(Math.abs(nearest), Number.MAX_VALUE);
  let rest = remainder(exact.coefficient, exact.exponent, double);
  if (rest.numerator < 0n) {
    double = previousDouble(double);
    rest = remainder(exact.coefficient, exact.exponent, double);
  }
  writer.double(double);
  if (rest.numerator === 0n) writer.byte(0);
  else writeRemainder(rest.numerator, rest.denominator);
}

function remainder(coefficient: bigint, exponent: number, double: number): { numerator: bigint; denominator: bigint } {
  const [mantissa, power] = splitDouble(double);
  const tens = 10n ** BigInt(Math.abs(exponent));
  const twos = 1n << BigInt(Math.abs(power));
  const denominator = (exponent < 0 ? tens : 1n) * (power < 0 ? twos : 1n);
  const left = coefficient * (exponent < 0 ? 1n : tens) * (power < 0 ? twos : 1n);
  const right = mantissa * (power < 0 ? 1n : twos) * (exponent < 0 ? tens : 1n);
  return { numerator: left - right, denominator };
}

/** A positive fraction as exponent and 40 digits: enough to tell apart any two values with 34 significant digits. */
function writeRemainder(numerator: bigint, denominator: bigint): void {
  let exponent = numerator.toString().length - denominator.toString().length;
  const scaled = (shift: number): bigint =>
    shift >= 0 ? (numerator * 10n ** BigInt(shift)) / denominator : numerator / (denominator * 10n ** BigInt(-shift));
  let digits = scaled(40 - exponent).toString();
  if (digits.length > 41) exponent += 1;
  else if (digits.length < 41) exponent -= 1;
  digits = digits.slice(0, 40).replace(/0+$/, '');
  writer.byte(1);
  const bytes = Buffer.allocUnsafe(2);
  bytes.writeUInt16BE(exponent + 0x8000);
  writer.raw(bytes);
  writer.raw(Buffer.from(digits, 'latin1'));
  writer.byte(0);
}

function previousDouble(value: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigUint64(0, view.getBigUint64(0) - 1n);
  return view.getFloat64(0);
}
