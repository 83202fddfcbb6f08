import { Schema, type Connection } from 'mongoose';
import { z } from 'zod';
import type { Edited } from '../../shared/contracts/edited.js';
import { listeningNotices, withoutAcknowledgement } from '../../shared/domain/calls/listening.js';
import { ofMembers } from '../../shared/platform/reach/reach.js';
import { writeOver } from '../../shared/platform/stores/edits.js';
import type { Acknowledgement, Listening, ListeningRule } from '../listening.js';
import { usualRule } from '../listening.js';
import type { AcknowledgementStore, ListeningSearch, ListeningStore, RuleStore } from '../ports.js';

const RULES = 'listening_rules';
const ACKNOWLEDGEMENTS = 'listening_acknowledgements';
const SITE = 'site';

const text = z.object({ 'zh-CN': z.string(), en: z.string() });
const StoredRule = z.object({
  notice: z.enum(listeningNotices),
  document: z
    .string()
    .nullish()
    .transform((found) => found ?? undefined),
  withoutAcknowledgement: z.enum(withoutAcknowledgement),
  text,
  textVersion: z.int(),
  revision: z.int().optional(),
  changedBy: z.string().optional(),
  /** Every text that ever had to be acknowledged. */
  texts: z.array(z.object({ version: z.int(), text })).default([]),
});

export function createMongoRule(mongo: Connection): RuleStore {
  const rules = mongo.collection<{ _id: string; [field: string]: unknown }>(RULES);
  return {
    async read() {
      const found = await rules.findOne({ _id: SITE });
      if (found === null) return usualRule;
      const { texts: _texts, ...rule } = StoredRule.parse(found);
      return rule;
    },
    async save(rule: ListeningRule, read: ListeningRule & Edited, by: string) {
      const found = await rules.findOne({ _id: SITE });
      const before = found === null ? [{ version: usualRule.textVersion, text: usualRule.text }] : StoredRule.parse(found).texts;
      const texts = before.some(({ version }) => version === rule.textVersion)
        ? before
        : [...before, { version: rule.textVersion, text: rule.text }];
      const { document, ...rest } = rule;
      const stored = await writeOver(
        rules,
        SITE,
        { ...rest, document: document ?? null, texts },
        read.revision === undefined ? undefined : read,
        by,
      );
      return { ...rule, revision: stored.revision, changedBy: by };
    },
  };
}

export function createMongoAcknowledgements(mongo: Connection): AcknowledgementStore {
  const rows = mongo.collection<Acknowledgement & { _id: string }>(ACKNOWLEDGEMENTS);
  return {
    async put(acknowledgement) {
      const { userId, at } = acknowledgement;
      await rows.replaceOne({ _id: `${userId}/${at.toISOString()}` }, { ...acknowledgement }, { upsert: true });
    },
    async last(userIds) {
      const found = await rows
        .find(userIds === undefined ? {} : { userId: { $in: [...userIds] } })
        .sort({ at: 1 })
        .toArray();
      return new Map(found.map(({ userId, at, textVersion }) => [userId, { userId, at, textVersion }]));
    },
  };
}

/** `seenBy`: agents who have read that they were listened to. */
type StoredListening = Omit<Listening, 'id'> & { readonly _id: string; readonly seenBy: readonly string[] };

const schema = new Schema<StoredListening>(
  { _id: { type: String, required: true } },
  { collection: 'listenings', versionKey: false, strict: false },
)
  .index({ beganAt: -1 })
  .index({ callId: 1, listenerId: 1, beganAt: -1 })
  .index({ 'parts.agentId': 1, endedAt: -1 });

const toListening = ({ _id, seenBy: _seenBy, ...rest }: StoredListening): Listening => ({ id: _id, ...rest });

/** Listenings to the asker that the rule hides from them: for ever, or until the end. */
const keptFrom = (asker: string): object => {
  const own = { $or: [{ agentId: asker }, { 'parts.agentId': asker }] };
  return {
    $nor: [
      { notice: 'never', ...own },
      { notice: 'afterwards', endedAt: { $exists: false }, ...own },
    ],
  };
};

function filterOf({ reach: { queues, numbers, members }, from, to, listenerId, agentId, reason, asker }: ListeningSearch): object {
  return {
    ...(asker === undefined ? {} : keptFrom(asker)),
    ...(queues.length === 0 ? {} : { queueId: { $in: [...queues] } }),
    ...(members !== undefined
      ? { $and: [ofMembers(members, { agent: 'agentId', at: 'beganAt' })] }
      : numbers === undefined
        ? {}
        : { called: { $in: [...numbers] } }),
    ...(from === undefined && to === undefined
      ? {}
      : { beganAt: { ...(from === undefined ? {} : { $gte: from }), ...(to === undefined ? {} : { $lt: to }) } }),
    ...(listenerId === undefined ? {} : { listenerId }),
    ...(agentId === undefined ? {} : { $or: [{ agentId }, { 'parts.agentId': agentId }] }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** The most people in the selection lists of a report. */
const PEOPLE = 500;

export function createMongoListenings(mongo: Connection): ListeningStore {
  mongo.model('Listening', schema);
  const rows = mongo.collection<StoredListening>('listenings');
  return {
    async put({ id, ...listening }) {
      await rows.insertOne({ _id: id, ...listening, seenBy: [] }, { ignoreUndefined: true });
    },
    async remove(id) {
      await rows.deleteOne({ _id: id });
    },
    async newest(callId, listenerId, at) {
      const newest = { sort: { beganAt: -1 } } as const;
      const found =
        (await rows.findOne({ callId, listenerId, beganAt: { $lte: at } }, newest)) ?? (await rows.findOne({ callId, listenerId }, newest));
      return found === null ? undefined : toListening(found);
    },
    async addPart(id, part, endedAt) {
      await rows.updateOne({ _id: id, 'parts.beganAt': { $ne: part.beganAt } }, { $push: { parts: { ...part } } });
      if (endedAt !== undefined) await rows.updateOne({ _id: id }, { $set: { endedAt } });
    },
    async list(search, { skip, limit }) {
      const filter = filterOf(search);
      const [found, total] = await Promise.all([
        rows.find(filter).sort({ beganAt: -1 }).skip(skip).limit(limit).toArray(),
        rows.countDocuments(filter),
      ]);
      return { rows: found.map(toListening), total };
    },
    async people(search) {
      const filter = filterOf({ reach: search.reach, asker: search.asker });
      const [listeners, agents] = await Promise.all([rows.distinct('listenerId', filter), rows.distinct('agentId', filter)]);
      return [...new Set([...listeners, ...agents])].slice(0, PEOPLE);
    },
    async unseenBy(agentId) {
      const found = await rows
        .find({ 'parts.agentId': agentId, notice: 'afterwards', endedAt: { $type: 'date' }, seenBy: { $ne: agentId } })
        .sort({ beganAt: -1 })
        .limit(100)
        .toArray();
      return found.map(toListening);
    },
    async setSeen(agentId, ids) {
      await rows.updateMany({ _id: { $in: [...ids] }, 'parts.agentId': agentId }, { $addToSet: { seenBy: agentId } });
    },
    async forgetBefore(at) {
      await rows.deleteMany({ beganAt: { $lt: at } });
    },
  };
}
