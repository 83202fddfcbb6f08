import { Schema, type Connection } from 'mongoose';
import { z } from 'zod';
import { CallCentreError } from '../../domain/failure.js';
import { maskNumber } from '../../domain/numbers/phone-number.js';
import type { RecordReads } from '../../records/record-reads.js';
import { coreOf, revived, type CollectionOf, type ReadsOf, type RecordKind, type RowOf, type StoredAs } from '../../records/record.js';
import { createLookUp } from './documents-together.js';

/** A stored row does not have the shape of its record: the product and its store disagree. */
export class DamagedRow extends CallCentreError {
  /** Collection, id and field, for the log; never a value. */
  readonly row: string;
  constructor(collection: string, id: unknown, error: z.ZodError) {
    const [issue] = error.issues;
    const field = [...(issue?.path ?? []), ...(issue?.code === 'unrecognized_keys' ? issue.keys : [])].join('.');
    // The id of some rows is a telephone number.
    const name = typeof id === 'string' ? (/^\+?\d{5,}$/.test(id) ? maskNumber(id) : id) : 'without an id';
    const row = `${collection}/${name}: ${field}`;
    super('row-damaged', `The stored row ${row} does not match its schema.`);
    this.row = row;
  }
}

/** Checks a row that is written or was read: returns it as its record declares it, or fails with `row-damaged`. */
function checked(collection: string, schema: z.ZodType, row: unknown): unknown {
  const { success, data, error } = schema.safeParse(row);
  if (success) return data;
  throw new DamagedRow(collection, (row as { readonly _id?: unknown } | null)?._id, error);
}

/** The owner's check before a row is written. */
export const asRow = <Kind extends RecordKind>(collection: string, { row }: Kind, value: StoredAs<Kind>): RowOf<Kind> =>
  checked(collection, row, value) as RowOf<Kind>;

/** A row that went through JSON, with its dates. Fails with `row-damaged`. */
export const rowOfJson = <Kind extends RecordKind>(collection: string, { row }: Kind, value: unknown): RowOf<Kind> =>
  checked(collection, row, revived(row, value)) as RowOf<Kind>;

/**
 * The store's schema of a record, for the owner's model: a field that the record does not declare is refused. Nested content is checked by
 * `asRow`, and when it is read.
 */
export function schemaOf<Kind extends RecordKind>(collection: string, { row }: Kind): Schema<RowOf<Kind>> {
  const paths = Object.entries(row.shape).map(([field, schema]) => {
    const core = coreOf(schema);
    const type =
      core instanceof z.ZodString || core instanceof z.ZodEnum
        ? String
        : core instanceof z.ZodNumber
          ? Number
          : core instanceof z.ZodBoolean
            ? Boolean
            : core instanceof z.ZodDate
              ? Date
              : Schema.Types.Mixed;
    return [field, { type }];
  });
  return new Schema(Object.fromEntries(paths), { collection, versionKey: false, minimize: false, strict: 'throw' }) as Schema<RowOf<Kind>>;
}

/** How other slices read a collection. Only its owner calls this, with the name that it gave the collection. */
export function createReads<Kind extends RecordKind>(
  mongo: Connection,
  collection: CollectionOf<StoredAs<Kind>>,
  kind: Kind,
): ReadsOf<Kind> {
  type Row = RowOf<Kind>;
  const shape: z.ZodRawShape = kind.row.shape;
  const documents = mongo.collection<{ readonly _id: string }>(collection);
  const known = new Map<string, { readonly projection: Readonly<Record<string, 1>>; readonly schema: z.ZodType }>();
  /** Built once for each choice of fields: a pack reads millions of rows. */
  function viewOf(fields: readonly string[]) {
    const key = fields.join();
    const before = known.get(key);
    if (before !== undefined) return before;
    const chosen = ['_id', ...fields];
    const view = {
      projection: Object.fromEntries(chosen.map((field) => [field, 1 as const])),
      schema: z.object(Object.fromEntries(chosen.flatMap((field) => (shape[field] === undefined ? [] : [[field, shape[field]]])))),
    };
    known.set(key, view);
    return view;
  }
  type Read<Field extends keyof Row & string> = Pick<Row, Field | '_id'>;
  const rowOf = <Field extends keyof Row & string>(fields: readonly Field[], document: unknown) =>
    checked(collection, viewOf(fields).schema, document) as Read<Field>;
  /** The rows of an answer. A row that does not fit is left out only if the reader asked to be told about it; otherwise it fails. */
  function rowsOf<Field extends keyof Row & string>(
    documents: readonly unknown[],
    { fields, onDamaged }: { readonly fields: readonly Field[]; readonly onDamaged?: (row: string) => void },
  ): Read<Field>[] {
    return documents.flatMap((document): Read<Field>[] => {
      try {
        return [rowOf(fields, document)];
      } catch (error) {
        if (onDamaged === undefined || !(error instanceof DamagedRow)) throw error;
        onDamaged(error.row);
        return [];
      }
    });
  }
  const cursorOf = (filter: object, { fields, onDamaged: _onDamaged, ...rest }: Parameters<RecordReads<Row>['find']>[1]) =>
    documents.find(filter, { projection: viewOf(fields).projection, batchSize: BATCH, ...(rest as object) });

  const reads: RecordReads<Row> = {
    collection,
    async one(id, fields) {
      const found = await documents.findOne({ _id: id }, { projection: viewOf(fields).projection });
      return found === null ? undefined : rowOf(fields, found);
    },
    find: async (filter, choice) => rowsOf(await cursorOf(filter, choice).toArray(), choice),
    async *batches(filter, choice) {
      const cursor = cursorOf(filter, choice);
      // Takes the whole answer of the store at once: a separate step for each row would cost more than the row.
      for await (const first of cursor) yield rowsOf([first, ...cursor.readBufferedDocuments()], choice);
    },
    lookUp(fields) {
      const find = createLookUp(documents, fields);
      return async (id) => {
        const found = await find(id);
        return found === undefined ? undefined : rowOf(fields, found);
      };
    },
    count: (filter) => documents.countDocuments(filter as object),
  };
  return reads;
}

const BATCH = 500;
