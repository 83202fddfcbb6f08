import { Binary, BSONRegExp, BSONSymbol, Code, Decimal128, Double, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import { dateOf } from './date.js';
import { MongoError } from './errors.js';

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

const nameBytes = new Map<string, Buffer>();

/** UTF-8 of a field name, cached because scans ask for the same few names for every document. */
function bytesOf(name: string): Buffer {
  let bytes = nameBytes.get(name);
  if (bytes === undefined) {
    if (nameBytes.size > 4096) nameBytes.clear();
    bytes = Buffer.from(name, 'utf8');
    nameBytes.set(name, bytes);
  }
  return bytes;
}

/**
 * A BSON document that decodes only what is asked for.
 *
 * Backed by bytes it is read field by field; the first change turns it into a list of keys and values. Key order is kept, also for names that
 * look like numbers. The bytes must have passed `validateBson`. A child may be changed only after the parent was materialised (`own`).
 */
export class Doc {
  #bytes: Buffer | undefined;
  readonly #start: number;
  #keys: string[] = [];
  #values: Value[] = [];

  private constructor(bytes: Buffer | undefined, start: number) {
    this.#bytes = bytes;
    this.#start = start;
  }

  static fromBytes(bytes: Buffer, start = 0): Doc {
    return new Doc(bytes, start);
  }

  static empty(): Doc {
    return new Doc(undefined, 0);
  }

  /** Builds a document; entries whose value is undefined are left out. */
  static of(fields: Readonly<Record<string, Value | undefined>>): Doc {
    const doc = Doc.empty();
    for (const [name, value] of Object.entries(fields)) if (value !== undefined) doc.append(name, value);
    return doc;
  }

  static fromEntries(entries: Iterable<readonly [string, Value]>): Doc {
    const doc = Doc.empty();
    for (const [name, value] of entries) doc.append(name, value);
    return doc;
  }

  /** Its length in bytes; undefined once something was changed. */
  get rawLength(): number | undefined {
    return this.#bytes?.readInt32LE(this.#start);
  }

  /** Copies the original bytes into a buffer that has room for them; returns where they end, or undefined when something was changed. */
  copyRaw(target: Buffer, at: number): number | undefined {
    const length = this.rawLength;
    if (length === undefined) return undefined;
    this.#bytes?.copy(target, at, this.#start, this.#start + length);
    return at + length;
  }

  /** The original bytes; undefined once something was changed. */
  get raw(): Buffer | undefined {
    return this.#bytes?.subarray(this.#start, this.#start + this.#bytes.readInt32LE(this.#start));
  }

  get(name: string): Value | undefined {
    const bytes = this.#bytes;
    if (bytes === undefined) {
      const index = this.#keys.indexOf(name);
      return index < 0 ? undefined : this.#values[index];
    }
    const wanted = bytesOf(name);
    const at = locate(bytes, this.#start, wanted);
    return at < 0 ? undefined : decodeValue(bytes, bytes[at] ?? 0, at + wanted.length + 2);
  }

  has(name: string): boolean {
    return this.#bytes === undefined ? this.#keys.includes(name) : locate(this.#bytes, this.#start, bytesOf(name)) >= 0;
  }

  /** Whether a field has the same bytes in both, or is in neither; false when only decoding could tell. */
  sharesField(other: Doc, name: string): boolean {
    const mine = this.#bytes;
    const theirs = other.#bytes;
    if (mine === undefined || theirs === undefined) return false;
    const wanted = bytesOf(name);
    const at = locate(mine, this.#start, wanted);
    const there = locate(theirs, other.#start, wanted);
    if (at < 0 || there < 0) return at === there;
    const head = wanted.length + 2;
    const size = head + valueSize(mine, mine[at] ?? 0, at + head);
    // When the two differ in size, the bytes already differ in the type or in the leading length.
    return there + size <= theirs.length && mine.compare(theirs, there, there + size, at, at + size) === 0;
  }

  keys(): readonly string[] {
    this.#decode();
    return this.#keys;
  }

  *entries(): Generator<[string, Value]> {
    const bytes = this.#bytes;
    if (bytes === undefined) {
      for (const [index, name] of this.#keys.entries()) yield [name, this.#values[index] ?? null];
      return;
    }
    let at = this.#start + 4;
    for (let type = bytes[at] ?? 0; type !== 0; type = bytes[at] ?? 0) {
      const end = bytes.indexOf(0, at + 1);
      const name = bytes.toString('utf8', at + 1, end);
      yield [name, decodeValue(bytes, type, end + 1)];
      at = end + 1 + valueSize(bytes, type, end + 1);
    }
  }

  /** The name of the first field (the command, the operator), or undefined for an empty document. */
  firstKey(): string | undefined {
    const bytes = this.#bytes;
    if (bytes === undefined) return this.#keys[0];
    const at = this.#start + 4;
    return bytes[at] === 0 ? undefined : bytes.toString('utf8', at + 1, bytes.indexOf(0, at + 1));
  }

  get size(): number {
    return this.keys().length;
  }

  set(name: string, value: Value): void {
    this.#materialise();
    const index = this.#keys.indexOf(name);
    if (index < 0) this.append(name, value);
    else this.#values[index] = value;
  }

  /** Adds a field that is known to be new. */
  append(name: string, value: Value): void {
    this.#materialise();
    this.#keys.push(name);
    this.#values.push(value);
  }

  prepend(name: string, value: Value): void {
    this.#materialise();
    this.#keys.unshift(name);
    this.#values.unshift(value);
  }

  delete(name: string): boolean {
    this.#materialise();
    const index = this.#keys.indexOf(name);
    if (index < 0) return false;
    this.#keys.splice(index, 1);
    this.#values.splice(index, 1);
    return true;
  }

  /** The field's value as a part of this document: changes to it are changes to the document. */
  own(name: string): Value | undefined {
    this.#materialise();
    return this.get(name);
  }

  /** A copy whose own fields may be changed without touching this one. */
  clone(): Doc {
    return Doc.fromEntries(this.entries());
  }

  #materialise(): void {
    this.#decode();
    this.#bytes = undefined;
  }

  #decode(): void {
    if (this.#bytes === undefined || this.#keys.length > 0) return;
    for (const [name, value] of this.entries()) {
      this.#keys.push(name);
      this.#values.push(value);
    }
  }
}

/** Where the field `wanted` of the document at `start` begins (at its type byte); -1 when there is none. */
function locate(bytes: Buffer, start: number, wanted: Buffer): number {
  const length = wanted.length;
  let at = start + 4;
  for (let type = bytes[at] ?? 0; type !== 0; type = bytes[at] ?? 0) {
    const nameAt = at + 1;
    let same = 0;
    while (same < length && bytes[nameAt + same] === wanted[same]) same += 1;
    if (same === length && bytes[nameAt + same] === 0) return at;
    at = bytes.indexOf(0, nameAt + (same < length ? same : 0)) + 1;
    at += valueSize(bytes, type, at);
  }
  return -1;
}

/** Bytes that a value of `type` occupies at `at`; the bytes were validated before. */
export function valueSize(bytes: Buffer, type: number, at: number): number {
  switch (type) {
    case 0x01:
    case 0x09:
    case 0x11:
    case 0x12:
      return 8;
    case 0x02:
    case 0x0d:
    case 0x0e:
      return 4 + bytes.readInt32LE(at);
    case 0x03:
    case 0x04:
    case 0x0f:
      return bytes.readInt32LE(at);
    case 0x05:
      return 5 + bytes.readInt32LE(at);
    case 0x06:
    case 0x0a:
    case 0x7f:
    case 0xff:
      return 0;
    case 0x07:
      return 12;
    case 0x08:
      return 1;
    case 0x0b:
      return bytes.indexOf(0, bytes.indexOf(0, at) + 1) + 1 - at;
    case 0x0c:
      return 16 + bytes.readInt32LE(at);
    case 0x10:
      return 4;
    case 0x13:
      return 16;
    default:
      throw new MongoError('InvalidBSON', `Unrecognized BSON type ${type}`);
  }
}

function decodeValue(bytes: Buffer, type: number, at: number): Value {
  switch (type) {
    case 0x01: {
      const value = bytes.readDoubleLE(at);
      return isInt32(value) ? new Double(value) : value;
    }
    case 0x02:
      return bytes.toString('utf8', at + 4, at + 3 + bytes.readInt32LE(at));
    case 0x03:
      return Doc.fromBytes(bytes, at);
    case 0x04:
      return decodeArray(bytes, at);
    case 0x05: {
      const subType = bytes[at + 4] ?? 0;
      return new Binary(bytes.subarray(at + 5, at + 5 + bytes.readInt32LE(at)), subType);
    }
    // `undefined` is deprecated in BSON and sorts beside null; it is read as null.
    case 0x06:
    case 0x0a:
      return null;
    case 0x07:
      return new ObjectId(bytes.subarray(at, at + 12));
    case 0x08:
      return bytes[at] === 1;
    case 0x09:
      return dateOf(bytes.readBigInt64LE(at));
    case 0x0b: {
      const end = bytes.indexOf(0, at);
      return new BSONRegExp(bytes.toString('utf8', at, end), bytes.toString('latin1', end + 1, bytes.indexOf(0, end + 1)));
    }
    case 0x0d:
      return new Code(bytes.toString('utf8', at + 4, at + 3 + bytes.readInt32LE(at)));
    case 0x0e:
      return new BSONSymbol(bytes.toString('utf8', at + 4, at + 3 + bytes.readInt32LE(at)));
    case 0x10:
      return bytes.readInt32LE(at);
    case 0x11:
      return new Timestamp({ t: bytes.readUInt32LE(at + 4), i: bytes.readUInt32LE(at) });
    case 0x12:
      return bytes.readBigInt64LE(at);
    case 0x13:
      return new Decimal128(bytes.subarray(at, at + 16));
    case 0x7f:
      return new MaxKey();
    case 0xff:
      return new MinKey();
    default:
      throw new MongoError('InvalidBSON', `BSON type 0x${type.toString(16)} is not supported`);
  }
}

function decodeArray(bytes: Buffer, start: number): Value[] {
  const values: Value[] = [];
  let at = start + 4;
  for (let type = bytes[at] ?? 0; type !== 0; type = bytes[at] ?? 0) {
    const end = bytes.indexOf(0, at + 1);
    values.push(decodeValue(bytes, type, end + 1));
    at = end + 1 + valueSize(bytes, type, end + 1);
  }
  return values;
}
