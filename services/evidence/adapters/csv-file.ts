import { open } from 'node:fs/promises';
import { stringify } from 'csv-stringify/sync';

const FLUSH_BYTES = 1 << 18;

/**
 * A file of rows (RFC 4180, UTF-8, times in milliseconds UTC), written as the rows come. Each line ends with LF, so that rows are counted
 * by their ends; a cell never holds a line break.
 */
export async function writeCsv<Row extends object>(
  path: string,
  columns: readonly (keyof Row & string)[],
  rows: AsyncIterable<Row>,
  seen: (row: Row) => void,
): Promise<number> {
  const handle = await open(path, 'w', 0o600);
  let count = 0;
  let pending = `${columns.join(',')}\n`;
  try {
    for await (const row of rows) {
      seen(row);
      pending += lineOf(columns.map((column) => row[column]));
      count += 1;
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

function lineOf(cells: readonly unknown[]): string {
  const words = cells.map((cell) =>
    cell === undefined || cell === null ? '' : String(cell as string | number | boolean).replace(/[\r\n]+/g, ' '),
  );
  // Nearly every line needs no quotes; the exact writer is for the others.
  return words.every((word) => plain.test(word)) ? `${words.join(',')}\n` : stringify([words]);
}
