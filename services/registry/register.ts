import { z } from 'zod';
import { schemaOfField, wantedOf, type Field, type Values, type Words } from './field.js';

/** A table of the licence file: its columns, and the one that names a row. */
export interface Register {
  readonly title: Words;
  readonly keyField: string;
  readonly fields: readonly Field[];
  /** A row counts only when a second person has approved it as it stands. */
  readonly approval?: true;
  /** It holds one row: there is one company behind a licence file. */
  readonly single?: true;
}

/** A row as it is kept. `revision` grows by one with each change; the old values stand in the history. */
export interface Entry {
  readonly register: string;
  readonly key: string;
  readonly values: Values;
  readonly revision: number;
  readonly updatedAt: Date;
  readonly updatedBy: string;
  /** Only in a register with approval; a later change of the row voids it. */
  readonly approval?: Approval;
}

export interface Approval {
  readonly by: string;
  readonly at: Date;
  readonly revision: number;
}

/** Whether a row may be used: of a register with approval, one that was approved after its last change. */
export const inForce = (register: Register, { approval, revision }: Entry): boolean =>
  register.approval !== true || approval?.revision === revision;

export interface Problem {
  readonly field: string;
  readonly message: Words;
}

/** The values when they are right, or every problem with its column. Unknown columns are refused. */
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
        // No value stands in the words, so they may be shown and kept.
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
