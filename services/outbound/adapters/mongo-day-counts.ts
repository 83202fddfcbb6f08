import type { Connection } from 'mongoose';
import type { DayCounts } from '../ports.js';
import type { TrunkId } from '../../shared/domain/ids.js';

interface Count {
  readonly calls?: number;
  readonly lastedMs?: number;
}
interface StoredDay extends Count {
  readonly _id: string;
  readonly trunks?: Readonly<Record<string, Count>>;
}

/** A dot or a dollar sign in the id of a trunk would be read as a path of the document. */
const nameOf = (trunkId: TrunkId): string => encodeURIComponent(trunkId).replaceAll('.', '%2E');
const fieldOf = (trunkId: TrunkId): string => `trunks.${nameOf(trunkId)}`;

/** Calls and minutes of each day at the site, with one document per day. */
export function createMongoDayCounts(mongo: Connection): DayCounts {
  const days = mongo.collection<StoredDay>('outbound_days');
  return {
    async of(day, trunkId) {
      const { calls = 0, lastedMs = 0, trunks = {} } = (await days.findOne({ _id: day })) ?? {};
      const ofTrunk = trunks[nameOf(trunkId)] ?? {};
      return { calls, lastedMs, trunkCalls: ofTrunk.calls ?? 0, trunkLastedMs: ofTrunk.lastedMs ?? 0 };
    },
    async count(day, trunkId) {
      await days.updateOne({ _id: day }, { $inc: { calls: 1, [`${fieldOf(trunkId)}.calls`]: 1 } }, { upsert: true });
    },
    async moved(day, trunkId) {
      await days.updateOne({ _id: day }, { $inc: { [`${fieldOf(trunkId)}.calls`]: 1 } }, { upsert: true });
    },
    async giveBack(day, trunkId, of) {
      await days.updateOne({ _id: day }, { $inc: { ...(of === 'day' ? { calls: -1 } : {}), [`${fieldOf(trunkId)}.calls`]: -1 } });
    },
    async add(day, trunkId, lastedMs) {
      await days.updateOne({ _id: day }, { $inc: { lastedMs, [`${fieldOf(trunkId)}.lastedMs`]: lastedMs } }, { upsert: true });
    },
  };
}
