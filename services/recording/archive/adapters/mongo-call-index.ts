import { Schema, type Connection } from 'mongoose';
import { createLookUp } from '../../../shared/platform/documents-together.js';
import type { CallIndex } from '../ports.js';

/** The part of a call's record that recordings are found by; services/calls owns and writes it. */
interface CallDocument {
  readonly _id: string;
  readonly direction?: 'inbound' | 'outbound';
  readonly callerMasked?: string;
  readonly callerHash?: string;
  readonly called?: string;
  readonly agentIds?: readonly string[];
  readonly agentId?: string;
  readonly queueId?: string;
  readonly cause?: string;
  readonly answeredAt?: Date | string;
  readonly endedAt?: Date | string;
  readonly media?: readonly { readonly leg: string; readonly packetsReceived: number; readonly packetsLost: number }[];
}

const schema = new Schema(
  { _id: { type: String, required: true } },
  { collection: 'calls', strict: false, versionKey: false, autoIndex: false, autoCreate: false },
);

export function createMongoCallIndex(mongo: Connection): CallIndex {
  const lookUp = createLookUp<CallDocument>(mongo.model('RecordedCall', schema).collection, [
    'direction',
    'callerMasked',
    'callerHash',
    'called',
    'agentIds',
    'agentId',
    'queueId',
    'cause',
    'answeredAt',
    'endedAt',
    'media',
  ]);
  return {
    async find(callId) {
      const found = await lookUp(callId);
      if (found === undefined) return undefined;
      const relay = found.media?.find(({ leg }) => leg === 'caller');
      return {
        direction: found.direction ?? 'inbound',
        callerMasked: found.callerMasked ?? '',
        callerHash: found.callerHash ?? '',
        called: found.called ?? '',
        agentIds: found.agentIds ?? (found.agentId === undefined ? [] : [found.agentId]),
        ...(found.queueId === undefined ? {} : { queueId: found.queueId }),
        ...(found.cause === undefined ? {} : { cause: found.cause }),
        ...(found.answeredAt === undefined ? {} : { answeredAt: new Date(found.answeredAt).toISOString() }),
        ...(found.endedAt === undefined ? {} : { endedAt: new Date(found.endedAt).toISOString() }),
        ...(relay === undefined ? {} : { relay: { callerPackets: relay.packetsReceived, callerLost: relay.packetsLost } }),
      };
    },
  };
}
