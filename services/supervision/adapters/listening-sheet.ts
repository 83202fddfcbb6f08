import { stringify } from 'csv-stringify/sync';
import type { ShownListening } from '../shown.js';

const heads = ['beganAt', 'endedAt', 'listener', 'agent', 'mode', 'seconds', 'reason', 'note', 'notice', 'queueId', 'callId'] as const;

/**
 * One line for each mode; a listening that is still in progress has one line without a mode yet. The byte order mark tells spreadsheets
 * that it is UTF-8.
 */
export function listeningSheet(rows: readonly ShownListening[]): string {
  const lines = rows.flatMap(({ parts, listener, agent, beganAt, endedAt, reason, note, notice, queueId, callId }) => {
    const common = {
      endedAt: endedAt?.toISOString() ?? '',
      listener: listener.name,
      agent: agent.name,
      reason: reason ?? '',
      note: note ?? '',
      notice,
      queueId: queueId ?? '',
      callId,
    };
    if (parts.length === 0) return [{ ...common, beganAt: beganAt.toISOString(), mode: '', seconds: '' }];
    return parts.map((part) => ({ ...common, beganAt: part.beganAt.toISOString(), mode: part.mode, seconds: String(part.seconds) }));
  });
  return `\uFEFF${stringify(lines, { header: true, columns: [...heads], escape_formulas: true })}`;
}
