import type { Connection } from 'mongoose';
import { Schema } from 'mongoose';
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

const toRow = ({ _id, ...rest }: Stored): AuditRow => ({ number: _id, ...rest });

export function createMongoAuditStore(mongo: Connection): AuditStore {
  const rows = mongo.model<Stored>('AuditRow', schema);
  return {
    async newest() {
      const newest = await rows.findOne().sort({ _id: -1 }).lean<Stored>();
      return newest === null ? undefined : toRow(newest);
    },
    async append(batch) {
      try {
        await rows.insertMany(
          batch.map(({ number, ...rest }) => ({ _id: number, ...rest })),
          { ordered: true },
        );
        return true;
      } catch (error) {
        // The first number is the contended one: either all of the batch went in, or none.
        if (error instanceof Error && 'code' in error && error.code === DUPLICATE_KEY) return false;
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
    async *inOrder() {
      for await (const row of rows.find().sort({ _id: 1 }).lean<Stored[]>().cursor({ batchSize: 2_000 })) yield toRow(row);
    },
  };
}
