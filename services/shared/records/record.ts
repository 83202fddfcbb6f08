import { z } from 'zod';
import type { RecordReads } from './record-reads.js';

/** What a kind of stored row looks like. The one declaration of its fields: types, checks and the store's schema follow from it. */
export interface RecordKind<Fields extends z.ZodRawShape = z.ZodRawShape> {
  readonly name: string;
  /** Raised with every change of the fields; test/docs/record-shapes.json notes what each version has. */
  readonly version: number;
  readonly row: z.ZodObject<Fields & { readonly _id: z.ZodString }>;
}

type Frozen<T> = T extends Date | string ? T : T extends object ? { readonly [Key in keyof T]: Frozen<T[Key]> } : T;
export type RowOf<Kind extends RecordKind> = Frozen<z.output<Kind['row']>> & { readonly _id: string };
/**
 * The name of a collection, with the type of the rows that its owner writes: if they lack a field of the record, the reads do not compile.
 */
export type CollectionOf<Written> = string & { readonly rows?: Written };

/** What the store may hold for a row: empty fields are missing or `null`. The arrays of the owner's type may be read-only. */
export type StoredAs<Kind extends RecordKind> = Frozen<z.input<Kind['row']>>;
export type ReadsOf<Kind extends RecordKind> = RecordReads<RowOf<Kind>>;

/** Declares a kind of row. The id is text in all of them. */
export function defineRecord<Fields extends z.ZodRawShape>(name: string, version: number, fields: Fields): RecordKind<Fields> {
  return { name, version, row: z.strictObject({ _id: z.string(), ...fields }) };
}

/**
 * Declares what others may read of a kind of row whose owner declares the rest. The owner's own type is checked against it where the reads
 * are made: a field that is renamed there does not compile.
 */
export function defineExtract<Fields extends z.ZodRawShape>(name: string, version: number, fields: Fields): RecordKind<Fields> {
  return { name, version, row: z.object({ _id: z.string(), ...fields }) };
}

/** A field that may be empty. The store keeps `null` for it; rows of earlier versions may lack it. */
export const maybe = <Schema extends z.ZodType>(schema: Schema) => schema.nullish().transform((value) => value ?? undefined);

/** A field that rows of earlier versions lack, with the value that applied to them. */
export const since = <Schema extends z.ZodType>(schema: Schema, before: z.output<Schema>) =>
  schema.nullish().transform((value) => value ?? before);

/** The schema inside `maybe`, `since`, `optional` and the like. */
export function coreOf(schema: z.core.$ZodType): z.core.$ZodType {
  const { def } = schema._zod as { def: { readonly innerType?: z.core.$ZodType; readonly in?: z.core.$ZodType } };
  const inner = def.innerType ?? def.in;
  return inner === undefined ? schema : coreOf(inner);
}

/** A row that went through JSON: fields that the record declares as dates are dates again. Nothing is checked here. */
export function revived(schema: z.core.$ZodType, value: unknown): unknown {
  const core = coreOf(schema) as z.ZodType;
  if (core instanceof z.ZodDate) return typeof value === 'string' ? new Date(value) : value;
  if (core instanceof z.ZodArray) return Array.isArray(value) ? value.map((each) => revived(core.element, each)) : value;
  if (!(core instanceof z.ZodObject) || typeof value !== 'object' || value === null) return value;
  const shape = core.shape as Readonly<Record<string, z.ZodType | undefined>>;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => {
      const declared = shape[key];
      return [key, declared === undefined ? field : revived(declared, field)];
    }),
  );
}
