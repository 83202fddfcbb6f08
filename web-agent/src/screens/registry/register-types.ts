import { timeText } from '../../components/time/times.js';
import type { AnswerOf } from '../../session/api.js';
import type { Words } from '../../../../services/shared/contracts/api/words.js';
import type { Entry, FieldValue } from '../../../../services/shared/contracts/api/evidence/registry.js';
import { listed } from '../../i18n/language.js';
export type { Words };
export type { Entry, FieldValue };

export type Field = Register['fields'][number];
export type Register = AnswerOf<'GET /registry'>['registers'][number];

export const isApproved = ({ approval, revision }: Entry): boolean => approval?.revision === revision;

export const wordOf = (words: Words, language: string): string => (language === 'en' ? words.en : words.zh);

/** A value as a table shows it. */
export function textOf(field: Field, value: FieldValue | undefined, language: string): string {
  if (value === undefined) return '';
  if (typeof value === 'boolean') return value ? '✓' : '✗';
  if (typeof value === 'object')
    return listed(
      value.map((each) => textOf({ ...field, kind: 'choice' }, each, language)),
      { language },
    );
  if (field.kind === 'date-time') return timeText(String(value));
  const choice = field.choices?.[String(value)];
  return choice === undefined ? String(value) : wordOf(choice, language);
}

/** A form's values as the register takes them: empty fields are left out, lists are lines. */
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
    } else if (Array.isArray(value)) {
      if (value.length > 0) values[key] = value.map(String);
    } else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') values[key] = value;
  }
  return values;
}
