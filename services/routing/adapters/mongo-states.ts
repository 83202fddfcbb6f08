import { Schema, type Connection } from 'mongoose';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { StateLog } from '../ports.js';
import type { StateEntry } from '../replay/replay-day.js';
import { createMongoAged } from './mongo-aged.js';
import { createWriteBehind } from './write-behind.js';

type StoredState = Omit<StateEntry, 'entryId'> & { readonly _id: string };

const STATES = 'routing_states';

const stateSchema = new Schema<StoredState>(
  {
    _id: { type: String, required: true },
    agentId: { type: String, required: true },
    at: { type: Date, required: true },
    to: { type: String, required: true },
    callId: String,
  },
  { collection: STATES, versionKey: false },
).index({ at: 1 });

export function createMongoStates(mongo: Connection, log: Logger): StateLog {
  const states = mongo.model<StoredState>('RoutingState', stateSchema);
  const behind = createWriteBehind<StoredState>({
    what: 'states of agents',
    log,
    write: async (batch) => {
      await mongo.collection<StoredState>(STATES).insertMany(batch, { ordered: false });
    },
  });
  return {
    add: ({ entryId, ...rest }) => behind.add({ _id: entryId, ...rest }),
    async between(from, to) {
      const found = await states
        .find({ at: { $gte: from, $lt: to } })
        .sort({ at: 1 })
        .lean<StoredState[]>();
      return found.map(({ _id, ...rest }) => ({ entryId: _id, ...rest }));
    },
    flush: behind.flush,
    aged: createMongoAged([states]),
  };
}
