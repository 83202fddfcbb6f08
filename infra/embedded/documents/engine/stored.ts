import { crc32 } from 'node:zlib';
import { Doc } from '../bson/document.js';
import { MongoError } from '../bson/errors.js';

const checksumBytes = 4;

/** A document as stored in the records table: a CRC-32, then its BSON. The engine has no checksums of its own. */
export function seal(bson: Buffer): Buffer {
  const value = Buffer.allocUnsafe(checksumBytes + bson.length);
  value.writeUInt32BE(crc32(bson));
  bson.copy(value, checksumBytes);
  return value;
}

/** Reads a stored document. @throws MongoError when its bytes are not what was written; other documents are not affected. */
export function unseal(value: Buffer): Doc {
  if (!isIntact(value))
    throw new MongoError('InternalError', 'A stored document is damaged: its checksum does not match. Run the store with --check');
  return Doc.fromBytes(value, checksumBytes);
}

export function isIntact(value: Buffer): boolean {
  if (value.length < checksumBytes + 5) return false;
  // A plain view costs half of what `subarray` does, and this is done for every document of a scan.
  const bson = new Uint8Array(value.buffer, value.byteOffset + checksumBytes, value.length - checksumBytes);
  return crc32(bson) === value.readUInt32BE();
}
