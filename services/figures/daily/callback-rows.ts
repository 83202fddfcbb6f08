import { withinReach } from '../../shared/platform/reach/reach.js';
import type { CallId } from '../../shared/domain/ids.js';
import { chunksOf } from '../lists/list-reads.js';
import type { DailyNeeds, DailyRow, DailySpan } from './daily-row.js';

/** How a callback can end. One that joined another is open until that one has ended. */
const ends: readonly string[] = ['reached', 'not-reached', 'cancelled'];

/** The callbacks that callers were promised in a period and that are over. */
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
