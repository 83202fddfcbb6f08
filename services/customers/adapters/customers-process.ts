import type { CustomerField } from '../../shared/contracts/customer.js';
import { parseInProcess } from '../../shared/platform/files/file-parser.js';
import { readSheet } from '../../shared/platform/files/sheet-reader.js';
import { readCustomers } from '../customer-list.js';

const MOST_ROWS = 100_000;
const MOST_COLUMNS = 50;

parseInProcess(({ bytes, fields }: { readonly bytes: Uint8Array; readonly fields: readonly CustomerField[] }) =>
  // One more for the headers.
  readCustomers(readSheet(bytes, { rows: MOST_ROWS + 1, columns: MOST_COLUMNS }), fields),
);
