import { stringify } from 'csv-stringify/sync';
import writeXlsx from 'write-excel-file/node';
import { sidesOf } from '../../shared/domain/calls/call-sides.js';
import type { Recording } from '../archive/ports.js';

const heads = [
  ...(['callId', 'direction', 'caller', 'called', 'queue', 'agents', 'startedAt', 'seconds', 'cause', 'result'] as const),
  ...(['score', 'complaints', 'held', 'notes', 'keepUntil', 'deletedAt', 'sha256'] as const),
];

const cellsOf = ({ callId, facets, startedAt, durationMs, holds, notes, keepUntil, deletion, sha256 }: Recording) =>
  ({
    callId,
    direction: facets.direction,
    ...sidesOf(facets),
    queue: facets.queueId ?? '',
    agents: facets.agentIds.join(' '),
    startedAt,
    seconds: String(Math.round(durationMs / 1_000)),
    cause: facets.cause ?? '',
    result: (facets.disposition ?? []).join('/'),
    score: String(facets.score ?? ''),
    complaints: String(facets.complaintIds?.length ?? 0),
    held: holds.length > 0 ? 'yes' : 'no',
    notes: String(notes.length),
    keepUntil,
    deletedAt: deletion?.at ?? '',
    sha256,
  }) satisfies Record<(typeof heads)[number], string>;

/** Recordings as CSV with masked numbers. The byte order mark tells spreadsheets that it is UTF-8; a cell that begins like a formula is escaped. */
export const recordingSheet = (recordings: readonly Recording[]): string =>
  `\uFEFF${stringify(recordings.map(cellsOf), { header: true, columns: [...heads], escape_formulas: true })}`;

/** The same as a workbook. Ids and masked numbers stay text. */
export async function recordingWorkbook(recordings: readonly Recording[]): Promise<Uint8Array> {
  const data = [
    heads.map((value) => ({ value, fontWeight: 'bold' as const, backgroundColor: '#E5E7EB' })),
    ...recordings.map(cellsOf).map((row) => heads.map((head) => ({ value: head === 'seconds' ? Number(row[head]) : row[head] }))),
  ];
  return writeXlsx([{ data, sheet: 'recordings', columns: heads.map(() => ({ width: 18 })), stickyRowsCount: 1 }], {
    fontFamily: 'Microsoft YaHei',
    fontSize: 10,
  }).toBuffer();
}
