import { Schema, type Connection } from 'mongoose';
import type { ServiceLevelKey } from '../../shared/domain/figures/keys.js';
import { writeOver } from '../../shared/platform/stores/edits.js';
import { BreakReasons, usualBreaks } from '../agents/breaks.js';
import type { QueueStore } from '../ports.js';
import { Queue } from '../queue.js';

export type StoredQueue = Omit<Queue, 'id'> & { readonly _id: string };
export const QUEUES = 'queues';

interface StoredSkills {
  readonly _id: string;
  readonly skills: Record<string, number>;
}

/** Validated by the zod schema when written and read; the store keeps it as it is. */
const queueSchema = new Schema<StoredQueue>(
  { _id: { type: String, required: true } },
  { collection: QUEUES, versionKey: false, strict: false, minimize: false },
);
const skillsSchema = new Schema<StoredSkills>(
  { _id: { type: String, required: true }, skills: { type: Schema.Types.Mixed, required: true } },
  { collection: 'agent_skills', versionKey: false, minimize: false },
);
/** The document with the breaks that a site allows. */
const settingsSchema = new Schema<{ _id: string; breaks: unknown }>(
  { _id: { type: String, required: true }, breaks: Schema.Types.Mixed },
  { collection: 'routing_settings', versionKey: false, minimize: false },
);

/** Until 2026-11-28 the figures by which a target is judged had other names. */
const OLD_FORMULAS: Readonly<Record<string, ServiceLevelKey>> = { 'of-offered': 'sl.withAbandon', 'of-answered': 'sl.answered' };
const renamed = <L extends { readonly formula: string } | undefined>(level: L): L =>
  level === undefined ? level : { ...level, formula: OLD_FORMULAS[level.formula] ?? level.formula };

export function createMongoQueues(mongo: Connection): QueueStore {
  const queues = mongo.model<StoredQueue>('Queue', queueSchema);
  const skills = mongo.model<StoredSkills>('AgentSkills', skillsSchema);
  const settings = mongo.model('RoutingSettings', settingsSchema);
  return {
    async all() {
      const stored = await queues.find().sort({ _id: 1 }).lean<StoredQueue[]>();
      return stored.map(({ _id, ...rest }) => Queue.parse({ revision: 0, id: _id, ...rest, serviceLevel: renamed(rest.serviceLevel) }));
    },
    async put({ id, ...rest }, read, by) {
      return { id, ...(await writeOver(mongo.collection(QUEUES), id, rest, read, by)) };
    },
    async seed({ id, ...rest }) {
      await queues.updateOne({ _id: id }, { $setOnInsert: rest }, { upsert: true });
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
    async breaks() {
      const stored = await settings.findById('breaks').lean<{ breaks: unknown } | null>();
      return stored === null ? usualBreaks : BreakReasons.parse(stored.breaks);
    },
    async setBreaks(breaks) {
      await settings.updateOne({ _id: 'breaks' }, { $set: { breaks } }, { upsert: true });
    },
  };
}
