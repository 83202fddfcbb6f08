import { crc32 } from 'node:zlib';
import type { CallId } from '../../../shared/domain/ids.js';

const ENTRY_HEADER_BYTES = 20;

/** Used instead of a position in the packet file. */
export const CALL_BEGUN = -1;
export const CALL_SEALED = -2;
export const CALL_REMOVED = -3;

/** Bytes of a call's packet file with their position, or one of the three values above. */
export interface JournalEntry {
  readonly callId: CallId;
  readonly at: number;
  readonly body: Uint8Array;
}

/** u32 length of the body | u32 CRC-32 of the rest | f64 place in the file | u32 length of the id | id | body */
export function entryHeader({ callId, at, body }: JournalEntry): Uint8Array {
  const id = Buffer.from(callId);
  const header = Buffer.alloc(ENTRY_HEADER_BYTES + id.length);
  header.writeUInt32BE(body.length, 0);
  header.writeDoubleBE(at, 8);
  header.writeUInt32BE(id.length, 16);
  id.copy(header, ENTRY_HEADER_BYTES);
  header.writeUInt32BE(crc32(body, crc32(header.subarray(8))), 4);
  return header;
}

/** The entries from the start of `bytes` up to the first torn one. */
export function* wholeEntries(bytes: Buffer): Generator<JournalEntry> {
  for (let from = 0; from + ENTRY_HEADER_BYTES <= bytes.length;) {
    const bodyStart = from + ENTRY_HEADER_BYTES + bytes.readUInt32BE(from + 16);
    const end = bodyStart + bytes.readUInt32BE(from);
    if (end > bytes.length || crc32(bytes.subarray(from + 8, end)) !== bytes.readUInt32BE(from + 4)) return;
    const callId = bytes.toString('utf8', from + ENTRY_HEADER_BYTES, bodyStart);
    yield { callId, at: bytes.readDoubleBE(from + 8), body: bytes.subarray(bodyStart, end) };
    from = end;
  }
}
