import { Schema, type Connection } from 'mongoose';
import type { Callback } from '../callback.js';
import type { CallbackStore } from '../ports.js';

type StoredCallback = Omit<Callback, 'callId'> & { readonly _id: string };

const callbackSchema = new Schema<StoredCallback>(
  {
    _id: { type: String, required: true },
    queueId: { type: String, required: true },
    askedAt: { type: Date, required: true },
    waitingSince: { type: Date, required: true },
    state: { type: String, required: true },
    tries: Number,
    notBefore: Date,
    outboundId: String,
    agentId: String,
  },
  { collection: 'routing_callbacks', versionKey: false },
)
  .index({ state: 1, askedAt: 1 })
  .index({ askedAt: -1 });

export function createMongoCallbacks(mongo: Connection): CallbackStore {
  const callbacks = mongo.model<StoredCallback>('RoutingCallback', callbackSchema);
  const openStates: Callback['state'][] = ['waiting', 'dialling'];
  const OPEN = { state: { $in: openStates } };
  const shown = ({ _id, ...rest }: StoredCallback): Callback => ({ callId: _id, ...rest });
  return {
    open: async () => (await callbacks.find(OPEN).sort({ askedAt: 1 }).lean<StoredCallback[]>()).map(shown),
    async put({ callId, ...rest }) {
      await callbacks.replaceOne({ _id: callId }, rest, { upsert: true });
    },
    list: async ({ open, skip, limit }) =>
      (
        await callbacks
          .find(open ? OPEN : {})
          .sort({ askedAt: -1 })
          .skip(skip)
          .limit(limit)
          .lean<StoredCallback[]>()
      ).map(shown),
  };
}
