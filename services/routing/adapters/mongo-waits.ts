import { Schema, type Connection } from 'mongoose';
import type { Logger } from '../../shared/platform/processes/logger.js';
import { LISTED } from '../matching/matcher.js';
import type { WaitStore } from '../ports.js';
import type { WaitEntry } from '../waits/wait-log.js';
import { createMongoAged } from './mongo-aged.js';
import { createWriteBehind } from './write-behind.js';
import type { CallId } from '../../shared/domain/ids.js';

type StoredEntry = Omit<WaitEntry, 'entryId'> & { readonly _id: string };

const DECISIONS = 'routing_decisions';
const WAITS = 'routing_waits';

const fields = {
  _id: { type: String, required: true },
  callId: { type: String, required: true },
  queueId: String,
  at: { type: Date, required: true },
  waitedMs: Number,
} as const;
// The rest is stored unchanged, in the shape of WaitEntry.
const decisionSchema = new Schema<StoredEntry>(fields, { collection: DECISIONS, versionKey: false, strict: false })
  .index({ callId: 1, at: 1 })
  .index({ at: 1 });
const waitSchema = new Schema<StoredEntry>(fields, { collection: WAITS, versionKey: false, strict: false })
  .index({ callId: 1, at: 1 })
  .index({ what: 1, at: 1 })
  .index({ at: 1 });

/** An entry about a waiting call names at most this many agents; its counts cover all. */
const LISTED_IN_A_LOOK = 40;

const DECISIONS_OF_A_CALL = 20;

/** The record of why a call was offered to which agents, oldest first. */
export const decisionsOf = (mongo: Connection, callId: CallId): Promise<Readonly<Record<string, unknown>>[]> =>
  mongo
    .collection(DECISIONS)
    .find({ callId }, { sort: { at: 1 }, limit: DECISIONS_OF_A_CALL })
    .toArray();

export function createMongoWaits(mongo: Connection, log: Logger): WaitStore {
  const decisions = mongo.model<StoredEntry>('RoutingDecision', decisionSchema);
  const waits = mongo.model<StoredEntry>('RoutingWait', waitSchema);
  const behind = createWriteBehind<StoredEntry>({
    what: 'reasons of waits',
    log,
    write: async (batch) => {
      for (const [rows, batched] of [
        [mongo.collection<StoredEntry>(DECISIONS), batch.filter(({ what }) => what === 'offered')],
        [mongo.collection<StoredEntry>(WAITS), batch.filter(({ what }) => what !== 'offered')],
      ] as const)
        if (batched.length > 0) await rows.insertMany(batched, { ordered: false });
    },
  });

  return {
    add({ entryId, considered, what, ...rest }) {
      const listed = considered?.slice(0, what === 'offered' ? LISTED : LISTED_IN_A_LOOK);
      behind.add({ _id: entryId, what, ...rest, ...(listed === undefined ? {} : { considered: listed }) });
    },
    async ofCall(callId) {
      const found = await Promise.all(
        [decisions, waits].map((model) => model.find({ callId }).sort({ at: 1 }).limit(400).lean<StoredEntry[]>()),
      );
      return found
        .flat()
        .map(({ _id, ...rest }) => ({ entryId: _id, ...rest }))
        .sort((a, b) => a.at.getTime() - b.at.getTime());
    },
    async ofDay(from, to) {
      const found = await waits
        .find({ what: { $in: ['queued', 'left'] }, at: { $gte: from, $lt: to } })
        .sort({ at: 1 })
        .lean<StoredEntry[]>();
      return found.map(({ _id, ...rest }) => ({ entryId: _id, ...rest }));
    },
    flush: behind.flush,
    aged: createMongoAged([decisions, waits]),
  };
}
