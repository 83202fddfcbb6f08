import { stringify } from 'csv-stringify/sync';
import type { Complaint } from '../complaint.js';

const cellsOf = ({
  number,
  state,
  source,
  kind,
  province,
  clientUnit,
  complainant,
  receivedAt,
  clocks,
  closedAt,
  upheld,
  satisfaction,
}: Complaint): Record<string, string> => ({
  number,
  state,
  source,
  kind,
  province,
  clientUnit: clientUnit ?? '',
  complainant: complainant.numberMasked,
  receivedAt: receivedAt.toISOString(),
  dueAt: clocks[0]?.dueAt.toISOString() ?? '',
  answeredAt: clocks[0]?.stoppedAt?.toISOString() ?? '',
  overdue: clocks.some(({ overdueAt }) => overdueAt !== undefined) ? 'yes' : 'no',
  closedAt: closedAt?.toISOString() ?? '',
  upheld: upheld === undefined ? '' : upheld ? 'yes' : 'no',
  satisfaction: String(satisfaction?.score ?? ''),
});

/** Cases as CSV with masked numbers. The mark tells spreadsheets that it is UTF-8; a cell that begins like a formula is none. */
export const caseSheet = (cases: readonly Complaint[]): string =>
  `\uFEFF${stringify(cases.map(cellsOf), { header: true, escape_formulas: true })}`;
