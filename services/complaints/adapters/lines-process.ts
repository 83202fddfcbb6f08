import { parse } from 'csv-parse/sync';
import { CallCentreError } from '../../shared/domain/failure.js';
import { overLimit, parseInProcess } from '../../shared/platform/files/file-parser.js';
import { readImport } from '../intake/import-lines.js';

const MAX_LINES = 20_000;
const MAX_COLUMNS = 64;
const MAX_LINE_CHARACTERS = 200_000;

interface LinesFile {
  readonly csv: Uint8Array;
  readonly now: Date;
  readonly clientUnits: readonly string[];
}

function readCsv(csv: string): Record<string, unknown>[] {
  const lines = parsed(csv);
  if (lines.length > MAX_LINES) throw overLimit('rows', MAX_LINES, `The file has more than ${MAX_LINES} lines.`);
  if (Object.keys(lines[0] ?? {}).length > MAX_COLUMNS)
    throw overLimit('columns', MAX_COLUMNS, `The file has more than ${MAX_COLUMNS} columns.`);
  return lines;
}

function parsed(csv: string): Record<string, unknown>[] {
  try {
    return parse(csv, {
      columns: true,
      bom: true,
      skip_empty_lines: true,
      trim: true,
      to: MAX_LINES + 1,
      max_record_size: MAX_LINE_CHARACTERS,
    });
  } catch (error) {
    throw new CallCentreError('invalid-request', 'This is not a readable CSV file.', {
      cause: error,
      details: { line: lineOf(error) },
    });
  }
}

const lineOf = (error: unknown): number | null =>
  error instanceof Error && 'lines' in error && typeof error.lines === 'number' ? error.lines : null;

parseInProcess(({ csv, now, clientUnits }: LinesFile) => {
  const verdict = readImport(readCsv(Buffer.from(csv).toString('utf8')), now, clientUnits);
  // With a single fault nothing is imported, so no line needs to be sent.
  return verdict.faultCount > 0 ? { ...verdict, lines: [] } : verdict;
});
