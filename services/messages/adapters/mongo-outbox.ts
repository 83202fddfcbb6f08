import { Schema, type Connection } from 'mongoose';
import { maskMail } from '../../shared/domain/people/mail-address.js';
import { maskNumber } from '../../shared/domain/numbers/phone-number.js';
import type { SecretCipher } from '../../shared/platform/stores/secret-cipher.js';
import type { MessageState, MessageTopic, MessageWay, OutgoingMessage } from '../message.js';
import type { OutboxStore } from '../ports.js';

interface Stored {
  readonly _id: string;
  readonly way: MessageWay;
  readonly topic: MessageTopic;
  readonly state: MessageState['state'];
  readonly toMasked: string;
  /** Address, subject, text and file, sealed; removed when the message is settled. */
  readonly sealed?: string;
  readonly queuedAt: Date;
  readonly nextTryAt?: Date;
  readonly tries: number;
  readonly settledAt?: Date;
  readonly reason?: string;
}

const schema = new Schema<Stored>(
  { _id: { type: String, required: true } },
  { collection: 'messages', versionKey: false, strict: false },
).index({ nextTryAt: 1 }, { sparse: true });

interface Content {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly attachment?: NonNullable<OutgoingMessage['attachment']>;
}

const itself = (to: string): string => to;
const maskOf: Readonly<Record<MessageWay, (to: string) => string>> = {
  mail: maskMail,
  sms: maskNumber,
  wecom: itself,
  dingtalk: itself,
  webhook: itself,
};

/** One document a message. It is claimed by moving its next attempt, so that two senders never have it at once. */
export function createMongoOutbox(mongo: Connection, cipher: SecretCipher): OutboxStore {
  const messages = mongo.model<Stored>('Message', schema);
  return {
    async put({ messageId, way, to, subject, text, topic, notBefore, attachment }, now) {
      const content: Content = { to, subject, text, ...(attachment === undefined ? {} : { attachment }) };
      const row: Omit<Stored, '_id'> = {
        way,
        topic,
        state: 'waiting',
        toMasked: maskOf[way](to),
        sealed: cipher.seal(JSON.stringify(content), messageId),
        queuedAt: now,
        nextTryAt: notBefore ?? now,
        tries: 0,
      };
      await messages.updateOne({ _id: messageId }, { $setOnInsert: row }, { upsert: true });
    },
    async claim(now, until) {
      const found = await messages
        .findOneAndUpdate(
          { nextTryAt: { $lte: now } },
          { $set: { nextTryAt: until }, $inc: { tries: 1 } },
          { sort: { nextTryAt: 1 }, returnDocument: 'after' },
        )
        .lean<Stored>();
      if (found?.sealed === undefined) return undefined;
      const content = JSON.parse(cipher.open(found.sealed, found._id)) as Content;
      return { messageId: found._id, way: found.way, topic: found.topic, tries: found.tries, ...content };
    },
    async settle(messageId, { state, at, reason }) {
      await messages.updateOne(
        { _id: messageId },
        { $set: { state, settledAt: at, ...(reason === undefined ? {} : { reason }) }, $unset: { sealed: '', nextTryAt: '' } },
      );
    },
    async postpone(messageId, until, reason) {
      await messages.updateOne({ _id: messageId }, { $set: { nextTryAt: until, reason } });
    },
    async states(messageIds) {
      const found = await messages.find({ _id: { $in: [...messageIds] } }).lean<Stored[]>();
      return found.map(({ _id, state, toMasked, tries, settledAt, reason }) => ({
        messageId: _id,
        state,
        toMasked,
        tries,
        ...(settledAt === undefined ? {} : { settledAt }),
        ...(reason === undefined ? {} : { reason }),
      }));
    },
  };
}
