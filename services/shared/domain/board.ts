/** All rows of a board, and the number of the change that led to them. */
export interface BoardPicture<Row> {
  readonly version: number;
  readonly rows: readonly Row[];
}

/** One change: for each row the fields that changed (`null`: removed), and the rows that were removed. */
export interface BoardChange {
  readonly version: number;
  readonly put: readonly (readonly [id: string, fields: Readonly<Record<string, unknown>>])[];
  readonly gone: readonly string[];
}

type Rows<Row> = ReadonlyMap<string, Row>;

/** The difference between two sets of rows. No field of a row is itself `null`. */
export function boardDifference<Row extends object>(before: Rows<Row>, after: Rows<Row>): Omit<BoardChange, 'version'> {
  const put: [string, Record<string, unknown>][] = [];
  for (const [id, row] of after) {
    const fields = fieldsThatDiffer(before.get(id) ?? {}, row);
    if (!before.has(id) || Object.keys(fields).length > 0) put.push([id, fields]);
  }
  return { put, gone: [...before.keys()].filter((id) => !after.has(id)) };
}

function fieldsThatDiffer(before: object, after: object): Record<string, unknown> {
  const [was, is] = [new Map<string, unknown>(Object.entries(before)), new Map<string, unknown>(Object.entries(after))];
  const fields: Record<string, unknown> = {};
  for (const [key, value] of is) if (JSON.stringify(was.get(key)) !== JSON.stringify(value)) fields[key] = value;
  for (const key of was.keys()) if (is.get(key) === undefined && was.get(key) !== undefined) fields[key] = null;
  return fields;
}

/** The rows after a change. */
export function boardAfter<Row extends object>(rows: Rows<Row>, { put, gone }: Omit<BoardChange, 'version'>): Map<string, Row> {
  const after = new Map(rows);
  for (const id of gone) after.delete(id);
  for (const [id, fields] of put)
    after.set(id, Object.fromEntries(Object.entries({ ...after.get(id), ...fields }).filter(([, value]) => value !== null)) as Row);
  return after;
}
