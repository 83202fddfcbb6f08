import { createHash, randomInt } from 'node:crypto';
import { createFileParser } from '../../shared/platform/files/file-parser.js';
import type { ReadAccounts } from '../imports/account-list.js';

const parse = createFileParser(import.meta.url, 'accounts-process', { wallMs: 30_000, heapMb: 256 });

/** Reads an uploaded list of people in its own process. Also returns the hash of the file. */
async function readFile(bytes: Uint8Array): Promise<ReadAccounts & { readonly sha256: string }> {
  const list = (await parse({ bytes })) as ReadAccounts;
  return { ...list, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** Leaves out letters and digits that are easily confused when they are read out. */
const SIGNS = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const LENGTH = 16;

/** A first password of sixteen random characters (about 93 bits). */
const newPassword = (): string => Array.from({ length: LENGTH }, () => SIGNS.charAt(randomInt(SIGNS.length))).join('');

export const accountFiles = { readFile, newPassword };
