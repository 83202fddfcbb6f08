import { createFileParser } from '../../shared/platform/file-parser.js';
import type { ReadLines } from '../import-lines.js';
import type { ReceivedMail } from '../intake/mail-intake.js';

/** Files that people and strangers send, each read in a thread. */
export const readLines: ReadLines = createFileParser(import.meta.url, 'lines-thread');
export const readMail: (raw: Uint8Array) => Promise<ReceivedMail> = createFileParser(import.meta.url, 'mail-thread');
