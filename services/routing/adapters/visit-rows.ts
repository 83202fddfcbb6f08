import { OF_SERVICE } from '../../shared/domain/figures/facts.js';
import type { Reads } from '../../shared/records/reads.js';
import { sentOnIn } from '../../shared/domain/figures/hand-over.js';
import type { VisitRows } from '../ports.js';
import { transferIdOf } from '../waits/day-transfers.js';

/** A call that began this long before may have a leg of the time. */
const LONGEST_CALL_MS = 12 * 3_600_000;

export const createVisitRows = ({ calls, visits }: Pick<Reads, 'calls' | 'visits'>): VisitRows => ({
  async *of(enteredFrom, notedFrom) {
    const batches = visits.batches(
      { enteredAt: { $gte: enteredFrom }, notedAt: { $gte: notedFrom }, ...OF_SERVICE },
      { fields: ['queueId', 'enteredAt', 'outcome', 'waitMs', 'thresholdMs', 'called', 'trunkId', 'clientUnit', 'agentId'] },
    );
    for await (const batch of batches)
      yield batch.map(({ _id, enteredAt, ...visit }) => ({ visitId: _id, enteredAtMs: enteredAt.getTime(), ...visit }));
  },
  async *legsSince(at) {
    const invitedAt = { $gte: new Date(at.getTime() - LONGEST_CALL_MS) };
    const batches = calls.batches({ invitedAt, class: 'service', 'dialled.attemptId': { $exists: true } }, { fields: ['dialled'] });
    for await (const batch of batches)
      yield batch.flatMap(({ dialled }) =>
        dialled.map(({ attemptId, trunkId, at: dialledAt, ringingAt, answeredAt, failure }) => ({
          ...{ attemptId, trunkId, at: dialledAt, ringingAt, answeredAt, failure },
        })),
      );
  },
  async *transfersSince(at) {
    const invitedAt = { $gte: new Date(at.getTime() - LONGEST_CALL_MS) };
    const sentOn = { invitedAt, class: 'service', direction: 'inbound', 'history.what': 'transferred' };
    for await (const batch of calls.batches(sentOn, { fields: ['called', 'trunkId', 'segments', 'history'] }))
      yield batch.flatMap(({ _id, called, trunkId, ...call }) =>
        sentOnIn(call).map(({ place, first: { agentId, queueId, fromMs } }) => ({
          ...{ transferId: transferIdOf(_id, place), atMs: fromMs, agentId, queueId, called, trunkId },
        })),
      );
  },
});
