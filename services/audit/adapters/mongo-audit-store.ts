import { mongo as driver, Schema, type Connection } from 'mongoose';
import type { AuditRow } from '../chain.js';
import type { AuditSearch, AuditStore } from '../ports.js';

type Stored = Omit<AuditRow, 'number'> & { readonly _id: number };

const schema = new Schema<Stored>(
  {
    _id: { type: Number, required: true },
    at: { type: String, required: true },
    who: { type: String, required: true },
    what: { type: String, required: true },
    object: String,
    from: String,
    success: { type: Boolean, required: true },
    reason: String,
    before: String,
    after: String,
    previous: { type: String, required: true },
    hash: { type: String, required: true },
  },
  { collection: 'audit', versionKey: false },
)
  .index({ who: 1, _id: -1 })
  .index({ what: 1, _id: -1 })
  .index({ object: 1, _id: -1 })
  .index({ at: 1 });

const DUPLICATE_KEY = 11000;
const BATCH_ROWS = 4_000;

type BareRows = Pick<driver.Collection<Stored>, 'insertMany' | 'find' | 'deleteMany'>;

const toRow = ({ _id, ...rest }: Stored): AuditRow => ({ number: _id, ...rest });

export function createMongoAuditStore(mongo: Connection): AuditStore {
  const rows = mongo.model<Stored>('AuditRow', schema);
  // Rows are checked where they are made: what goes through here by the thousand needs no second look.
  const bare = rows.collection as unknown as BareRows;
  return {
    async newest() {
      const newest = await rows.findOne().sort({ _id: -1 }).lean<Stored>();
      return newest === null ? undefined : toRow(newest);
    },
    async append(batch) {
      try {
        await bare.insertMany(
          batch.map(({ number, ...rest }) => ({ _id: number, ...rest })),
          { ordered: true },
        );
        return batch.length;
      } catch (error) {
        // In order: what stands before the number that was taken went in.
        if (error instanceof driver.MongoBulkWriteError && error.code === DUPLICATE_KEY) return error.insertedCount;
        throw error;
      }
    },
    async search({ who, what, object, from, to, before, limit }: AuditSearch) {
      const found = await rows
        .find({
          ...(who === undefined ? {} : { who }),
          ...(what === undefined ? {} : { what }),
          ...(object === undefined ? {} : { object }),
          ...(from === undefined && to === undefined
            ? {}
            : {
                at: { ...(from === undefined ? {} : { $gte: from.toISOString() }), ...(to === undefined ? {} : { $lt: to.toISOString() }) },
              }),
          ...(before === undefined ? {} : { _id: { $lt: before } }),
        })
        .sort({ _id: -1 })
        .limit(limit)
        .lean<Stored[]>();
      return found.map(toRow);
    },
    async oldest() {
      const oldest = await rows.findOne().sort({ _id: 1 }).lean<Stored>();
      return oldest === null ? undefined : toRow(oldest);
    },
    async *inOrder(from) {
      const first = Math.max(from, (await this.oldest())?.number ?? from);
      const last = (await this.newest())?.number ?? 0;
      const read = (at: number): Promise<Stored[]> => {
        const range = bare.find({ _id: { $gte: at, $lt: at + BATCH_ROWS } }, { sort: { _id: 1 }, batchSize: BATCH_ROWS }).toArray();
        // Whoever looks no further leaves a range unread; its failure is nobody's then.
        range.catch(() => undefined);
        return range;
      };
      // The store reads the next range while this one is looked at.
      let ahead = read(first);
      for (let at = first; at <= last; at += BATCH_ROWS) {
        const batch = await ahead;
        if (at + BATCH_ROWS <= last) ahead = read(at + BATCH_ROWS);
        yield batch.map(toRow);
      }
    },
    async removeBelow(number) {
      return (await bare.deleteMany({ _id: { $lt: number } })).deletedCount;
    },
  };
}
