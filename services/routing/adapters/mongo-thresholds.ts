import type { Connection } from 'mongoose';
import { Threshold } from '../../shared/contracts/queues/threshold.js';
import { writeOver } from '../../shared/platform/stores/edits.js';
import type { ThresholdStore } from '../ports.js';

const THRESHOLDS = 'routing_thresholds';

export function createMongoThresholds(mongo: Connection): ThresholdStore {
  const thresholds = mongo.collection<{ _id: string }>(THRESHOLDS);
  /** A row that fits no threshold of this version is left out, and routing starts without it. */
  const shown = ({ _id, ...rest }: { readonly _id: string }): Threshold[] => {
    const parsed = Threshold.safeParse({ id: _id, ...rest });
    return parsed.success ? [parsed.data] : [];
  };
  return {
    all: async () => (await thresholds.find().sort({ _id: 1 }).toArray()).flatMap(shown),
    async byId(id) {
      const found = await thresholds.findOne({ _id: id });
      return found === null ? undefined : shown(found)[0];
    },
    async put({ id, ...rest }, read, by) {
      return { id, ...(await writeOver(mongo.collection(THRESHOLDS), id, rest, read, by)) };
    },
    remove: async (id) => (await thresholds.deleteOne({ _id: id })).deletedCount === 1,
  };
}
