import type { Connection } from 'mongoose';

type Row = Record<string, unknown> & { readonly _id: string };
type Filter = Readonly<Record<string, unknown>>;

/** The rows of scheduled jobs as the document store keeps them: the operators that the scheduler uses, and no others. */
export class JobRows {
  isAway = false;
  readonly #rows = new Map<string, Row>();

  /** `asked`: takes the time of a question and its answer, and knows whether the process is still there. */
  connection(asked: <T>(work: () => T) => Promise<T>): Connection {
    const updateOne = (filter: Filter, update: Readonly<Record<string, Row>>, { upsert = false } = {}): Promise<object> =>
      asked(() => this.#update(filter, update, upsert));
    return { collection: () => ({ updateOne }) } as unknown as Connection;
  }

  #update(filter: Filter, { $set = {} as Row, $unset = {} as Row }: Readonly<Record<string, Row>>, upsert: boolean): object {
    if (this.isAway) throw new Error('the document store is away');
    const id = String(filter['_id']);
    const row = this.#rows.get(id);
    if (row === undefined && !upsert) return { matchedCount: 0, upsertedCount: 0 };
    if (row !== undefined && !fits(row, filter)) {
      if (upsert) throw Object.assign(new Error('duplicate key'), { code: 11_000 });
      return { matchedCount: 0, upsertedCount: 0 };
    }
    const gone = new Set(Object.keys($unset));
    const kept = Object.entries(row ?? { _id: id }).filter(([field]) => !gone.has(field));
    this.#rows.set(id, Object.assign(Object.fromEntries(kept) as Row, $set));
    return row === undefined ? { matchedCount: 0, upsertedCount: 1 } : { matchedCount: 1, upsertedCount: 0 };
  }
}

const fits = (row: Row, filter: Filter): boolean =>
  Object.entries(filter).every(([field, wanted]) =>
    field === '$or' ? (wanted as Filter[]).some((each) => fits(row, each)) : fitsValue(row[field], wanted),
  );

function fitsValue(value: unknown, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return value === wanted;
  const { $ne, $exists, $lte } = wanted as { readonly $ne?: unknown; readonly $exists?: boolean; readonly $lte?: Date };
  return (
    (!('$ne' in wanted) || value !== $ne) &&
    ($exists === undefined || (value !== undefined) === $exists) &&
    ($lte === undefined || (value instanceof Date && value <= $lte))
  );
}
