import type { FigureReport, ReportRow } from '../../../../services/shared/contracts/api/figures.js';

type Part = Pick<FigureReport, 'rows' | 'rowCount'>;

/** So often a report whose rows became more or fewer while they were read is read from the beginning. */
const MOST_TRIES = 3;

/** The report had other rows each time it was read. */
export class RowsChange extends Error {}

/** All rows of a report, of which the server sends a part at a time. Fails with `RowsChange`, and as `readFrom` fails. */
export async function allRowsOf(
  readFrom: (skip: number) => Promise<Part>,
  onRead: (done: number, all: number) => void,
): Promise<ReportRow[]> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const rows = await rowsAtOnce(readFrom, onRead);
    if (rows !== undefined) return rows;
  }
  throw new RowsChange('the rows of the report change');
}

/** Undefined when there were other rows in between: one would be twice in the file, or missing. */
async function rowsAtOnce(
  readFrom: (skip: number) => Promise<Part>,
  onRead: (done: number, all: number) => void,
): Promise<ReportRow[] | undefined> {
  const rows = new Map<string, ReportRow>();
  let all: number | undefined;
  let skip = 0;
  do {
    const part = await readFrom(skip);
    all ??= part.rowCount;
    if (part.rowCount !== all || (part.rows.length === 0 && skip < all)) return undefined;
    for (const row of part.rows) rows.set(`${row.start}|${row.scope}`, row);
    skip += part.rows.length;
    onRead(skip, all);
  } while (skip < all);
  return rows.size === all ? [...rows.values()] : undefined;
}
