import { createHash } from 'node:crypto';
import type { CustomerField } from '../../shared/contracts/customer.js';
import { createFileParser } from '../../shared/platform/files/file-parser.js';
import type { ReadCustomers } from '../customer-list.js';

const parse = createFileParser(import.meta.url, 'customers-process', { wallMs: 60_000, heapMb: 512 });

/** Reads an uploaded list in its own process. Also returns the hash of the file. */
export async function readCustomerFile(
  bytes: Uint8Array,
  fields: readonly CustomerField[],
): Promise<ReadCustomers & { readonly sha256: string }> {
  const list = (await parse({ bytes, fields })) as ReadCustomers;
  return { ...list, sha256: createHash('sha256').update(bytes).digest('hex') };
}
