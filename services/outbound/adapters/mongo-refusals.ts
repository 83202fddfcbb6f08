import { Schema, type Connection } from 'mongoose';
import type { RefusalStore } from '../ports.js';
import type { Refusal } from '../refusal.js';

type Stored = Omit<Refusal, 'numberHash'> & { readonly _id: string };

const schema = new Schema<Stored>(
  {
    _id: { type: String, required: true },
    numberMasked: { type: String, required: true },
    reason: { type: String, required: true },
    source: { type: String, required: true },
    at: { type: Date, required: true },
    by: { type: String, required: true },
    withdrawn: { type: { at: Date, by: String, evidence: String }, _id: false, default: undefined },
  },
  { collection: 'do_not_call', versionKey: false },
).index({ at: -1 });

const toRefusal = ({ _id, ...rest }: Stored): Refusal => ({ numberHash: _id, ...rest });

export function createMongoRefusals(mongo: Connection): RefusalStore {
  const refusals = mongo.model<Stored>('Refusal', schema);
  return {
    async put({ numberHash, at, by, reason, source, numberMasked }) {
      await refusals.updateOne(
        { _id: numberHash },
        { $setOnInsert: { numberMasked, at, by, reason, source }, $unset: { withdrawn: '' } },
        { upsert: true },
      );
    },
    async inForce(numberHash) {
      const found = await refusals.findOne({ _id: numberHash, withdrawn: { $exists: false } }).lean<Stored>();
      return found === null ? undefined : toRefusal(found);
    },
    async list({ skip, limit, numberHash }) {
      const filter = numberHash === undefined ? {} : { _id: numberHash };
      const [found, total] = await Promise.all([
        refusals.find(filter).sort({ at: -1 }).skip(skip).limit(limit).lean<Stored[]>(),
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
