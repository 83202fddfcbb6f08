import { CallCentreError } from '../../shared/domain/failure.js';

/** The whole of an upload. Fails with `too-large` as soon as it is longer than `mostBytes`. */
export async function uploadedBody(stream: AsyncIterable<unknown>, mostBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += (chunk as Buffer).length;
    if (size > mostBytes) throw new CallCentreError('too-large', 'The file is too large.');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
