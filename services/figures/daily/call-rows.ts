import { CONTACT_WINDOW_MS } from '../../shared/domain/figures/daily.js';
import { createContacts } from '../../shared/domain/figures/contacts.js';
import { withinReach } from '../../shared/platform/reach/reach.js';
import type { StoredCall } from '../../shared/records/call.js';
import { chunksOf } from '../lists/list-reads.js';
import type { DailyNeeds, DailyRow, DailySpan } from './daily-row.js';
import type { CallId } from '../../shared/domain/ids.js';

const FIELDS = [
  'direction',
  'invitedAt',
  'answeredAt',
  'agentAnsweredAt',
  'queuedAt',
  'callerHash',
  'queueId',
  'called',
  'trunkId',
  'talks',
  'endedAt',
  'agentIds',
] as const;
export type ReadCall = Pick<StoredCall, '_id' | (typeof FIELDS)[number]>;

/** Service calls that were invited in a period, in order of time, within the reader's reach. */
export async function* callsOf({ reads }: DailyNeeds, { fromMs, untilMs, reach }: DailySpan): AsyncGenerator<readonly ReadCall[]> {
  const filter = { invitedAt: { $gte: new Date(fromMs), $lt: new Date(untilMs) }, class: 'service' };
  for await (const batch of reads.calls.batches(filter, { fields: FIELDS, sort: { invitedAt: 1 } }))
    yield batch.filter((call) => withinReach(reach, call, call.invitedAt));
}

/** Those of these calls that have a recording in the archive, or had one until its recorded deletion. */
async function recordedAmong({ reads }: DailyNeeds, callIds: readonly CallId[]): Promise<ReadonlySet<string>> {
  const recorded = new Set<string>();
  for (const ids of chunksOf(callIds)) {
    const found = await reads.recordings.find(
      { _id: { $in: ids }, $or: [{ objectKey: { $ne: null } }, { deletion: { $ne: null } }] },
      { fields: ['objectKey'] },
    );
    for (const { _id } of found) recorded.add(_id);
  }
  return recorded;
}

/** Each call, and whether it was answered and recorded. */
export async function* callRows(needs: DailyNeeds, span: DailySpan): AsyncGenerator<readonly DailyRow[]> {
  for await (const batch of callsOf(needs, span)) {
    const isAnswered = ({ direction, answeredAt, agentAnsweredAt }: ReadCall): boolean =>
      (direction === 'inbound' ? agentAnsweredAt : answeredAt) !== undefined;
    const recorded = await recordedAmong(
      needs,
      batch.filter(isAnswered).map(({ _id }) => _id),
    );
    yield batch.map((call) => {
      const { _id, direction, invitedAt, queueId, called, trunkId } = call;
      const has = recorded.has(_id) ? 1 : 0;
      const ofIn = { callsOffered: 1, ...(isAnswered(call) ? { handledIn: 1, recordedIn: has } : {}) };
      const ofOut = isAnswered(call) ? { answeredOut: 1, recordedOut: has } : {};
      const row = { id: _id, kind: 'call', at: invitedAt, callId: _id, queueId, called, trunkId } as const;
      return { ...row, counts: direction === 'inbound' ? ofIn : ofOut };
    });
  }
}

/** Inbound calls that an agent answered and that can be judged, read until the window of the last one has passed. */
export async function* contactRows(needs: DailyNeeds, span: DailySpan): AsyncGenerator<readonly DailyRow[]> {
  let judged: DailyRow[] = [];
  const contacts = createContacts<ReadCall>(({ _id, invitedAt, queueId, called, trunkId }, isResolved) => {
    if (invitedAt.getTime() < span.untilMs)
      judged.push({
        ...{ id: _id, kind: 'call', at: invitedAt, callId: _id, queueId, called, trunkId },
        counts: { contactsJudged: 1, ...(isResolved ? { contactsResolved: 1 } : {}) },
      });
  });
  const readUntilMs = Math.min(span.nowMs, span.untilMs + CONTACT_WINDOW_MS + 1);
  for await (const batch of callsOf(needs, { ...span, untilMs: readUntilMs })) {
    for (const call of batch) {
      const { direction, callerHash, queueId, queuedAt, invitedAt, agentAnsweredAt } = call;
      if (direction !== 'inbound' || callerHash === undefined || queueId === undefined || queuedAt === undefined) continue;
      contacts.add(`${callerHash}|${queueId}`, invitedAt.getTime(), agentAnsweredAt === undefined ? undefined : call);
    }
    yield judged;
    judged = [];
  }
  contacts.end(readUntilMs);
  yield judged;
}
