import { z } from 'zod';
import { schemaOfField, wantedOf, type Field, type Values, type Words } from './field.js';

/** A table of the licence file: its columns, and the one that names a row. */
export interface Register {
  readonly title: Words;
  readonly keyField: string;
  readonly fields: readonly Field[];
}

/** A row as it is kept. `revision` grows by one with each change; the old values stand in the history. */
export interface Entry {
  readonly register: string;
  readonly key: string;
  readonly values: Values;
  readonly revision: number;
  readonly updatedAt: Date;
  readonly updatedBy: string;
}

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
