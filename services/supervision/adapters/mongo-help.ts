import { Schema, type Connection } from 'mongoose';
import { errorCode } from '../../shared/platform/processes/error-code.js';
import type { Help } from '../help.js';
import type { HelpStore } from '../ports.js';

/** `endedAt` is `null` while the request is open. */
type StoredHelp = Omit<Help, 'id' | 'endedAt'> & { readonly _id: string; readonly endedAt: Date | null };

const HELPS = 'help_requests';
const DUPLICATE_KEY = 11000;

const schema = new Schema<StoredHelp>({ _id: { type: String, required: true } }, { collection: HELPS, versionKey: false, strict: false })
  .index({ endedAt: 1, at: 1 })
  .index({ 'agent.userId': 1, at: -1 })
  // One open request for each agent, whichever page or process asks.
  .index({ 'agent.userId': 1 }, { unique: true, partialFilterExpression: { endedAt: { $type: 'null' } } });

const toHelp = ({ _id, endedAt, ...rest }: StoredHelp): Help => ({ id: _id, ...rest, ...(endedAt === null ? {} : { endedAt }) });

/** At most this many open requests are read at once. */
const MOST_OPEN = 500;

export function createMongoHelps(mongo: Connection): HelpStore {
  mongo.model('HelpRequest', schema);
  const rows = mongo.collection<StoredHelp>(HELPS);
  const isOpen = { endedAt: null };
  return {
    async put({ id, ...help }) {
      try {
        await rows.insertOne({ _id: id, ...help, endedAt: null }, { ignoreUndefined: true });
        return true;
      } catch (error) {
        if (errorCode(error) === DUPLICATE_KEY) return false;
        throw error;
      }
    },
    async setReason(id, reason) {
      await rows.updateOne({ _id: id, ...isOpen }, { $set: { reason } });
    },
    async take(id, by, at) {
      const done = await rows.updateOne({ _id: id, ...isOpen, takenBy: { $exists: false } }, { $set: { takenBy: { ...by }, takenAt: at } });
      return done.modifiedCount === 1;
    },
    async end(id, ended, at) {
      return (await rows.updateOne({ _id: id, ...isOpen }, { $set: { ended, endedAt: at } })).modifiedCount === 1;
    },
    async byId(id) {
      const found = await rows.findOne({ _id: id });
      return found === null ? undefined : toHelp(found);
    },
    async newestOf(agentId) {
      const found = await rows.findOne({ 'agent.userId': agentId }, { sort: { at: -1 } });
      return found === null ? undefined : toHelp(found);
    },
    openOf: async (agentId) => (await rows.find({ 'agent.userId': agentId, ...isOpen }).toArray()).map(toHelp),
    open: async () => (await rows.find(isOpen).sort({ at: 1 }).limit(MOST_OPEN).toArray()).map(toHelp),
    async endedSince(since, limit, sees) {
      const seen: Help[] = [];
      for await (const row of rows.find({ at: { $gte: since }, endedAt: { $type: 'date' } }).sort({ at: -1 })) {
        if (sees(row.agent.userId)) seen.push(toHelp(row));
        if (seen.length === limit) break;
      }
      return seen;
    },
    async forgetBefore(at) {
      await rows.deleteMany({ at: { $lt: at } });
    },
  };
}
