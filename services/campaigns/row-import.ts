import type { CampaignColumn, CampaignRowFault } from '../shared/domain/calls/campaign.js';
import { columnsOf, unreadHeads } from '../shared/domain/list-heads.js';
import { personalKinds, planned } from '../shared/domain/numbers/numbering-plan.js';
import { maskNumber, normaliseNumber } from '../shared/domain/numbers/phone-number.js';
import type { NewRow } from './ports.js';

/** A valid row of a list, with the number in its normal form. */
export type ListedRow = Omit<NewRow, 'numberHash'>;
export interface RefusedRow {
  readonly line: number;
  readonly fault: CampaignRowFault;
}
export interface ReadRows {
  readonly rows: readonly ListedRow[];
  readonly refused: readonly RefusedRow[];
  /** Columns that are missing in the headers. Then nothing was read. */
  readonly missing: readonly CampaignColumn[];
  /** Headers that are not read. */
  readonly unread: readonly string[];
}

/** Headers as people write them, besides the column's own name. */
const heads: Readonly<Record<CampaignColumn, readonly string[]>> = {
  number: ['号码', '电话号码', '手机号', '手机号码', 'phone'],
  name: ['姓名', '称呼', '客户'],
  note: ['备注', '说明', 'remark'],
};
const MOST_NAME = 80;
const MOST_NOTE = 500;

/** Reads a list of people to call. Each invalid row is named with its first fault and does not affect the valid rows. */
export function readRows(sheet: readonly (readonly string[])[]): ReadRows {
  const [first = [], ...lines] = sheet;
  const columns = columnsOf(first, heads);
  const unread = unreadHeads(first, columns);
  if (!columns.includes('number')) return { rows: [], refused: [], missing: ['number'], unread };
  const rows: ListedRow[] = [];
  const refused: RefusedRow[] = [];
  const seen = new Set<string>();
  for (const [i, cells] of lines.entries()) {
    if (cells.every((cell) => cell.trim() === '')) continue;
    const cell = (column: CampaignColumn): string => (columns.includes(column) ? (cells[columns.indexOf(column)] ?? '').trim() : '');
    const line = i + 2;
    const number = normaliseNumber(cell('number'));
    const fault = faultOf(cell, number, seen);
    if (fault !== undefined || number === undefined) {
      refused.push({ line, fault: fault ?? 'number' });
      continue;
    }
    seen.add(number);
    rows.push({ line, numberMasked: maskNumber(number), contact: { number, name: cell('name'), note: cell('note') } });
  }
  return { rows, refused, missing: [], unread };
}

function faultOf(
  cell: (column: CampaignColumn) => string,
  number: string | undefined,
  seen: ReadonlySet<string>,
): CampaignRowFault | undefined {
  const kind = planned(cell('number'))?.kind;
  if (number === undefined || kind === undefined || !personalKinds.includes(kind)) return 'number';
  if (cell('name').length > MOST_NAME) return 'name';
  if (cell('note').length > MOST_NOTE) return 'note';
  return seen.has(number) ? 'repeated' : undefined;
}
