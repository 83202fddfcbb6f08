import {
  campaignFieldLimits,
  campaignHeads,
  type CampaignColumn,
  type CampaignField,
  type CampaignRowFault,
} from '../shared/domain/calls/campaign.js';
import { columnsOf, headKey, headOf, unreadHeads } from '../shared/domain/list-heads.js';
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
  /** The columns that the list has. */
  readonly columns: readonly CampaignColumn[];
  /** Headers of the further columns, which agents see. */
  readonly fields: readonly string[];
  /** Headers that are not read. */
  readonly unread: readonly string[];
}

const MOST_NAME = 80;
const MOST_NOTE = 500;

/** Reads a list of people to call. Each invalid row is named with its first fault and does not affect the valid rows. */
export function readRows(sheet: readonly (readonly string[])[]): ReadRows {
  const [first = [], ...lines] = sheet;
  const columns = columnsOf(first, campaignHeads);
  const further = furtherColumns(first, columns);
  const list = {
    columns: columns.filter((column) => column !== undefined),
    fields: further.map(({ name }) => name),
    unread: unreadHeads(
      first,
      columns.map((column, i) => column ?? further.find(({ at }) => at === i)),
    ),
  };
  if (!columns.includes('number')) return { ...list, rows: [], refused: [], missing: ['number'] };
  const rows: ListedRow[] = [];
  const refused: RefusedRow[] = [];
  const seen = new Set<string>();
  for (const [i, cells] of lines.entries()) {
    if (cells.every((cell) => cell.trim() === '')) continue;
    const cell = (column: CampaignColumn): string => (columns.includes(column) ? (cells[columns.indexOf(column)] ?? '').trim() : '');
    const line = i + 2;
    const number = normaliseNumber(cell('number'));
    const fields = fieldsOf(cells, further);
    const fault = faultOf(cell, number, fields, seen);
    if (fault !== undefined || number === undefined) {
      refused.push({ line, fault: fault ?? 'number' });
      continue;
    }
    seen.add(number);
    rows.push({ line, numberMasked: maskNumber(number), contact: { number, name: cell('name'), note: cell('note'), fields } });
  }
  return { ...list, rows, refused, missing: [] };
}

interface FurtherColumn {
  readonly at: number;
  readonly name: string;
}

/** Columns with a header of their own. Of two with the same header the first is read. */
function furtherColumns(heads: readonly string[], columns: readonly unknown[]): readonly FurtherColumn[] {
  const seen = new Set<string>();
  return heads
    .map((head, at) => ({ at, name: headOf(head) }))
    .filter(({ at, name }) => {
      const key = headKey(name);
      if (columns[at] !== undefined || name === '' || name.length > campaignFieldLimits.name || seen.has(key)) return false;
      seen.add(key);
      return true;
    })
    .slice(0, campaignFieldLimits.fields);
}

/** A second mobile number is masked like the first: no list shows agents a whole one. */
const shownOf = (value: string): string => {
  const number = planned(value)?.kind === 'mobile' ? normaliseNumber(value) : undefined;
  return number === undefined ? value : maskNumber(number);
};

/** What the further columns say about a person; empty cells say nothing. */
const fieldsOf = (cells: readonly string[], further: readonly FurtherColumn[]): readonly CampaignField[] =>
  further.map(({ at, name }) => ({ name, value: shownOf((cells[at] ?? '').trim()) })).filter(({ value }) => value !== '');

function faultOf(
  cell: (column: CampaignColumn) => string,
  number: string | undefined,
  fields: readonly CampaignField[],
  seen: ReadonlySet<string>,
): CampaignRowFault | undefined {
  const kind = planned(cell('number'))?.kind;
  if (number === undefined || kind === undefined || !personalKinds.includes(kind)) return 'number';
  if (cell('name').length > MOST_NAME) return 'name';
  if (cell('note').length > MOST_NOTE) return 'note';
  if (fields.some(({ value }) => value.length > campaignFieldLimits.value)) return 'field';
  return seen.has(number) ? 'repeated' : undefined;
}
