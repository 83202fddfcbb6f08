import type { CallReads } from '../../../shared/records/call.js';
import type { CallIndex } from '../ports.js';

/** The part of a call's record by which recordings are found. */
export function createCallIndex(calls: CallReads): CallIndex {
  const lookUp = calls.lookUp([
    'direction',
    'callerMasked',
    'callerHash',
    'called',
    'agentIds',
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
      const { direction, callerMasked, callerHash = '', called, agentIds, queueId, cause, answeredAt, endedAt, media } = found;
      const relay = media.find(({ leg }) => leg === 'caller');
      return {
        direction,
        callerMasked,
        callerHash,
        called,
        agentIds,
        ...(queueId === undefined ? {} : { queueId }),
        cause,
        ...(answeredAt === undefined ? {} : { answeredAt: answeredAt.toISOString() }),
        endedAt: endedAt.toISOString(),
        ...(relay === undefined ? {} : { relay: { callerPackets: relay.packetsReceived, callerLost: relay.packetsLost } }),
      };
    },
  };
}
