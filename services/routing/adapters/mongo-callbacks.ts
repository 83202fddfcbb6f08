import { Schema, type Connection } from 'mongoose';
import { CallCentreError } from '../../shared/domain/failure.js';
import { errorCode } from '../../shared/platform/processes/error-code.js';
import type { Leadership } from '../../shared/platform/processes/leadership.js';
import type { Callback } from '../callbacks/callback.js';
import type { CallbackStore } from '../ports.js';

type Asked = 'priority' | 'skills';
export type StoredCallback = Omit<Callback, 'callId' | Asked> &
  Partial<Pick<Callback, Asked>> & { readonly _id: string; readonly fencingToken?: number };

export const CALLBACKS = 'routing_callbacks';

const callbackSchema = new Schema<StoredCallback>(
  {
    _id: { type: String, required: true },
    queueId: { type: String, required: true },
    askedAt: { type: Date, required: true },
    waitingSince: { type: Date, required: true },
    priority: { type: Number, default: 0 },
    skills: { type: Schema.Types.Mixed, default: {} },
    state: { type: String, required: true },
    tries: Number,
    notBefore: Date,
    outboundId: String,
    agentId: String,
    callerHash: String,
    clientUnit: String,
    joinedTo: String,
    /** The fencing token of the leader that last wrote it. */
    fencingToken: Number,
  },
  { collection: CALLBACKS, versionKey: false, minimize: false },
)
  .index({ state: 1, askedAt: 1 })
  .index({ askedAt: -1 })
  .index({ joinedTo: 1 }, { sparse: true });

/** `leader`: the token of the writer. A row that a later leader has written stays as it is; the write fails with `superseded`. */
export function createMongoCallbacks(mongo: Connection, leader?: Pick<Leadership, 'token'>): CallbackStore {
  const callbacks = mongo.model<StoredCallback>('RoutingCallback', callbackSchema);
  const openStates: Callback['state'][] = ['waiting', 'dialling'];
  const OPEN = { state: { $in: openStates } };
  // Callbacks of earlier versions have no priority and no skills.
  const shown = ({ _id, priority = 0, skills = {}, fencingToken: _token, ...rest }: StoredCallback): Callback => ({
    ...{ callId: _id, priority, skills },
    ...rest,
  });
  return {
    open: async () => (await callbacks.find(OPEN).sort({ askedAt: 1 }).lean<StoredCallback[]>()).map(shown),
    async put({ callId, ...rest }) {
      const fencingToken = leader?.token() ?? 0;
      const ours = { $or: [{ fencingToken: { $exists: false } }, { fencingToken: { $lte: fencingToken } }] };
      // When a later leader's row exists, nothing matches for replacement, and the insert fails on the id.
      await callbacks.replaceOne({ _id: callId, ...ours }, { ...rest, fencingToken }, { upsert: true }).catch((error: unknown) => {
        throw errorCode(error) === 11_000 ? new CallCentreError('superseded', 'Another routing process has taken over') : error;
      });
    },
    joinedTo: async (callId) =>
      (await callbacks.find({ state: 'joined', joinedTo: callId }).sort({ askedAt: 1 }).lean<StoredCallback[]>()).map(shown),
    joined: async () => (await callbacks.find({ state: 'joined' }).sort({ askedAt: 1 }).lean<StoredCallback[]>()).map(shown),
    async one(callId) {
      const found = await callbacks.findById(callId).lean<StoredCallback | null>();
      return found === null ? undefined : shown(found);
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
