import { withinReach } from '../../shared/platform/reach/reach.js';
import type { CallId } from '../../shared/domain/ids.js';
import { chunksOf } from '../lists/list-reads.js';
import type { DailyNeeds, DailyRow, DailySpan } from './daily-row.js';

/** How a callback can end. One that joined another is open until that one has ended. */
const ends: readonly string[] = ['reached', 'not-reached', 'cancelled'];

/** The callbacks for which callers kept their place in line in a period, and that are over. */
export async function* callbackRows({ reads }: DailyNeeds, { fromMs, untilMs, reach }: DailySpan): AsyncGenerator<readonly DailyRow[]> {
  const asked = reads.callbacks.batches(
    { askedAt: { $gte: new Date(fromMs), $lt: new Date(untilMs) } },
    { fields: ['queueId', 'askedAt', 'state', 'agentId'], sort: { askedAt: 1 } },
  );
  for await (const batch of asked) {
    const over = batch.filter(({ state }) => ends.includes(state));
    const calls = await callsOfService(
      { reads },
      over.map(({ _id }) => _id),
    );
    yield over.flatMap(({ _id, queueId, askedAt, state, agentId }): DailyRow[] => {
      const call = calls.get(_id);
      if (call === undefined || !withinReach(reach, { queueId, called: call.called, agentId }, askedAt)) return [];
      return [
        {
          ...{ id: _id, kind: 'call', at: askedAt, callId: _id, queueId, ...call },
          counts: { callbacksOver: 1, ...(state === 'reached' ? { callbacksKept: 1 } : {}) },
        },
      ];
    });
  }
}

/** A promise that nobody kept within this time after it was due is broken, also while it is open. */
export const PROMISE_OVERDUE_MS = 86_400_000;

/** The callbacks that agents promised at their seats in a period, and that were kept, closed, or broken. */
export async function* promiseRows(
  { reads }: DailyNeeds,
  { fromMs, untilMs, nowMs, reach }: DailySpan,
): AsyncGenerator<readonly DailyRow[]> {
  const promised = reads.seatCallbacks.batches(
    { promisedAt: { $gte: new Date(fromMs), $lt: new Date(untilMs) } },
    { fields: ['callId', 'queueId', 'promisedAt', 'dueAt', 'state', 'agentId', 'tries'], sort: { promisedAt: 1 } },
  );
  for await (const batch of promised) {
    const calls = await callsOfService(
      { reads },
      batch.map(({ callId }) => callId),
    );
    const answered = await answeredAmong(
      { reads },
      batch.flatMap(({ tries }) => tries.map(({ callId }) => callId)),
    );
    yield batch.flatMap(({ _id, callId, queueId, promisedAt, dueAt, state, agentId, tries }): DailyRow[] => {
      const call = calls.get(callId);
      if (call === undefined || promisedAt === undefined) return [];
      if (!withinReach(reach, { queueId, called: call.called, agentId }, promisedAt)) return [];
      const isKept = tries.some((tried) => answered.has(tried.callId));
      const isOver = isKept || state !== 'open' || Date.parse(dueAt) + PROMISE_OVERDUE_MS < nowMs;
      return isOver
        ? [
            {
              ...{ id: _id, kind: 'call', at: promisedAt, callId, queueId, ...call },
              counts: { callbacksOver: 1, ...(isKept ? { callbacksKept: 1 } : {}) },
            },
          ]
        : [];
    });
  }
}

/** Those of these calls out in which the person answered. */
async function answeredAmong({ reads }: Pick<DailyNeeds, 'reads'>, callIds: readonly CallId[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const ids of chunksOf(callIds))
    for (const { _id } of await reads.calls.find({ _id: { $in: ids }, answeredAt: { $ne: null } }, { fields: ['answeredAt'] }))
      found.add(_id);
  return found;
}

/** The number and the trunk of those of these calls that are service. */
async function callsOfService({ reads }: Pick<DailyNeeds, 'reads'>, callIds: readonly CallId[]) {
  const found = new Map<CallId, Pick<DailyRow, 'called' | 'trunkId'>>();
  for (const ids of chunksOf(callIds))
    for (const { _id, called, trunkId } of await reads.calls.find(
      { _id: { $in: ids }, class: 'service' },
      { fields: ['called', 'trunkId'] },
    ))
      found.set(_id, { called, trunkId });
  return found;
}
