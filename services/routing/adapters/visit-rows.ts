import { OF_SERVICE } from '../../shared/domain/figures/facts.js';
import type { Reads } from '../../shared/records/reads.js';
import type { VisitRows } from '../ports.js';

export const createVisitRows = ({ visits }: Pick<Reads, 'visits'>): VisitRows => ({
  async *of(enteredFrom, notedFrom) {
    const batches = visits.batches(
      { enteredAt: { $gte: enteredFrom }, notedAt: { $gte: notedFrom }, ...OF_SERVICE },
      { fields: ['queueId', 'enteredAt', 'outcome', 'waitMs', 'thresholdMs', 'called', 'trunkId', 'clientUnit', 'agentId'] },
    );
    for await (const batch of batches)
      yield batch.map(({ _id, enteredAt, ...visit }) => ({ visitId: _id, enteredAtMs: enteredAt.getTime(), ...visit }));
  },
});
