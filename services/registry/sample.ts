import { showValue, type Field, type FieldValue, type Values, type Words } from './field.js';
import type { Register } from './register.js';

/** The key of an example row; no row of a real register has it. */
const EXAMPLE = '示例（请删除本行）';

/** Keys and cells with a fixed form: numbers that are assigned to nobody, or the standard's own example. */
const ofForm: Readonly<Record<string, string>> = {
  'licence.number': '示例B2-00000000',
  'numbers.number': '4000000000',
  'destinations.number': '4000000000',
  'destinations.shown': '4000000000',
  'cases.caseId': 'EXAMPLE-0000',
  'shifts.from': '09:00',
  'shifts.until': '18:00',
};

/** The row of a sample sheet, with every cell as the import accepts it. */
export function sampleValues(name: string, register: Register): Values {
  return Object.fromEntries(register.fields.map((field) => [field.key, sampleOf(name, register, field)]));
}

function sampleOf(name: string, register: Register, field: Field): FieldValue {
  const given = ofForm[`${name}.${field.key}`];
  if (given !== undefined) return given;
  const [first = ''] = Object.keys(field.choices ?? {});
  switch (field.kind) {
    case 'choice':
      return first;
    case 'list':
      return [field.choices === undefined ? '示例' : first];
    case 'date':
      return '2026-01-31';
    case 'date-time':
      return '2026-01-31T09:00:00+08:00';
    case 'number':
    case 'integer':
      return field.key.toLowerCase().endsWith('year') ? 2026 : 1;
    case 'yes-no':
      return true;
    case 'phone':
      return '4000000000';
    case 'identity':
    case 'text':
    case 'long-text':
      if (field.scheme === 'credit-code') return '91350100M000100Y43';
      if (field.scheme === 'identity-number') return '11010519491231002X';
      return field.key === register.keyField ? EXAMPLE : `示例${field.label.zh}`;
  }
}

/** A cell as people type it: `2026-01-31 09:00` for a moment. */
export const sampleCell = (field: Field, value: FieldValue | undefined): string =>
  field.kind === 'date-time' && typeof value === 'string' ? value.slice(0, 16).replace('T', ' ') : showValue(field, value);

/**
 * Whether a row is the one of the sample sheet. If people choose the key from a list, a real row may have it; then the whole row must
 * match.
 */
export function isSample(name: string, register: Register, values: Values): boolean {
  const sample = sampleValues(name, register);
  const same = (key: string): boolean => JSON.stringify(values[key]) === JSON.stringify(sample[key]);
  const key = register.fields.find((field) => field.key === register.keyField);
  return key?.kind === 'choice' ? register.fields.every((field) => same(field.key)) : same(register.keyField);
}

export const SAMPLE_REFUSED: Words = {
  zh: '这是示例行，不能导入：请删除本行，或换成实际内容',
  en: 'This is the example row, which is not imported: remove it, or put your own row in its place.',
};
