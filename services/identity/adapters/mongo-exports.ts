import { Schema, type Connection } from 'mongoose';
import type { Scope } from '../../shared/domain/people/rights.js';
import { WHOLE_SITE } from '../account-scope.js';
import type { ExportRequest } from '../exports/export.js';
import type { ExportStore } from '../exports/ports.js';

type Stored = Omit<ExportRequest, 'id' | 'scope'> & { readonly _id: string; readonly scope?: Scope };

const schema = new Schema<Stored>(
  {
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    query: { type: { from: Date, to: Date, queueId: String, agentId: String }, required: true, _id: false },
    rows: { type: Number, required: true },
    reason: { type: String, required: true },
    askedBy: { type: String, required: true },
    askedByName: { type: String, required: true },
    scope: { type: { queues: [String], sites: [String], clientUnits: [String], teams: [String] }, _id: false },
    askedAt: { type: Date, required: true },
    decision: { type: { approved: Boolean, by: String, byName: String, at: Date, note: String }, default: undefined, _id: false },
    runs: { type: Number, required: true },
    lastRunAt: Date,
  },
  { collection: 'exports', versionKey: false },
).index({ askedAt: -1 });

/** A request from before scopes were stored concerns the whole site. */
const toRequest = ({ _id, scope, ...rest }: Stored): ExportRequest => ({ id: _id, ...rest, scope: scope ?? WHOLE_SITE });

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
    async countRun(id, at, runsMost) {
      const { modifiedCount } = await exports.updateOne(
        { _id: id, runs: { $lt: runsMost } },
        { $inc: { runs: 1 }, $set: { lastRunAt: at } },
      );
      return modifiedCount === 1;
    },
  };
}
