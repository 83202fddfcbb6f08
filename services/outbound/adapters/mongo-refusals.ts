import { Schema, type Connection } from 'mongoose';
import type { RefusalStore } from '../ports.js';
import { isOfThePerson, type Refusal, type RefusalsOfNumber } from '../refusals/refusal.js';

export type StoredRefusal = Omit<Refusal, 'numberHash'> & {
  readonly _id: string;
  /**
   * When the person last refused. The reason of the row may come from an outside list that was imported before or after. Rows of earlier
   * versions lack it.
   */
  readonly lastOfPerson?: Date;
};

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
    keptAt: { type: Date },
    lastOfPerson: { type: Date },
    withdrawn: { type: { at: Date, by: String, evidence: String }, _id: false, default: undefined },
  },
  { collection: REFUSALS, versionKey: false },
).index({ at: -1 });

const toRefusal = ({ _id, lastOfPerson: _lastOfPerson, keptAt: _keptAt, ...rest }: StoredRefusal): Refusal => ({
  numberHash: _id,
  ...rest,
});

function historyOf({ _id, at, reason, withdrawn, lastOfPerson = isOfThePerson(reason) ? at : undefined }: StoredRefusal): RefusalsOfNumber {
  return {
    numberHash: _id,
    ...(withdrawn === undefined ? { inForceSince: at } : {}),
    ...(lastOfPerson === undefined ? {} : { lastOfPerson }),
  };
}

export function createMongoRefusals(mongo: Connection, now: () => Date = () => new Date()): RefusalStore {
  const refusals = mongo.model<StoredRefusal>('Refusal', schema);
  return {
    async put({ numberHash, at, by, reason, source, numberMasked, clientUnit }) {
      const row = { numberMasked, at, by, reason, source, keptAt: now(), ...(clientUnit === undefined ? {} : { clientUnit }) };
      await refusals.updateOne(
        { _id: numberHash },
        { $setOnInsert: row, ...(isOfThePerson(reason) ? { $max: { lastOfPerson: at } } : {}) },
        { upsert: true },
      );
      // Second, so that a refusal that is withdrawn between the two is in force again.
      await refusals.updateOne(
        { _id: numberHash, withdrawn: { $exists: true } },
        { $set: row, $unset: { withdrawn: '', ...(clientUnit === undefined ? { clientUnit: '' } : {}) } },
      );
    },
    async inForce(numberHash) {
      const found = await refusals.findOne({ _id: numberHash, withdrawn: { $exists: false } }).lean<StoredRefusal>();
      return found === null ? undefined : toRefusal(found);
    },
    async ofNumbers(numberHashes) {
      return (await refusals.find({ _id: { $in: [...numberHashes] } }).lean<StoredRefusal[]>()).map(historyOf);
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
