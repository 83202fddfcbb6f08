import type { VisitOutcome } from '../../shared/domain/figures/facts.js';
import type { StoredAgentState } from '../../shared/records/agent-state.js';
import type { StoredCall } from '../../shared/records/call.js';
import type { Reads } from '../../shared/records/reads.js';
import type { StateRow } from '../quality/call-row.js';
import type { CallId } from '../../shared/domain/ids.js';

const ABANDONED = ['abandoned-in-queue', 'abandoned-ringing'];

/** From the record of the call; for a call from before visits were stored, the visit that follows from its times. */
export function visitsOf({
  direction,
  visits,
  queueId,
  queuedAt,
  agentAnsweredAt,
  endedAt,
  cause,
}: Pick<StoredCall, 'direction' | 'visits' | 'queueId' | 'queuedAt' | 'agentAnsweredAt' | 'endedAt' | 'cause'>): [
  string,
  number,
  VisitOutcome,
][] {
  if (direction === 'outbound') return [];
  if (visits.length > 0) return visits.filter(({ returned }) => !returned).map((visit) => [visit.queueId, visit.waitMs, visit.outcome]);
  if (queueId === undefined || queuedAt === undefined) return [];
  // A clock that was set back between the two must not make a wait negative.
  const waitMs = Math.max(0, (agentAnsweredAt ?? endedAt).getTime() - queuedAt.getTime());
  return [[queueId, waitMs, agentAnsweredAt !== undefined ? 'answered' : ABANDONED.includes(cause) ? 'abandoned' : 'lost']];
}

interface FoundState {
  readonly row: Omit<StateRow, 'ofService'>;
  readonly callId: CallId | undefined;
}

export const toState = ({
  agentId,
  at,
  untilAt,
  state,
  callId,
}: Pick<StoredAgentState, 'agentId' | 'at' | 'untilAt' | 'state' | 'callId'>): FoundState | undefined =>
  untilAt === undefined
    ? undefined
    : { row: { agentId, fromMs: at.getTime(), untilMs: untilAt.getTime(), state }, callId: state === 'wrap-up' ? callId : undefined };

/** A wrap-up counts as service when its call came in and this agent talked with the caller. */
export async function* withCalls(
  batches: AsyncIterable<readonly FoundState[]>,
  { calls }: Pick<Reads, 'calls'>,
): AsyncGenerator<readonly StateRow[]> {
  for await (const batch of batches) {
    const callIds = [...new Set(batch.flatMap(({ callId }) => callId ?? []))];
    const found =
      callIds.length === 0
        ? []
        : await calls.find({ _id: { $in: callIds }, direction: 'inbound', class: { $ne: 'test' } }, { fields: ['talks'] });
    const handled = new Set(found.flatMap(({ _id, talks }) => talks.map(({ agentId }) => `${_id}|${agentId}`)));
    yield batch.map(({ row, callId }) => ({ ...row, ofService: callId !== undefined && handled.has(`${callId}|${row.agentId}`) }));
  }
}
