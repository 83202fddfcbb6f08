import { Schema, type Connection } from 'mongoose';
import type { RefusalStore } from '../ports.js';
import type { Refusal } from '../refusal.js';

export type StoredRefusal = Omit<Refusal, 'numberHash'> & { readonly _id: string };

export const REFUSALS = 'do_not_call';

const schema = new Schema<StoredRefusal>(
  {
    _id: { type: String, required: true },
    numberMasked: { type: String, required: true },
    reason: { type: String, required: true },
    source: { type: String, required: true },
    clientUnit: { type: String },
    at: { type: Date, required: true },
    by: { type: String, required: true },
    withdrawn: { type: { at: Date, by: String, evidence: String }, _id: false, default: undefined },
  },
  { collection: REFUSALS, versionKey: false },
).index({ at: -1 });

const toRefusal = ({ _id, ...rest }: StoredRefusal): Refusal => ({ numberHash: _id, ...rest });

export function createMongoRefusals(mongo: Connection): RefusalStore {
  const refusals = mongo.model<StoredRefusal>('Refusal', schema);
  return {
    async put({ numberHash, at, by, reason, source, numberMasked, clientUnit }) {
      await refusals.updateOne(
        { _id: numberHash },
        {
          $setOnInsert: { numberMasked, at, by, reason, source, ...(clientUnit === undefined ? {} : { clientUnit }) },
          $unset: { withdrawn: '' },
        },
        { upsert: true },
      );
    },
    async inForce(numberHash) {
      const found = await refusals.findOne({ _id: numberHash, withdrawn: { $exists: false } }).lean<StoredRefusal>();
      return found === null ? undefined : toRefusal(found);
    },
    async inForceOf(numberHashes) {
      const rows = await refusals.find({ _id: { $in: [...numberHashes] }, withdrawn: { $exists: false } }).lean<StoredRefusal[]>();
      return rows.map(toRefusal);
    },
    async list({ skip, limit, numberHash }) {
      const filter = numberHash === undefined ? {} : { _id: numberHash };
      const [found, total] = await Promise.all([
        refusals.find(filter).sort({ at: -1 }).skip(skip).limit(limit).lean<StoredRefusal[]>(),
        refusals.countDocuments(filter),
      ]);
      return { refusals: found.map(toRefusal), total };
    },
    async forget(numberHash) {
      await refusals.deleteOne({ _id: numberHash });
    },
    async withdraw(numberHash, withdrawn) {
      return (await refusals.updateOne({ _id: numberHash, withdrawn: { $exists: false } }, { $set: { withdrawn } })).modifiedCount === 1;
    },
  };
}
