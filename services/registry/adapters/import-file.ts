import { createFileParser } from '../../shared/platform/file-parser.js';
import type { ReadImportFile } from '../ports.js';

/** Reads an uploaded sheet in a thread. */
export const readImportFile: ReadImportFile = createFileParser(import.meta.url, 'import-file-thread');
