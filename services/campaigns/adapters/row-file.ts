import { createHash } from 'node:crypto';
import { createFileParser } from '../../shared/platform/files/file-parser.js';
import type { ReadRows } from '../row-import.js';

const parse = createFileParser(import.meta.url, 'rows-process', { wallMs: 60_000, heapMb: 512 });

/** Reads an uploaded list in its own process. Also returns the hash of the file. */
export async function readRowFile(bytes: Uint8Array): Promise<ReadRows & { readonly sha256: string }> {
  const list = (await parse({ bytes })) as ReadRows;
  return { ...list, sha256: createHash('sha256').update(bytes).digest('hex') };
}
