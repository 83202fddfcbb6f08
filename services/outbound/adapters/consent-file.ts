import { createFileParser } from '../../shared/platform/file-parser.js';
import type { ListContext, ReadList } from '../consent-import.js';

const parse = createFileParser(import.meta.url, 'consents-process', { wallMs: 60_000, heapMb: 512 });

/** Reads an uploaded list of consents in a process of its own. */
export const readConsentFile = async (file: ListContext & { readonly bytes: Uint8Array }): Promise<ReadList> =>
  (await parse(file)) as ReadList;
