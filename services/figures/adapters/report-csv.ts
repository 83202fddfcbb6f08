import { createHash } from 'node:crypto';
import { stringify } from 'csv-stringify/sync';
import type { ReportSheet } from '../files/report-sheet.js';

/** The rows as CSV (RFC 4180). The byte order mark tells spreadsheets that it is UTF-8. A cell that begins like a formula is escaped. */
export function reportCsv({ columns, rows }: Pick<ReportSheet, 'columns' | 'rows'>): Uint8Array {
  const lines = rows.map((row) => row.map((cell) => (cell === null ? '' : cell)));
  const text = stringify([columns.map(({ head }) => head), ...lines], {
    // A minus before a number is not a formula, so only texts are escaped.
    cast: { string: (value) => (/^[=+\-@\t\r＝＋－＠]/.test(value) ? `'${value}` : value) },
    record_delimiter: '\r\n',
  });
  return Buffer.from(`\uFEFF${text}`, 'utf8');
}

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
