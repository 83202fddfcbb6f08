import { Schema, type Connection } from 'mongoose';
import type { DecisionStore, QueueStore, StoredDecision } from '../ports.js';
import { Queue } from '../queue.js';

type StoredQueue = Omit<Queue, 'id'> & { readonly _id: string };
interface StoredSkills {
  readonly _id: string;
  readonly skills: Record<string, number>;
}

/** Validated by the zod schema on the way in and out; the store keeps it as it is. */
const queueSchema = new Schema<StoredQueue>(
  { _id: { type: String, required: true } },
  { collection: 'queues', versionKey: false, strict: false, minimize: false },
);
const skillsSchema = new Schema<StoredSkills>(
  { _id: { type: String, required: true }, skills: { type: Schema.Types.Mixed, required: true } },
  { collection: 'agent_skills', versionKey: false, minimize: false },
);
const decisionSchema = new Schema<Omit<StoredDecision, 'decisionId'> & { _id: string }>(
  {
    _id: { type: String, required: true },
    callId: { type: String, required: true },
    at: { type: Date, required: true },
    queueId: { type: String, required: true },
    waitedMs: Number,
    loweredBy: Number,
    chosen: [String],
    considered: [{ type: Schema.Types.Mixed }],
  },
  { collection: 'routing_decisions', versionKey: false },
)
  .index({ callId: 1, at: 1 })
  .index({ at: 1 });

export function createMongoQueues(mongo: Connection): QueueStore {
  const queues = mongo.model<StoredQueue>('Queue', queueSchema);
  const skills = mongo.model<StoredSkills>('AgentSkills', skillsSchema);
  return {
    async all() {
      const stored = await queues.find().sort({ _id: 1 }).lean<StoredQueue[]>();
      return stored.map(({ _id, ...rest }) => Queue.parse({ id: _id, ...rest }));
    },
    async put({ id, ...rest }) {
      await queues.replaceOne({ _id: id }, rest, { upsert: true });
    },
    async remove(queueId) {
      return (await queues.deleteOne({ _id: queueId })).deletedCount === 1;
    },
    async skills() {
      return new Map((await skills.find().lean<StoredSkills[]>()).map(({ _id, skills: held }) => [_id, held]));
    },
    async setSkills(agentId, held) {
      await skills.updateOne({ _id: agentId }, { $set: { skills: held } }, { upsert: true });
    },
  };
}

/** More agents than this are not listed one by one in a stored decision. */
const LISTED = 200;

export function createMongoDecisions(mongo: Connection): DecisionStore {
  const decisions = mongo.model('RoutingDecision', decisionSchema);
  return {
    async add({ decisionId, considered, ...rest }) {
      await decisions.create({ _id: decisionId, ...rest, considered: considered.slice(-LISTED) });
    },
    async ofCall(callId) {
      const found = await decisions
        .find({ callId })
        .sort({ at: 1 })
        .limit(200)
        .lean<(Omit<StoredDecision, 'decisionId'> & { _id: string })[]>();
      return found.map(({ _id, ...rest }) => ({ decisionId: _id, ...rest }));
    },
  };
}
