import { z } from 'zod';
import { schemaOfField, wantedOf, type Field, type Values, type Words } from './field.js';

/** A table of the licence file: its columns, and the column that names a row. */
export interface Register {
  readonly title: Words;
  readonly keyField: string;
  readonly fields: readonly Field[];
  /** A row counts only after a second person has approved its current state. */
  readonly approval?: true;
  /** It has one row, because a licence file has one company. */
  readonly single?: true;
}

/** A stored row. `revision` grows by one with each change; the history keeps the old values. */
export interface Entry {
  readonly register: string;
  readonly key: string;
  readonly values: Values;
  readonly revision: number;
  readonly updatedAt: Date;
  readonly updatedBy: string;
  /** Only in a register with approval. A later change of the row revokes the approval. */
  readonly approval?: Approval;
}

export interface Approval {
  readonly by: string;
  readonly at: Date;
  readonly revision: number;
}

/** Whether a row may be used: in a register with approval, if it was approved after its last change. */
export const inForce = (register: Register, { approval, revision }: Entry): boolean =>
  register.approval !== true || approval?.revision === revision;

export interface Problem {
  readonly field: string;
  readonly message: Words;
}

/** The values when they are valid, else every problem with its column. Unknown columns are refused. */
export function checkValues(
  register: Register,
  values: unknown,
): { readonly values: Values; readonly key: string } | { readonly problems: readonly Problem[] } {
  const shape = Object.fromEntries(register.fields.map((field) => [field.key, schemaOfField(field)]));
  const parsed = z.strictObject(shape).safeParse(values);
  if (!parsed.success)
    return {
      problems: parsed.error.issues.map((issue) => {
        if (issue.code === 'unrecognized_keys')
          return { field: issue.keys.join(', '), message: { zh: '此台账没有这一栏', en: 'This register has no such column.' } };
        const key = String(issue.path[0] ?? '');
        const field = register.fields.find((each) => each.key === key);
        const given = typeof values === 'object' && values !== null ? (values as Record<string, unknown>)[key] : undefined;
        // The words contain no value, so they may be shown and stored.
        return {
          field: key,
          message:
            field === undefined || given === undefined || given === '' ? { zh: '必填', en: 'This must be filled in.' } : wantedOf(field),
        };
      }),
    };
  const data = Object.fromEntries(Object.entries(parsed.data).filter(([, value]) => value !== undefined)) as Values;
  return { values: data, key: String(data[register.keyField]) };
}
