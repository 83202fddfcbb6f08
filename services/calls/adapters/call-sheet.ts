import { stringify } from 'csv-stringify/sync';
import { sidesOf } from '../../shared/domain/calls/call-sides.js';
import type { StoredCall } from './mongo-calls.js';

const cellsOf = (call: StoredCall): Record<string, string> => ({
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
});

/** Calls as CSV with masked numbers. The mark tells spreadsheets that it is UTF-8; a cell that begins like a formula is none. */
export const callSheet = (calls: readonly StoredCall[]): string =>
  `\uFEFF${stringify(calls.map(cellsOf), { header: true, escape_formulas: true })}`;
