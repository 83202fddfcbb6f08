import { stringify } from 'csv-stringify/sync';
import writeXlsx from 'write-excel-file/node';
import { sidesOf } from '../../shared/domain/calls/call-sides.js';
import type { StoredCall } from './mongo-calls.js';
import type { Note } from './mongo-notes.js';

const lineOf = ({ at, by, text }: Note): string => `${at.toISOString()} ${by.name}: ${text}`;

const heads = [
  ...(['callId', 'direction', 'caller', 'called', 'queue', 'agent', 'invitedAt', 'answeredAt'] as const),
  ...(['agentAnsweredAt', 'endedAt', 'cause', 'endedBy', 'notes'] as const),
];

const cellsOf = (call: StoredCall, notes: readonly Note[]): Record<(typeof heads)[number], string> => ({
  callId: call._id,
  direction: call.direction,
  ...sidesOf(call),
  queue: call.queueId ?? '',
  agent: call.agentId ?? '',
  invitedAt: call.invitedAt.toISOString(),
  answeredAt: call.answeredAt?.toISOString() ?? '',
  agentAnsweredAt: call.agentAnsweredAt?.toISOString() ?? '',
  endedAt: call.endedAt.toISOString(),
  cause: call.cause,
  endedBy: call.by,
  notes: notes.map(lineOf).join('\n'),
});

/**
 * Calls as CSV, with masked numbers and their notes. The byte-order mark tells spreadsheets that the file is UTF-8; cells that begin like a
 * formula are escaped.
 */
export const callSheet = (calls: readonly StoredCall[], notes: ReadonlyMap<string, readonly Note[]>): string =>
  `\uFEFF${stringify(
    calls.map((call) => cellsOf(call, notes.get(call._id) ?? [])),
    { header: true, columns: [...heads], escape_formulas: true },
  )}`;

/** The same as a workbook. Ids and masked numbers stay text. */
export async function callWorkbook(calls: readonly StoredCall[], notes: ReadonlyMap<string, readonly Note[]>): Promise<Uint8Array> {
  const rows = calls.map((call) => cellsOf(call, notes.get(call._id) ?? []));
  const data = [
    heads.map((value) => ({ value, fontWeight: 'bold' as const, backgroundColor: '#E5E7EB' })),
    ...rows.map((row) => heads.map((head) => ({ value: row[head] }))),
  ];
  const columns = heads.map((head) => ({ width: head.endsWith('At') ? 26 : 18 }));
  return writeXlsx([{ data, sheet: 'calls', columns, stickyRowsCount: 1 }], { fontFamily: 'Microsoft YaHei', fontSize: 10 }).toBuffer();
}
