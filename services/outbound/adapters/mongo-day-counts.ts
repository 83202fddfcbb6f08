import type { Connection } from 'mongoose';
import type { DayCounts } from '../ports.js';

interface Count {
  readonly calls?: number;
  readonly lastedMs?: number;
}
interface StoredDay extends Count {
  readonly _id: string;
  readonly trunks?: Readonly<Record<string, Count>>;
}

const MINUTE_MS = 60_000;
/** A point or a dollar in a trunk's id would be a path of the document. */
const fieldOf = (trunkId: string): string => `trunks.${encodeURIComponent(trunkId).replaceAll('.', '%2E')}`;
const reached = ({ calls = 0, lastedMs = 0 }: Count, callsADay: number, minutesADay: number): boolean =>
  calls > callsADay || lastedMs >= minutesADay * MINUTE_MS;

/** Calls and minutes of each day at the site in one document a day. */
export function createMongoDayCounts(mongo: Connection): DayCounts {
  const days = mongo.collection<StoredDay>('outbound_days');
  return {
    async take(day, trunkId, ceilings) {
      const field = fieldOf(trunkId);
      const one = { calls: 1, [`${field}.calls`]: 1 };
      const counted = await days.findOneAndUpdate({ _id: day }, { $inc: one }, { upsert: true, returnDocument: 'after' });
      const trunk = counted?.trunks?.[field.slice('trunks.'.length)] ?? {};
      const over =
        reached(counted ?? {}, ceilings.callsADay, ceilings.minutesADay) ||
        reached(trunk, ceilings.trunkCallsADay, ceilings.trunkMinutesADay);
      if (over) await days.updateOne({ _id: day }, { $inc: { calls: -1, [`${field}.calls`]: -1 } });
      return over;
    },
    async add(day, trunkId, lastedMs) {
      if (lastedMs === 0) return;
      await days.updateOne({ _id: day }, { $inc: { lastedMs, [`${fieldOf(trunkId)}.lastedMs`]: lastedMs } }, { upsert: true });
    },
  };
}
