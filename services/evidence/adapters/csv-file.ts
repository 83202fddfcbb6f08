import { open } from 'node:fs/promises';
import { stringify } from 'csv-stringify/sync';
import type { ReadableRows } from '../quality/readable-rows.js';

const FLUSH_BYTES = 1 << 18;

/** A second file with the same rows, for people. */
export interface BesideCsv {
  readonly path: string;
  readonly rows: Pick<ReadableRows, 'heads' | 'cells'>;
}

/**
 * A file of rows (RFC 4180, UTF-8, times in milliseconds UTC), written as the rows arrive. Each line ends with LF, so that rows can be
 * counted by line ends. A cell never contains a line break. The file beside it begins with a byte order mark and has CR LF, as office
 * programs want it.
 */
export async function writeCsv<Row extends object>(
  path: string,
  columns: readonly (keyof Row & string)[],
  batches: AsyncIterable<readonly Row[]>,
  seen: (row: Row) => void,
  beside?: BesideCsv,
): Promise<number> {
  const main = await openText(path, `${columns.join(',')}\n`);
  let other: TextFile | undefined;
  let count = 0;
  try {
    if (beside !== undefined) other = await openText(beside.path, `\u{feff}${cellsLine(beside.rows.heads)}`);
    for await (const rows of batches) {
      for (const row of rows) {
        seen(row);
        main.add(lineOf(row, columns));
        if (beside !== undefined) other?.add(cellsLine(beside.rows.cells(row)));
      }
      count += rows.length;
      await main.flush(FLUSH_BYTES);
      await other?.flush(FLUSH_BYTES);
    }
    await main.flush();
    await other?.flush();
  } finally {
    await main.close();
    await other?.close();
  }
  return count;
}

interface TextFile {
  add(text: string): void;
  /** Writes the buffered rows once they exceed this many characters. */
  flush(moreThan?: number): Promise<void>;
  close(): Promise<void>;
}

async function openText(path: string, head: string): Promise<TextFile> {
  const handle = await open(path, 'w', 0o600);
  let pending = head;
  return {
    add: (text) => void (pending += text),
    async flush(moreThan = 0) {
      if (pending.length <= moreThan) return;
      const text = pending;
      pending = '';
      await handle.write(text);
    },
    close: () => handle.close(),
  };
}

const needsQuotes = /[",\r\n]/;
/** A line of a table for office programs. */
export const cellsLine = (cells: readonly string[]): string =>
  `${cells.map((cell) => (needsQuotes.test(cell) ? `"${cell.replace(/[\r\n]+/g, ' ').replaceAll('"', '""')}"` : cell)).join(',')}\r\n`;

const plain = /^[\w.+:/-]*$/;

function lineOf<Row extends object>(row: Row, columns: readonly (keyof Row & string)[]): string {
  let line = '';
  for (const column of columns) {
    const cell = row[column];
    const word = cell === undefined || cell === null ? '' : String(cell);
    // Nearly every line needs no quotes; the exact writer is for the others.
    if (typeof cell === 'string' && !plain.test(word)) return quoted(row, columns);
    line += column === columns[0] ? word : `,${word}`;
  }
  return `${line}\n`;
}

const quoted = <Row extends object>(row: Row, columns: readonly (keyof Row & string)[]): string =>
  stringify([
    columns.map((column) => {
      const cell = row[column];
      return cell === undefined || cell === null ? '' : String(cell).replace(/[\r\n]+/g, ' ');
    }),
  ]);
