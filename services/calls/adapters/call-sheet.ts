import { stringify } from 'csv-stringify/sync';
import { sidesOf } from '../../shared/domain/calls/call-sides.js';
import type { StoredCall } from './mongo-calls.js';
import type { Note } from './mongo-notes.js';

const lineOf = ({ at, by, text }: Note): string => `${at.toISOString()} ${by.name}: ${text}`;

const cellsOf = (call: StoredCall, notes: readonly Note[]): Record<string, string> => ({
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
    { header: true, escape_formulas: true },
  )}`;
