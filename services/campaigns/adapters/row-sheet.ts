import { stringify } from 'csv-stringify/sync';
import writeXlsx from 'write-excel-file/node';
import type { CampaignRow } from '../campaign.js';

const heads = [
  ...(['line', 'number', 'state', 'outcome', 'why', 'skipped', 'tries', 'triedAt', 'notBefore'] as const),
  ...(['agent', 'callId', 'result', 'complaints'] as const),
];

const cellsOf = (row: CampaignRow): Record<(typeof heads)[number], string> => ({
  line: String(row.line),
  number: row.numberMasked,
  state: row.state,
  outcome: row.outcome ?? '',
  why: row.why ?? '',
  skipped: row.skipped ?? '',
  tries: String(row.tries),
  triedAt: row.triedAt?.toISOString() ?? '',
  notBefore: row.state === 'waiting' ? row.notBefore.toISOString() : '',
  agent: row.agentId ?? '',
  callId: row.callId ?? '',
  result: row.result?.join('/') ?? '',
  complaints: String(row.complaintIds?.length ?? 0),
});

/** Begins the file: the mark tells spreadsheets that it is UTF-8. */
export const rowSheetHead = (): string => `\uFEFF${stringify([[...heads]])}`;
/** Rows of a campaign as CSV; cells that begin like a formula are escaped. */
export const rowSheet = (rows: readonly CampaignRow[]): string =>
  stringify(rows.map(cellsOf), { columns: [...heads], escape_formulas: true });

/** The same as a workbook. Ids and masked numbers stay text. */
export async function rowWorkbook(rows: readonly CampaignRow[]): Promise<Uint8Array> {
  const data = [
    heads.map((value) => ({ value, fontWeight: 'bold' as const, backgroundColor: '#E5E7EB' })),
    ...rows.map(cellsOf).map((cells) => heads.map((head) => ({ value: cells[head] }))),
  ];
  const columns = heads.map((head) => ({ width: head.endsWith('At') || head === 'notBefore' ? 26 : 18 }));
  return writeXlsx([{ data, sheet: 'rows', columns, stickyRowsCount: 1 }], { fontFamily: 'Microsoft YaHei', fontSize: 10 }).toBuffer();
}
