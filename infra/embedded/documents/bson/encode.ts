import { Binary, BSONRegExp, BSONSymbol, Code, Decimal128, Double, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import { epochMsOf } from './date.js';
import { Doc, type Value, isInt32 } from './document.js';
import { MongoError } from './errors.js';

/** MongoDB's limit for one stored document. */
export const maxDocumentBytes = 16 * 1024 * 1024;
/** A reply may be larger than a document by the envelope around it. */
const maxReplyBytes = 48_000_000;

const scratchBytes = 64 * 1024;
/** A larger buffer is replaced, so that one large reply does not keep its memory for good. */
const keptScratchBytes = 2 * 1024 * 1024;
let scratch = Buffer.allocUnsafe(scratchBytes);

/** BSON of a document, in a buffer of its own. @throws MongoError BSONObjectTooLarge over `limitBytes`. */
export function encode(doc: Doc, limitBytes = maxReplyBytes): Buffer {
  const { raw } = doc;
  const bytes = raw ?? encodeChanged(doc);
  if (bytes.length > limitBytes) {
    throw new MongoError('BSONObjectTooLarge', `BSONObj size: ${bytes.length} is invalid. Size must be between 0 and ${limitBytes}`);
  }
  return bytes;
}

function encodeChanged(doc: Doc): Buffer {
  // Measured first: writing may replace `scratch` by a larger one.
  const size = writeDocument(doc, 0);
  return written(size);
}

/** The content of `scratch`: a copy where it is small, else `scratch` itself, which is replaced. */
function written(end: number): Buffer {
  const bytes = scratch.subarray(0, end);
  if (scratch.length <= keptScratchBytes) return Buffer.from(bytes);
  scratch = Buffer.allocUnsafe(scratchBytes);
  return bytes;
}

/** BSON of a reply, after `headBytes` bytes that the caller fills. @throws MongoError BSONObjectTooLarge */
export function encodeAfter(doc: Doc, headBytes: number): Buffer {
  const end = writeDocument(doc, headBytes);
  if (end > maxReplyBytes) throw new MongoError('BSONObjectTooLarge', `A reply of ${end} bytes is too large`);
  return written(end);
}

/**
 * BSON of a reply in memory of its own, which may be handed to another thread. `expectedBytes` is about how long it will be.
 * @throws MongoError BSONObjectTooLarge
 */
export function encodeAlone(doc: Doc, expectedBytes: number): Uint8Array<ArrayBuffer> {
  const kept = scratch;
  scratch = Buffer.allocUnsafeSlow(expectedBytes);
  try {
    const end = writeDocument(doc, 0);
    if (end > maxReplyBytes) throw new MongoError('BSONObjectTooLarge', `A reply of ${end} bytes is too large`);
    return new Uint8Array(scratch.buffer, scratch.byteOffset, end);
  } finally {
    scratch = kept;
  }
}

function reserve(at: number, bytes: number): void {
  if (at + bytes <= scratch.length) return;
  if (at + bytes > maxReplyBytes * 2) throw new MongoError('BSONObjectTooLarge', 'The document is too large to be encoded');
  // A buffer of its own: a slice of Node's pool cannot be handed to another thread.
  const larger = Buffer.allocUnsafeSlow(Math.max(scratch.length * 2, at + bytes));
  scratch.copy(larger, 0, 0, at);
  scratch = larger;
}

function writeDocument(doc: Doc, start: number): number {
  const { rawLength } = doc;
  if (rawLength !== undefined) {
    reserve(start, rawLength);
    return doc.copyRaw(scratch, start) ?? start;
  }
  let at = start + 4;
  for (const [name, value] of doc.entries()) at = writeElement(name, value, at);
  return close(start, at);
}

function writeArray(values: readonly Value[], start: number): number {
  let at = start + 4;
  for (let index = 0; index < values.length; index += 1) at = writeElement(String(index), values[index] ?? null, at);
  return close(start, at);
}

function close(start: number, at: number): number {
  reserve(at, 1);
  scratch[at] = 0;
  scratch.writeInt32LE(at + 1 - start, start);
  return at + 1;
}

function writeElement(name: string, value: Value, start: number): number {
  reserve(start, name.length * 3 + 32);
  const at = start + 1 + writeCString(name, start + 1);
  if (typeof value === 'string') return writeString(0x02, value, start, at);
  if (typeof value === 'number') return writeNumber(value, start, at);
  if (typeof value === 'boolean') {
    scratch[start] = 0x08;
    scratch[at] = value ? 1 : 0;
    return at + 1;
  }
  if (value === null) {
    scratch[start] = 0x0a;
    return at;
  }
  if (typeof value === 'bigint') {
    scratch[start] = 0x12;
    scratch.writeBigInt64LE(BigInt.asIntN(64, value), at);
    return at + 8;
  }
  if (value instanceof Doc) {
    scratch[start] = 0x03;
    return writeDocument(value, at);
  }
  if (Array.isArray(value)) {
    scratch[start] = 0x04;
    return writeArray(value, at);
  }
  return writeObject(value, start, at);
}

function writeNumber(value: number, start: number, at: number): number {
  if (isInt32(value)) {
    scratch[start] = 0x10;
    scratch.writeInt32LE(value, at);
    return at + 4;
  }
  scratch[start] = 0x01;
  scratch.writeDoubleLE(value, at);
  return at + 8;
}

function writeObject(value: Exclude<Value, null | boolean | number | bigint | string | Doc | Value[]>, start: number, at: number): number {
  if (value instanceof ObjectId) {
    scratch[start] = 0x07;
    scratch.set(value.id, at);
    return at + 12;
  }
  if (value instanceof Date) {
    scratch[start] = 0x09;
    scratch.writeBigInt64LE(epochMsOf(value), at);
    return at + 8;
  }
  if (value instanceof Double) {
    scratch[start] = 0x01;
    scratch.writeDoubleLE(value.value, at);
    return at + 8;
  }
  if (value instanceof Binary) {
    scratch[start] = 0x05;
    reserve(at, value.position + 5);
    scratch.writeInt32LE(value.position, at);
    scratch[at + 4] = value.sub_type;
    scratch.set(value.buffer.subarray(0, value.position), at + 5);
    return at + 5 + value.position;
  }
  if (value instanceof Decimal128) {
    scratch[start] = 0x13;
    scratch.set(value.bytes, at);
    return at + 16;
  }
  if (value instanceof BSONRegExp) {
    scratch[start] = 0x0b;
    reserve(at, (value.pattern.length + value.options.length) * 3 + 2);
    const end = at + writeCString(value.pattern, at);
    return end + writeCString(value.options, end);
  }
  if (value instanceof Timestamp) {
    scratch[start] = 0x11;
    scratch.writeUInt32LE(value.i, at);
    scratch.writeUInt32LE(value.t, at + 4);
    return at + 8;
  }
  if (value instanceof Code) return writeString(0x0d, value.code, start, at);
  if (value instanceof BSONSymbol) return writeString(0x0e, value.value, start, at);
  if (value instanceof MinKey) {
    scratch[start] = 0xff;
    return at;
  }
  if (value instanceof MaxKey) {
    scratch[start] = 0x7f;
    return at;
  }
  throw new MongoError('InternalError', 'A value of an unknown kind cannot be encoded');
}

function writeCString(text: string, at: number): number {
  const bytes = scratch.write(text, at, 'utf8');
  scratch[at + bytes] = 0;
  return bytes + 1;
}

function writeString(type: number, text: string, start: number, at: number): number {
  scratch[start] = type;
  reserve(at, text.length * 3 + 5);
  const bytes = scratch.write(text, at + 4, 'utf8');
  scratch.writeInt32LE(bytes + 1, at);
  scratch[at + 4 + bytes] = 0;
  return at + 5 + bytes;
}
