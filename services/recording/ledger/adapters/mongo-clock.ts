import type { Connection } from 'mongoose';
import type { ClockMemory, KeptMark, OpenJump } from '../clock-watch.js';

interface StoredJump extends OpenJump {
  readonly _id: number;
  /** The day whose sheet carries it. */
  readonly carriedBy?: string;
}

const MARK = 'host';

/** The last mark of the clock and its jumps. */
export function createMongoClock(mongo: Connection): ClockMemory {
  const marks = mongo.collection<KeptMark & { readonly _id: string }>('clock_mark');
  const jumps = mongo.collection<StoredJump>('clock_jumps');
  return {
    async mark() {
      const found = await marks.findOne({ _id: MARK });
      if (found === null) return undefined;
      const { wallMs, steadyMs, boot, crept } = found;
      return { wallMs, steadyMs, boot, ...(crept === undefined ? {} : { crept }) };
    },
    async keep(mark) {
      await marks.replaceOne({ _id: MARK }, mark, { upsert: true });
    },
    async add({ at, byMs }) {
      // Numbered as they are seen: their times go back and forth.
      const [last] = await jumps.find().sort({ _id: -1 }).limit(1).toArray();
      await jumps.insertOne({ _id: (last?._id ?? 0) + 1, at, byMs, isOwed: true });
    },
    async owed() {
      const found = await jumps.find({ isOwed: true }).sort({ _id: 1 }).toArray();
      return found.map(({ at, byMs }) => ({ at, byMs }));
    },
    async audited({ at, byMs }) {
      await jumps.updateMany({ at, byMs, isOwed: true }, { $unset: { isOwed: '' } });
    },
    async open() {
      const found = await jumps
        .find({ carriedBy: { $exists: false } })
        .sort({ _id: 1 })
        .toArray();
      return found.map(({ at, byMs, isOwed }) => ({ at, byMs, ...(isOwed === true ? { isOwed } : {}) }));
    },
    async carried({ day, clock }) {
      const many = clock === undefined ? 0 : clock.jumps.length + clock.moreJumps;
      if (many === 0) return;
      // As many as the sheet counts, from the oldest: one that came since then waits for the next sheet.
      const oldest = await jumps
        .find({ carriedBy: { $exists: false } })
        .sort({ _id: 1 })
        .limit(many)
        .toArray();
      await jumps.updateMany({ _id: { $in: oldest.map(({ _id }) => _id) } }, { $set: { carriedBy: day } });
    },
  };
}
