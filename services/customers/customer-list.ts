import type { CustomerEntry, CustomerField } from '../shared/contracts/customer.js';
import type { CustomerColumn, CustomerRowFault } from '../shared/domain/customer.js';
import { columnsOf } from '../shared/domain/list-heads.js';
import { planned } from '../shared/domain/numbers/numbering-plan.js';
import { changedFields, distinctTags, fieldFaults } from './customer.js';

/** A valid row of a list, with its numbers in normal form. */
export interface ListedCustomer extends CustomerEntry {
  /** The line number in the sheet; the headers are line 1. */
  readonly line: number;
  readonly numbers: readonly string[];
}
export interface RefusedRow {
  readonly line: number;
  readonly fault: CustomerRowFault;
}
export interface ReadCustomers {
  readonly rows: readonly ListedCustomer[];
  readonly refused: readonly RefusedRow[];
  /** Columns that the headers lack. If there are any, nothing was read. */
  readonly missing: readonly CustomerColumn[];
}

/** Headers as people write them, besides the column's own name. */
const heads: Readonly<Record<CustomerColumn, readonly string[]>> = {
  number: ['号码', '电话号码', '手机号', '联系电话', 'phone', 'numbers'],
  name: ['姓名', '客户', '客户姓名', '称呼'],
  tags: ['标签'],
  note: ['备注', '说明', 'remark'],
};
const needed: readonly CustomerColumn[] = ['number', 'name'];
const SEPARATORS = /[;；,，、]/;
const MOST = { name: 80, note: 2_000, tag: 30, tags: 20, numbers: 20, value: 500 };
const FIELD = 'field:';

const parts = (text: string): string[] =>
  text
    .split(SEPARATORS)
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** Reads a list of customers. Each invalid row is named with its first fault; valid rows are independent of it. */
export function readCustomers(sheet: readonly (readonly string[])[], fields: readonly CustomerField[]): ReadCustomers {
  const [first = [], ...lines] = sheet;
  const ofSite = fields.map(({ id, label }) => [`${FIELD}${id}`, [id, label['zh-CN'].toLowerCase(), label.en.toLowerCase()]] as const);
  const columns = columnsOf<string>(first, { ...heads, ...Object.fromEntries(ofSite) });
  const missing = needed.filter((column) => !columns.includes(column));
  if (missing.length > 0) return { rows: [], refused: [], missing };
  const rows: ListedCustomer[] = [];
  const refused: RefusedRow[] = [];
  const seen = new Set<string>();
  for (const [i, cells] of lines.entries()) {
    if (cells.every((cell) => cell.trim() === '')) continue;
    const cell = (column: string): string => (columns.includes(column) ? (cells[columns.indexOf(column)] ?? '').trim() : '');
    const line = i + 2;
    const row = readRow(cell, fields);
    if (typeof row === 'string') refused.push({ line, fault: row });
    else if (row.numbers.some((number) => seen.has(number))) refused.push({ line, fault: 'repeated' });
    else {
      for (const number of row.numbers) seen.add(number);
      rows.push({ line, ...row });
    }
  }
  return { rows, refused, missing };
}

function readRow(cell: (column: string) => string, definitions: readonly CustomerField[]): Omit<ListedCustomer, 'line'> | CustomerRowFault {
  const numbers = parts(cell('number')).map((text) => planned(text)?.text);
  const known = numbers.filter((number) => number !== undefined);
  if (known.length === 0 || known.length < numbers.length || known.length > MOST.numbers) return 'number';
  const name = cell('name');
  if (name === '' || name.length > MOST.name) return 'name';
  const tags = distinctTags(parts(cell('tags')));
  if (tags.length > MOST.tags || tags.some((tag) => tag.length > MOST.tag)) return 'tags';
  const note = cell('note');
  if (note.length > MOST.note) return 'note';
  const fields = changedFields({}, Object.fromEntries(definitions.map(({ id }) => [id, cell(`${FIELD}${id}`)])));
  if (fieldFaults(definitions, fields).length > 0 || Object.values(fields).some(({ length }) => length > MOST.value)) return 'field';
  return { numbers: [...new Set(known)], name, tags, note, fields };
}
