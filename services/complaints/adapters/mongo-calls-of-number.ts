import type { Connection } from 'mongoose';
import type { CallsOfNumber } from '../ports.js';

/** Of one number, and of a whole piece of an import: the newest. */
const LINKED_CALLS = 50;
const MOST_LINKED = 20_000;

/** What stands in the call records, which calls/ owns; read only, by the fields that docs/reference/collections.md names. */
export function createMongoCallsOfNumber(mongo: Connection): CallsOfNumber {
  interface CallRow {
    readonly _id: string;
    readonly callerNumber?: string;
    readonly callerHash?: string;
    readonly callerMasked?: string;
    readonly agentId?: string;
    readonly clientUnit?: string;
    readonly invitedAt: Date;
  }
  const calls = mongo.collection<CallRow>('calls');
  return {
    async find(numberHash, limit) {
      const rows = await calls.find({ callerHash: numberHash }, { sort: { invitedAt: -1 }, limit }).toArray();
      return rows.map(({ _id, agentId, callerMasked }) => ({
        callId: _id,
        numberMasked: callerMasked ?? '',
        ...(agentId === undefined ? {} : { agentId }),
      }));
    },
    async findMany(numberHashes) {
      const rows = await calls
        .find({ callerHash: { $in: [...numberHashes] } }, { sort: { invitedAt: -1 }, limit: MOST_LINKED, projection: { callerHash: 1 } })
        .toArray();
      const found = new Map<string, string[]>();
      for (const { _id, callerHash = '' } of rows) {
        const ofNumber = found.get(callerHash) ?? [];
        if (ofNumber.length < LINKED_CALLS) found.set(callerHash, [...ofNumber, _id]);
      }
      return found;
    },
    async callerOf(callId) {
      const row = await calls.findOne({ _id: callId });
      if (row?.callerNumber === undefined) return undefined;
      const { callerNumber, agentId, clientUnit, invitedAt } = row;
      return {
        number: callerNumber,
        at: invitedAt,
        ...(agentId === undefined ? {} : { agentId }),
        ...(clientUnit === undefined ? {} : { clientUnit }),
      };
    },
    count: (from, to) => calls.countDocuments({ invitedAt: { $gte: from, $lt: to } }),
  };
}
