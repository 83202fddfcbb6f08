import { CallCentreError } from '../../shared/domain/failure.js';
import { parseInProcess } from '../../shared/platform/files/file-parser.js';
import { MAX_IMPORT_ROWS, readImport } from '../import.js';
import { registerNamed } from '../registers.js';
import { readSheet } from '../../shared/platform/files/sheet-reader.js';

/** Columns without a header, which office programs leave at the side of a sheet. */
const SPARE_COLUMNS = 20;

parseInProcess(({ register, bytes }: { readonly register: string; readonly bytes: Uint8Array }) => {
  const known = registerNamed(register);
  if (known === undefined) throw new CallCentreError('not-found', 'There is no such register.');
  // One more for the headers.
  return readImport(known, readSheet(bytes, { rows: MAX_IMPORT_ROWS + 1, columns: known.fields.length + SPARE_COLUMNS }), register);
});
