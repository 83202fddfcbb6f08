import { parseInProcess } from '../../shared/platform/files/file-parser.js';
import { readSheet } from '../../shared/platform/files/sheet-reader.js';
import { listDates } from './list-dates.js';
import { readConsents, type ListContext } from '../consents/consent-import.js';

const MOST_ROWS = 100_000;
const MOST_COLUMNS = 30;

parseInProcess(({ bytes, zone, ...context }: ListContext & { readonly bytes: Uint8Array; readonly zone: string }) =>
  // One more row, for the headers.
  readConsents(readSheet(bytes, { rows: MOST_ROWS + 1, columns: MOST_COLUMNS }), context, listDates(zone)),
);
