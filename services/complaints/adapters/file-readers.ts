import { createFileParser } from '../../shared/platform/file-parser.js';
import type { ReadLines } from '../import-lines.js';
import type { ReceivedMail } from '../intake/mail-intake.js';

/** Files that people and strangers send, each read in a thread. */
export const readLines = createFileParser<ReadLines>(import.meta.url, 'lines-thread');
export const readMail = createFileParser<(raw: Uint8Array) => Promise<ReceivedMail>>(import.meta.url, 'mail-thread');
