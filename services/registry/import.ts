import { readCell, sameWords } from './field.js';
import { isSample, SAMPLE_REFUSED } from './sample.js';
import { checkValues, type Register } from './register.js';
import type { Values, Words } from './field.js';

export interface BadLine {
  /** The line number in the sheet. The headers are line 1. */
  readonly line: number;
  readonly field: string;
  readonly message: Words;
}

export interface ReadImport {
  readonly rows: readonly { readonly key: string; readonly values: Values }[];
  readonly bad: readonly BadLine[];
}

export const MAX_IMPORT_ROWS = 20_000;
/** The number of bad lines that are listed; the rest is counted. */
const LISTED = 1_000;

/**
 * Reads a whole sheet and reports every bad line, including the example row of this register's sample sheet. A header may be the column's
 * key, its Chinese or its English label. Keys must not repeat.
 */
export function readImport(register: Register, sheet: readonly (readonly string[])[], name?: string): ReadImport {
  const [heads = [], ...lines] = sheet;
  const bad: BadLine[] = [];
  const fields = heads.map((head) => {
    const name = head.trim().replace(/\*$/, '').trimEnd();
    const field = register.fields.find(({ key, label }) => key === name || sameWords(label.zh, name) || sameWords(label.en, name));
    if (field === undefined && name !== '')
      bad.push({ line: 1, field: name, message: { zh: '此台账没有这一栏', en: 'This register has no such column.' } });
    return field;
  });
  for (const [i, field] of fields.entries())
    if (field !== undefined && fields.indexOf(field) !== i)
      bad.push({ line: 1, field: field.key, message: { zh: '这一栏出现了两次', en: 'This column stands twice.' } });
  for (const field of register.fields)
    if (field.required && !fields.includes(field))
      bad.push({ line: 1, field: field.key, message: { zh: '缺少这一栏', en: 'This column is missing.' } });
  if (lines.length > MAX_IMPORT_ROWS)
    bad.push({
      line: MAX_IMPORT_ROWS + 2,
      field: '',
      message: { zh: `超过 ${MAX_IMPORT_ROWS} 行`, en: `More than ${MAX_IMPORT_ROWS} rows.` },
    });
  if (bad.length > 0) return { rows: [], bad };

  const rows: { key: string; values: Values }[] = [];
  const lineOfKey = new Map<string, number>();
  lines.forEach((cells, i) => {
    const line = i + 2;
    if (cells.every((cell) => cell.trim() === '')) return;
    const values = Object.fromEntries(
      fields.flatMap((field, column) => {
        const value = field && readCell(field, cells[column] ?? '');
        return field === undefined || value === undefined ? [] : [[field.key, value]];
      }),
    );
    const checked = checkValues(register, values);
    if ('problems' in checked) {
      bad.push(...checked.problems.map((problem) => ({ line, ...problem })));
      return;
    }
    if (name !== undefined && isSample(name, register, checked.values))
      bad.push({ line, field: register.keyField, message: SAMPLE_REFUSED });
    const before = lineOfKey.get(checked.key);
    if (before !== undefined)
      bad.push({ line, field: register.keyField, message: { zh: `与第 ${before} 行重复`, en: `The same as in line ${before}.` } });
    lineOfKey.set(checked.key, line);
    rows.push(checked);
  });
  return { rows: bad.length > 0 ? [] : rows, bad: listed(bad) };
}

function listed(bad: readonly BadLine[]): readonly BadLine[] {
  const more = bad.length - LISTED;
  const next = bad[LISTED];
  if (next === undefined) return bad;
  return [
    ...bad.slice(0, LISTED),
    { line: next.line, field: '', message: { zh: `自此行起另有 ${more} 处错误`, en: `${more} more from this line on.` } },
  ];
}
