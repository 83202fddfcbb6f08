import { parseInProcess } from '../../shared/platform/files/file-parser.js';
import { readSheet } from '../../shared/platform/files/sheet-reader.js';
import { readRows } from '../row-import.js';

const MOST_ROWS = 100_000;
const MOST_COLUMNS = 30;

parseInProcess(({ bytes }: { readonly bytes: Uint8Array }) =>
  // One more row, for the headers.
  readRows(readSheet(bytes, { rows: MOST_ROWS + 1, columns: MOST_COLUMNS })),
);
