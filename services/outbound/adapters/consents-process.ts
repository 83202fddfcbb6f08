import { parseInProcess } from '../../shared/platform/file-parser.js';
import { readSheet } from '../../shared/platform/sheet-reader.js';
import { readConsents, type ListContext } from '../consent-import.js';

const MOST_ROWS = 100_000;
const MOST_COLUMNS = 30;

parseInProcess(({ bytes, ...context }: ListContext & { readonly bytes: Uint8Array }) =>
  // One more for the heads.
  readConsents(readSheet(bytes, { rows: MOST_ROWS + 1, columns: MOST_COLUMNS }), context),
);
