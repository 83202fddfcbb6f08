import { CONTACT_WINDOW_MS, type DailyCut } from '../../shared/domain/figures/daily.js';
import { createContacts } from '../../shared/domain/figures/contacts.js';
import { createPeak } from '../../shared/domain/figures/peak.js';
import { OF_SERVICE } from '../../shared/domain/figures/facts.js';
import { withinReach } from '../../shared/platform/reach/reach.js';
import type { StoredCall } from '../../shared/records/call.js';
import { LONGEST_CALL_MS } from '../facts.js';
import { chunksOf } from '../lists/list-reads.js';
import { cutOf, type DailyNeeds, type DailyRow, type DailySpan } from './daily-row.js';
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
  'talks',
  'endedAt',
  'agentIds',
] as const;
type ReadCall = Pick<StoredCall, '_id' | (typeof FIELDS)[number]>;

/** Service calls that were invited in a period, in order of time, within the reader's reach. */
async function* callsOf({ reads }: DailyNeeds, { fromMs, untilMs, reach }: DailySpan): AsyncGenerator<readonly ReadCall[]> {
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
      const { _id, direction, invitedAt, queueId, called } = call;
      const has = recorded.has(_id) ? 1 : 0;
      const ofIn = { callsOffered: 1, ...(isAnswered(call) ? { handledIn: 1, recordedIn: has } : {}) };
      const ofOut = isAnswered(call) ? { answeredOut: 1, recordedOut: has } : {};
      const row = { id: _id, kind: 'call', at: invitedAt, callId: _id, queueId, called } as const;
      return { ...row, counts: direction === 'inbound' ? ofIn : ofOut };
    });
  }
}

/** Inbound calls that an agent answered and that can be judged, read until the window of the last one has passed. */
export async function* contactRows(needs: DailyNeeds, span: DailySpan): AsyncGenerator<readonly DailyRow[]> {
  let judged: DailyRow[] = [];
  const contacts = createContacts<ReadCall>(({ _id, invitedAt, queueId, called }, isResolved) => {
    if (invitedAt.getTime() < span.untilMs)
      judged.push({
        ...{ id: _id, kind: 'call', at: invitedAt, callId: _id, queueId, called },
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

/** The times in which at least one agent talked in a call; for several agents at once, the time of all. */
export function talkTimes(talks: ReadCall['talks']): { readonly fromMs: number; readonly toMs: number }[] {
  const times: { fromMs: number; toMs: number }[] = [];
  for (const { from, to } of [...talks].sort((a, b) => a.from.getTime() - b.from.getTime())) {
    const last = times.at(-1);
    if (last !== undefined && from.getTime() <= last.toMs) last.toMs = Math.max(last.toMs, to.getTime());
    else times.push({ fromMs: from.getTime(), toMs: to.getTime() });
  }
  return times;
}

/** The busiest moment of all together, or of each queue or number on its own. */
function createPeaks<T extends Pick<DailyRow, 'queueId' | 'called'>>(by: DailyCut = 'all') {
  const peaks = new Map<string, ReturnType<typeof createPeak<T>>>();
  return {
    add(fromMs: number, toMs: number, item: T): void {
      const cut = cutOf(by, item);
      if (cut === undefined) return;
      let peak = peaks.get(cut);
      if (peak === undefined) peaks.set(cut, (peak = createPeak<T>()));
      peak.add(fromMs, toMs, item);
    },
    items: (): T[] => [...peaks.values()].flatMap((peak) => peak.items()),
  };
}

/** The calls in which agents talked at the busiest moment of the period. */
export async function* peakTalkRows(needs: DailyNeeds, span: DailySpan): AsyncGenerator<readonly DailyRow[]> {
  const peaks = createPeaks<ReadCall>(span.by);
  let pending: { readonly fromMs: number; readonly toMs: number; readonly call: ReadCall }[] = [];
  /** Calls arrive in order of their start: no later call can add a talk before this moment. */
  function flush(beforeMs: number): void {
    const ready = pending.filter(({ fromMs }) => fromMs < beforeMs).sort((a, b) => a.fromMs - b.fromMs);
    pending = pending.filter(({ fromMs }) => fromMs >= beforeMs);
    for (const { fromMs, toMs, call } of ready)
      if (fromMs < span.untilMs && toMs > span.fromMs) peaks.add(Math.max(fromMs, span.fromMs), Math.min(toMs, span.untilMs), call);
  }
  for await (const batch of callsOf(needs, { ...span, fromMs: span.fromMs - LONGEST_CALL_MS })) {
    for (const call of batch) for (const time of talkTimes(call.talks)) pending.push({ ...time, call });
    flush(batch.at(-1)?.invitedAt.getTime() ?? Number.NEGATIVE_INFINITY);
  }
  flush(Number.POSITIVE_INFINITY);
  yield peaks.items().map(({ _id, invitedAt, queueId, called }) => ({
    ...{ id: _id, kind: 'call', at: invitedAt, callId: _id, queueId, called },
    counts: { peakTalks: 1 },
  }));
}

/** The visits to queues that waited at the busiest moment of the period. */
export async function* peakWaitingRows({ reads }: DailyNeeds, span: DailySpan): AsyncGenerator<readonly DailyRow[]> {
  const { fromMs, untilMs, reach, nowMs, by } = span;
  const peaks = createPeaks<DailyRow>(by);
  const filter = { enteredAt: { $gte: new Date(fromMs - LONGEST_CALL_MS), $lt: new Date(untilMs) }, ...OF_SERVICE };
  const visits = reads.visits.batches(filter, {
    fields: ['callId', 'queueId', 'called', 'enteredAt', 'leftAt', 'agentId'],
    sort: { enteredAt: 1 },
  });
  for await (const batch of visits)
    for (const visit of batch) {
      const { _id, callId, enteredAt, leftAt, queueId, called } = visit;
      if (!withinReach(reach, visit, enteredAt)) continue;
      const row = { id: _id, kind: 'visit', at: enteredAt, callId, queueId, called, counts: { peakWaiting: 1 } } as const;
      peaks.add(Math.max(enteredAt.getTime(), fromMs), Math.min(leftAt?.getTime() ?? nowMs, untilMs), row);
    }
  yield peaks.items();
}
