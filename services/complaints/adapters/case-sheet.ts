import { stringify } from 'csv-stringify/sync';
import writeXlsx from 'write-excel-file/node';
import type { Complaint, ComplaintClock } from '../cases/complaint.js';

/** The headers of both forms, in order. */
const heads = [
  'number',
  'state',
  'source',
  'kind',
  'province',
  'clientUnit',
  'complainant',
  'receivedAt',
  'dueAt',
  'answeredAt',
  'overdue',
  'closedAt',
  'upheld',
  'satisfaction',
  'dueAtStart',
  'extendedAt',
  'pausedAt',
  'resumedAt',
  'recountedAt',
] as const;

type Moved = { readonly at: Date; readonly dueAt: Date };

/** The first due time of the answer, before any change of the clock. */
function dueAtStart({ dueAt, extended, paused, recounted = [] }: ComplaintClock): Date {
  const moves = [extended, paused, ...recounted].flatMap((move): Moved[] => (move === undefined ? [] : [move]));
  return [...moves].sort((a, b) => a.at.getTime() - b.at.getTime())[0]?.dueAt ?? dueAt;
}

/** All clocks of the case, the first one first. The reasons of changes are in the case, because free text may name a number. */
const movesOf = (clocks: readonly ComplaintClock[], of: (clock: ComplaintClock) => readonly (Date | undefined)[]): string =>
  clocks
    .flatMap(of)
    .flatMap((at) => at?.toISOString() ?? [])
    .join(' ');

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
}: Complaint): Record<(typeof heads)[number], string> => ({
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
  dueAtStart: clocks[0] === undefined ? '' : dueAtStart(clocks[0]).toISOString(),
  extendedAt: movesOf(clocks, ({ extended }) => [extended?.at]),
  pausedAt: movesOf(clocks, ({ paused }) => [paused?.at]),
  resumedAt: movesOf(clocks, ({ paused }) => [paused?.endedAt]),
  recountedAt: movesOf(clocks, ({ recounted = [] }) => recounted.map(({ at }) => at)),
});

/**
 * Cases as CSV with masked numbers. The byte order mark tells spreadsheets that it is UTF-8. A cell that begins like a formula is escaped.
 */
export const caseSheet = (cases: readonly Complaint[]): string =>
  `\uFEFF${stringify(cases.map(cellsOf), { header: true, escape_formulas: true })}`;

/** The same as a workbook. Case numbers and masked telephone numbers stay text. */
export async function caseWorkbook(cases: readonly Complaint[]): Promise<Uint8Array> {
  const rows = cases.map(cellsOf);
  const data = [
    heads.map((value) => ({ value, fontWeight: 'bold' as const, backgroundColor: '#E5E7EB' })),
    ...rows.map((row) => heads.map((head) => ({ value: row[head] }))),
  ];
  const columns = heads.map((head) => ({ width: Math.min(40, Math.max(10, head.length, ...rows.map((row) => row[head].length)) + 2) }));
  return writeXlsx([{ data, sheet: 'complaints', columns, stickyRowsCount: 1 }], {
    fontFamily: 'Microsoft YaHei',
    fontSize: 10,
  }).toBuffer();
}
