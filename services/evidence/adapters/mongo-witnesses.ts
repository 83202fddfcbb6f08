import { Schema, type Connection } from 'mongoose';
import type { Witnessed, WitnessStore } from '../witness/witness-service.js';

const schema = new Schema(
  { _id: { type: String, required: true } },
  { collection: 'sheet_witnesses', versionKey: false, strict: false, minimize: false },
);

type Stored = Omit<Witnessed, 'day'> & { readonly _id: string };

/** What left the house of each day. */
export function createMongoWitnesses(mongo: Connection): WitnessStore {
  const rows = mongo.model('SheetWitness', schema).collection;
  const of = (day: string) => ({ _id: day as never });
  return {
    async from(day) {
      const found = (await rows
        .find({ _id: { $gte: day as never } })
        .sort({ _id: 1 })
        .toArray()) as unknown as Stored[];
      return found.map(({ _id, ...rest }) => ({ day: _id, ...rest }));
    },
    async begin({ day, ...row }) {
      await rows.updateOne(of(day), { $setOnInsert: row }, { upsert: true });
    },
    async addStamp(day, stamp) {
      await rows.updateOne({ ...of(day), 'stamps.authority': { $ne: stamp.authority } }, { $push: { stamps: stamp } } as never);
    },
    async addMessages(day, messageIds) {
      await rows.updateOne(of(day), { $set: { messageIds } });
    },
  };
}
