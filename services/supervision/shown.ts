import { secondsOf, type Listening } from './listening.js';
import type { UserId } from '../shared/domain/ids.js';

/** A listening as pages show it. */
export function shownRow(row: Listening, personOf: (userId: UserId) => { readonly userId: UserId; readonly name: string }) {
  const { id, callId, queueId, reason, note, notice, beganAt, endedAt, parts } = row;
  return {
    id,
    callId,
    listener: personOf(row.listenerId),
    agent: personOf(row.agentId),
    ...(queueId === undefined ? {} : { queueId }),
    ...(reason === undefined ? {} : { reason }),
    ...(note === undefined ? {} : { note }),
    notice,
    beganAt,
    ...(endedAt === undefined ? {} : { endedAt }),
    seconds: secondsOf(row),
    parts: parts.map((part) => ({ ...part })),
  };
}
export type ShownListening = ReturnType<typeof shownRow>;
