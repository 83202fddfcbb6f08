import { Schema, type Connection } from 'mongoose';
import type { ExportRequest } from '../exports/export.js';
import type { ExportStore } from '../exports/ports.js';

type Stored = Omit<ExportRequest, 'id'> & { readonly _id: string };

const schema = new Schema<Stored>(
  {
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    query: { type: { from: Date, to: Date, queueId: String, agentId: String }, required: true, _id: false },
    rows: { type: Number, required: true },
    reason: { type: String, required: true },
    askedBy: { type: String, required: true },
    askedByName: { type: String, required: true },
    askedAt: { type: Date, required: true },
    decision: { type: { approved: Boolean, by: String, byName: String, at: Date, note: String }, default: undefined, _id: false },
    runs: { type: Number, required: true },
    lastRunAt: Date,
  },
  { collection: 'exports', versionKey: false },
).index({ askedAt: -1 });

const toRequest = ({ _id, ...rest }: Stored): ExportRequest => ({ id: _id, ...rest });

export function createMongoExports(mongo: Connection): ExportStore {
  const exports = mongo.model<Stored>('Export', schema);
  return {
    async add({ id, ...rest }) {
      await exports.create({ _id: id, ...rest });
    },
    async byId(id) {
      const found = await exports.findById(id).lean<Stored | null>();
      return found === null ? undefined : toRequest(found);
    },
    newest: async (limit) => (await exports.find().sort({ askedAt: -1 }).limit(limit).lean<Stored[]>()).map(toRequest),
    async decide(id, decision) {
      const { modifiedCount } = await exports.updateOne({ _id: id, decision: { $exists: false } }, { $set: { decision } });
      return modifiedCount === 1;
    },
    async countRun(id, at) {
      await exports.updateOne({ _id: id }, { $inc: { runs: 1 }, $set: { lastRunAt: at } });
    },
  };
}
