import { createHash } from 'node:crypto';
import { createFileParser } from '../../shared/platform/files/file-parser.js';
import type { ListContext, ReadList } from '../consents/consent-import.js';

const parse = createFileParser(import.meta.url, 'consents-process', { wallMs: 60_000, heapMb: 512 });

type ConsentFile = ListContext & { readonly bytes: Uint8Array; readonly zone: string };

/** Reads an uploaded list of consents in its own process. Also returns the hash of the file. */
export async function readConsentFile(file: ConsentFile): Promise<ReadList & { readonly sha256: string }> {
  const list = (await parse(file)) as ReadList;
  return { ...list, sha256: createHash('sha256').update(file.bytes).digest('hex') };
}
