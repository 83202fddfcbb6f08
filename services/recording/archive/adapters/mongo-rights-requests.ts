import { Schema, type Connection } from 'mongoose';
import type { RightsRequest, RightsRequestStore } from '../rights-requests.js';

type Stored = Omit<RightsRequest, 'id'> & { readonly _id: string };

const schema = new Schema<Stored>(
  { _id: { type: String, required: true }, state: { type: String, required: true }, dueAt: { type: String, required: true } },
  { collection: 'rights_requests', versionKey: false, strict: false },
).index({ state: 1, dueAt: 1 });

const toRequest = ({ _id, ...rest }: Stored): RightsRequest => ({ id: _id, ...rest });

export function createMongoRightsRequests(mongo: Connection): RightsRequestStore {
  const requests = mongo.model<Stored>('RightsRequest', schema);
  return {
    async add({ id, ...request }) {
      await requests.updateOne({ _id: id }, { $setOnInsert: request }, { upsert: true });
    },
    async find(id) {
      const found = await requests.findById(id).lean<Stored>();
      return found === null ? undefined : toRequest(found);
    },
    async answer(id, state, answer) {
      return (await requests.updateOne({ _id: id, state: 'open' }, { $set: { state, answer } })).modifiedCount === 1;
    },
    async list({ state, limit }) {
      const found = await requests
        .find(state === undefined ? {} : { state })
        .sort({ dueAt: 1 })
        .limit(limit)
        .lean<Stored[]>();
      return found.map(toRequest);
    },
  };
}
