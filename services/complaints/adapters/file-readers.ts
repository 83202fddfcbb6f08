import { createFileParser } from '../../shared/platform/files/file-parser.js';
import type { ImportVerdict, ReadLines } from '../intake/import-lines.js';
import type { ReceivedMail } from '../intake/mail-intake.js';

const parseLines = createFileParser(import.meta.url, 'lines-process');
const parseMail = createFileParser(import.meta.url, 'mail-process');

/** Readers for files of people and strangers, each in its own process. */
export const readLines: ReadLines = async (file) => (await parseLines(file)) as ImportVerdict;
export const readMail = async (raw: Uint8Array): Promise<ReceivedMail> => (await parseMail(raw)) as ReceivedMail;
