import { Schema, type Connection } from 'mongoose';
import type { PendingChange } from '../changes/pending-change.js';
import type { ChangeStore } from '../changes/ports.js';

type Stored = Omit<PendingChange, 'id'> & { readonly _id: string };

const schema = new Schema<Stored>(
  {
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    userId: { type: String, required: true },
    userName: { type: String, required: true },
    roles: { type: [String], default: undefined },
    grants: { type: [String], default: undefined },
    passwordHash: String,
    resetTotp: Boolean,
    askedBy: { type: String, required: true },
    askedByName: { type: String, required: true },
    askedAt: { type: Date, required: true },
    dueAt: Date,
    decision: { type: { approved: Boolean, by: String, byName: String, at: Date }, default: undefined, _id: false },
  },
  { collection: 'account_changes', versionKey: false },
)
  .index({ askedAt: -1 })
  .index({ userId: 1 });

const toChange = ({ _id, ...rest }: Stored): PendingChange => ({ id: _id, ...rest });

export function createMongoChanges(mongo: Connection): ChangeStore {
  const changes = mongo.model<Stored>('AccountChange', schema);
  return {
    async add({ id, ...rest }) {
      await changes.create({ _id: id, ...rest });
    },
    async byId(id) {
      const found = await changes.findById(id).lean<Stored | null>();
      return found === null ? undefined : toChange(found);
    },
    newest: async (limit) => (await changes.find().sort({ askedAt: -1 }).limit(limit).lean<Stored[]>()).map(toChange),
    waiting: async () => (await changes.find({ decision: { $exists: false } }).lean<Stored[]>()).map(toChange),
    of: async (userId) => (await changes.find({ userId }).lean<Stored[]>()).map(toChange),
    async decide(id, decision) {
      // A decided change no longer needs its new password.
      const { modifiedCount } = await changes.updateOne(
        { _id: id, decision: { $exists: false } },
        { $set: { decision }, $unset: { passwordHash: '' } },
      );
      return modifiedCount === 1;
    },
  };
}
