import { Schema, type Connection } from 'mongoose';
import type { CheckStore, DayCheck } from '../ports.js';

type StoredCheck = Omit<DayCheck, 'date'> & { readonly _id: string };

const schema = new Schema<StoredCheck>(
  {
    _id: { type: String, required: true },
    at: Date,
    calls: Number,
    visits: Number,
    added: Number,
    differences: [{ _id: false, visitId: String, what: String }],
    unaccounted: Number,
    overstated: Number,
  },
  { collection: 'figure_checks', versionKey: false },
);

export function createMongoChecks(mongo: Connection): CheckStore {
  const checks = mongo.model<StoredCheck>('FigureCheck', schema);
  return {
    async put({ date, ...rest }) {
      await checks.updateOne({ _id: date }, { $set: rest }, { upsert: true });
    },
    async overstated(date, intervals) {
      await checks.updateOne({ _id: date }, { $inc: { overstated: intervals } });
    },
    async of(date) {
      const found = await checks.findById(date).lean<StoredCheck | null>();
      if (found === null) return undefined;
      const { _id, ...rest } = found;
      return { date: _id, ...rest };
    },
  };
}
