import { open } from 'node:fs/promises';
import { stringify } from 'csv-stringify/sync';

const FLUSH_BYTES = 1 << 18;

/**
 * A file of rows (RFC 4180, UTF-8, times in milliseconds UTC), written as the rows arrive. Each line ends with LF, so that rows can be
 * counted by line ends. A cell never contains a line break.
 */
export async function writeCsv<Row extends object>(
  path: string,
  columns: readonly (keyof Row & string)[],
  batches: AsyncIterable<readonly Row[]>,
  seen: (row: Row) => void,
): Promise<number> {
  const handle = await open(path, 'w', 0o600);
  let count = 0;
  let pending = `${columns.join(',')}\n`;
  try {
    for await (const rows of batches) {
      for (const row of rows) {
        seen(row);
        pending += lineOf(row, columns);
      }
      count += rows.length;
      if (pending.length > FLUSH_BYTES) {
        await handle.write(pending);
        pending = '';
      }
    }
    await handle.write(pending);
  } finally {
    await handle.close();
  }
  return count;
}

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
