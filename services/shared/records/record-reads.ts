/** A filter on rows, as the document store takes it. It can only name fields of the record. */
export type RowFilter<Row> = { readonly [Field in (keyof Row & string) | '$and' | '$or']?: unknown } & {
  readonly [Path in `${keyof Row & string}.${string}`]?: unknown;
};

export interface RowChoice<Row, Field extends keyof Row & string> {
  /** The fields to read, besides the id. */
  readonly fields: readonly Field[];
  readonly sort?: Readonly<Partial<Record<keyof Row & string, 1 | -1>>>;
  readonly skip?: number;
  readonly limit?: number;
  /** Receives each row that does not fit its record, as collection, id and field. The row is left out and reading continues. */
  readonly onDamaged?: (row: string) => void;
}

/**
 * Read-only access to a collection of another slice. Each row is checked against its record. A row that does not fit fails with
 * `row-damaged`, which names the row and the field.
 */
export interface RecordReads<Row extends { readonly _id: string }> {
  /** The name of the collection in the store, for tools that print their queries. */
  readonly collection: string;
  one<Field extends keyof Row & string>(id: string, fields: readonly Field[]): Promise<Pick<Row, Field | '_id'> | undefined>;
  find<Field extends keyof Row & string>(filter: RowFilter<Row>, choice: RowChoice<Row, Field>): Promise<Pick<Row, Field | '_id'>[]>;
  /** The rows in batches of a few hundred, as the store sends them. */
  batches<Field extends keyof Row & string>(
    filter: RowFilter<Row>,
    choice: RowChoice<Row, Field>,
  ): AsyncIterable<readonly Pick<Row, Field | '_id'>[]>;
  /** Rows by their ids. One command reads all rows that are asked for in the same turn. */
  lookUp<Field extends keyof Row & string>(fields: readonly Field[]): (id: string) => Promise<Pick<Row, Field | '_id'> | undefined>;
  count(filter: RowFilter<Row>): Promise<number>;
}
