import { createHash } from 'node:crypto';

/** The bytes of a recording that stands in the archive: as long as its row says, and no other call has the same. */
export function soundOf(callId: string, sizeBytes: number): Buffer {
  const seed = createHash('sha512').update(callId).digest();
  const body = Buffer.alloc(sizeBytes, seed);
  body.write('OggS');
  return body;
}
