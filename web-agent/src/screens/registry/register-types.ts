import { timeText } from '../../components/times.js';

export interface Words {
  readonly zh: string;
  readonly en: string;
}

export type FieldKind =
  'text' | 'long-text' | 'date' | 'date-time' | 'number' | 'integer' | 'yes-no' | 'choice' | 'list' | 'identity' | 'phone';
export type FieldValue = string | number | boolean | readonly string[];

/** A column as `/api/registry` tells it. */
export interface Field {
  readonly key: string;
  readonly label: Words;
  readonly kind: FieldKind;
  readonly required: boolean;
  readonly choices?: Readonly<Record<string, Words>>;
}

export interface Register {
  readonly name: string;
  readonly title: Words;
  readonly keyField: string;
  readonly fields: readonly Field[];
  /** A row counts only when a second person has approved it. */
  readonly approval?: boolean;
}

export interface Entry {
  readonly key: string;
  readonly values: Readonly<Record<string, FieldValue>>;
  readonly revision: number;
  readonly updatedAt: string;
  readonly updatedBy: string;
  readonly approval?: { readonly by: string; readonly at: string; readonly revision: number };
}

export const isApproved = ({ approval, revision }: Entry): boolean => approval?.revision === revision;

export const wordOf = (words: Words, language: string): string => (language === 'en' ? words.en : words.zh);

/** A value as a table shows it. */
export function textOf(field: Field, value: FieldValue | undefined, language: string): string {
  if (value === undefined) return '';
  if (typeof value === 'boolean') return value ? '✓' : '✗';
  if (typeof value === 'object') return value.join('、');
  if (field.kind === 'date-time') return timeText(String(value));
  const choice = field.choices?.[String(value)];
  return choice === undefined ? String(value) : wordOf(choice, language);
}

/** What a form holds, as the register takes it: empty fields are left out, lists are lines. */
export function valuesOf(fields: readonly Field[], form: Readonly<Record<string, unknown>>): Record<string, FieldValue> {
  const values: Record<string, FieldValue> = {};
  for (const { key, kind } of fields) {
    const value = form[key];
    if (value === undefined || value === null || value === '') continue;
    if (kind === 'list' && typeof value === 'string') {
      const lines = value
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '');
      if (lines.length > 0) values[key] = lines;
    } else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') values[key] = value;
  }
  return values;
}
