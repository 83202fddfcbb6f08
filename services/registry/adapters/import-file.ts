import { createFileParser } from '../../shared/platform/files/file-parser.js';
import type { ReadImport } from '../import.js';
import type { ReadImportFile } from '../ports.js';

const parse = createFileParser(import.meta.url, 'import-file-process');

/** Reads an uploaded sheet in its own process. */
export const readImportFile: ReadImportFile = async (file) => (await parse(file)) as ReadImport;
