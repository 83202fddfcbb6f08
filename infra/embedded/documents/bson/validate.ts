import { MongoError } from './errors.js';

/** MongoDB's own limit of nesting for stored documents. */
const maxDepth = 180;

/**
 * Checks one BSON document from `start` and returns its end. After this, reading it cannot run out of its bounds.
 *
 * @throws MongoError InvalidBSON for wrong lengths, unknown types, missing terminators or nesting deeper than 180.
 */
export function validateBson(bytes: Buffer, start: number, limit: number, depth = 0): number {
  if (depth > maxDepth) throw invalid(`nested deeper than ${maxDepth} levels`);
  if (start + 5 > limit) throw invalid('too short');
  const size = bytes.readInt32LE(start);
  const end = start + size;
  if (size < 5 || end > limit || bytes[end - 1] !== 0) throw invalid('wrong length');
  let at = start + 4;
  while (at < end - 1) {
    const type = bytes[at] ?? 0;
    const nameEnd = cstringEnd(bytes, at + 1, end);
    at = valueEnd(bytes, type, nameEnd, end - 1, depth);
    if (at > end - 1) throw invalid('a value runs over the end');
  }
  return end;
}

/** Whether the bytes are exactly one BSON document. */
export function isBson(bytes: Buffer): boolean {
  try {
    return validateBson(bytes, 0, bytes.length) === bytes.length;
  } catch {
    return false;
  }
}

function valueEnd(bytes: Buffer, type: number, at: number, limit: number, depth: number): number {
  switch (type) {
    case 0x01:
    case 0x09:
    case 0x11:
    case 0x12:
      return at + 8;
    case 0x02:
    case 0x0d:
    case 0x0e: {
      const size = lengthAt(bytes, at, limit, 1);
      if (bytes[at + 3 + size] !== 0) throw invalid('a string has no terminator');
      return at + 4 + size;
    }
    case 0x03:
    case 0x04:
      return validateBson(bytes, at, limit, depth + 1);
    case 0x05:
      return at + 5 + lengthAt(bytes, at, limit - 1, 0);
    case 0x06:
    case 0x0a:
    case 0x7f:
    case 0xff:
      return at;
    case 0x07:
      return at + 12;
    case 0x08:
      if ((bytes[at] ?? 2) > 1) throw invalid('a boolean is neither 0 nor 1');
      return at + 1;
    case 0x0b: {
      const options = cstringEnd(bytes, at, limit);
      const end = cstringEnd(bytes, options, limit);
      if (!/^[imslux]*$/.test(bytes.toString('latin1', options, end - 1))) throw invalid('a regular expression has unknown options');
      return end;
    }
    case 0x10:
      return at + 4;
    case 0x13:
      return at + 16;
    default:
      throw invalid(`type 0x${type.toString(16)} is not supported`);
  }
}

function lengthAt(bytes: Buffer, at: number, limit: number, least: number): number {
  if (at + 4 > limit) throw invalid('too short');
  const size = bytes.readInt32LE(at);
  if (size < least || at + 4 + size > limit) throw invalid('wrong length');
  return size;
}

function cstringEnd(bytes: Buffer, at: number, limit: number): number {
  const end = bytes.indexOf(0, at);
  if (end < 0 || end >= limit) throw invalid('a name has no terminator');
  return end + 1;
}

function invalid(why: string): MongoError {
  return new MongoError('InvalidBSON', `Invalid BSON: ${why}`);
}
