import { parseInProcess } from '../../shared/platform/files/file-parser.js';
import { readSheet } from '../../shared/platform/files/sheet-reader.js';
import { readAccounts } from '../imports/account-list.js';

const MOST_ROWS = 5_000;
const MOST_COLUMNS = 50;

parseInProcess(({ bytes }: { readonly bytes: Uint8Array }) =>
  // One more for the headers.
  readAccounts(readSheet(bytes, { rows: MOST_ROWS + 1, columns: MOST_COLUMNS })),
);
