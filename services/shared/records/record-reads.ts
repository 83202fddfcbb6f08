/** A condition on rows, as the document store takes it. Only fields of the record can be named. */
export type RowFilter<Row> = { readonly [Field in (keyof Row & string) | '$and' | '$or']?: unknown } & {
  readonly [Path in `${keyof Row & string}.${string}`]?: unknown;
};

export interface RowChoice<Row, Field extends keyof Row & string> {
  /** What is read of each row besides its id. */
  readonly fields: readonly Field[];
  readonly sort?: Readonly<Partial<Record<keyof Row & string, 1 | -1>>>;
  readonly skip?: number;
  readonly limit?: number;
  /** Is given a row that does not fit its record, as collection, id and field; the row is left out and the reading goes on. */
  readonly onDamaged?: (row: string) => void;
}

/**
 * Rows of a collection that another slice owns: to be read, never written. Each row is checked by its record, and one that does not fit
 * fails with `row-damaged`, which names the row and the field.
 */
export interface RecordReads<Row extends { readonly _id: string }> {
  /** Name of the collection in the store, for tools that print their queries. */
  readonly collection: string;
  one<Field extends keyof Row & string>(id: string, fields: readonly Field[]): Promise<Pick<Row, Field | '_id'> | undefined>;
  find<Field extends keyof Row & string>(filter: RowFilter<Row>, choice: RowChoice<Row, Field>): Promise<Pick<Row, Field | '_id'>[]>;
  /** The rows in batches of some hundreds, as the store sends them. */
  batches<Field extends keyof Row & string>(
    filter: RowFilter<Row>,
    choice: RowChoice<Row, Field>,
  ): AsyncIterable<readonly Pick<Row, Field | '_id'>[]>;
  /** Rows by their ids; those that are asked for in one moment are read by one command. */
  lookUp<Field extends keyof Row & string>(fields: readonly Field[]): (id: string) => Promise<Pick<Row, Field | '_id'> | undefined>;
  count(filter: RowFilter<Row>): Promise<number>;
}
