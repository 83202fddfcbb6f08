import { Schema, type Connection } from 'mongoose';
import type { ChatMessage, ChatMark } from '../chat.js';
import type { ChatStore } from '../ports.js';
import type { UserId } from '../../shared/domain/ids.js';

type StoredMessage = Omit<ChatMessage, 'id'> & { readonly _id: string };
interface StoredMark {
  readonly _id: string;
  readonly at: Date;
}

const MESSAGES = 'chat_messages';
const MARKS = 'chat_marks';

const schema = new Schema<StoredMessage>(
  { _id: { type: String, required: true } },
  { collection: MESSAGES, versionKey: false, strict: false },
)
  .index({ at: -1 })
  .index({ 'place.kind': 1, 'place.id': 1, at: -1 })
  .index({ 'from.userId': 1, at: -1 });

const toMessage = ({ _id, ...rest }: StoredMessage): ChatMessage => ({ id: _id, ...rest });
const markOf = (userId: UserId, as: ChatMark): string => `${as}/${userId}`;

export function createMongoChats(mongo: Connection): ChatStore {
  mongo.model('ChatMessage', schema);
  const messages = mongo.collection<StoredMessage>(MESSAGES);
  const marks = mongo.collection<StoredMark>(MARKS);
  return {
    async put({ id, ...message }) {
      await messages.insertOne({ _id: id, ...message });
    },
    async remove(id) {
      await messages.deleteOne({ _id: id });
    },
    async byId(id) {
      const found = await messages.findOne({ _id: id });
      return found === null ? undefined : toMessage(found);
    },
    async newest(places, limit) {
      const wanted = places ?? [];
      const whole = wanted.filter(({ during }) => during === undefined);
      const idsOf = (of: 'agent' | 'queue' | 'team'): string[] => whole.filter(({ kind }) => kind === of).map(({ id }) => id);
      const inTimes = wanted.flatMap(({ kind, id, during = [] }) =>
        during.map(({ fromMs, untilMs }) => ({
          'place.kind': kind,
          'place.id': id,
          at: { $gte: new Date(fromMs), ...(untilMs === undefined ? {} : { $lt: new Date(untilMs) }) },
        })),
      );
      const filter =
        places === undefined
          ? {}
          : {
              $or: [
                { 'place.kind': 'agent' as const, 'place.id': { $in: idsOf('agent') } },
                { 'place.kind': 'queue' as const, 'place.id': { $in: idsOf('queue') } },
                { 'place.kind': 'team' as const, 'place.id': { $in: idsOf('team') } },
                ...inTimes,
              ],
            };
      const found = await messages.find(filter).sort({ at: -1 }).limit(limit).toArray();
      return found.map(toMessage).reverse();
    },
    countSince: async (userId, since) => messages.countDocuments({ 'from.userId': userId, at: { $gt: since } }),
    async readAt(userId, as) {
      return (await marks.findOne({ _id: markOf(userId, as) }))?.at;
    },
    async readAts(userIds, as) {
      const found = await marks.find({ _id: { $in: userIds.map((userId) => markOf(userId, as)) } }).toArray();
      return new Map(found.map(({ _id, at }) => [_id.slice(as.length + 1), at]));
    },
    async between(agentIds, from, until) {
      const filter = { 'place.kind': 'agent' as const, 'place.id': { $in: [...agentIds] }, at: { $gte: from, $lte: until } };
      return (await messages.find(filter).sort({ at: 1 }).toArray()).map(toMessage);
    },
    async setReadAt(userId, as, at) {
      await marks.updateOne({ _id: markOf(userId, as) }, { $max: { at } }, { upsert: true });
    },
    async forgetBefore(at) {
      await messages.deleteMany({ at: { $lt: at } });
    },
  };
}
