import { Schema, type Connection, type Model, type QueryFilter } from 'mongoose';
import type { CallRecord } from '../record.js';

/** A call as the collection `calls` has it; `_id` is the call's id. */
export type StoredCall = Omit<CallRecord, 'callId'> & { readonly _id: string };

export const callModel = (connection: Connection): Model<StoredCall> =>
  (connection.models['Call'] as Model<StoredCall> | undefined) ??
  connection.model<StoredCall>(
    'Call',
    new Schema<StoredCall>(
      {
        _id: { type: String, required: true },
        invitedAt: { type: Date, required: true, index: true },
        callerHash: { type: String, index: true },
        called: String,
        agentIds: { type: [String], index: true },
        queueId: { type: String, index: true },
        cause: String,
        // Written as a whole and never changed here: the shape is that of CallRecord.
      },
      { collection: 'calls', versionKey: false, strict: false, minimize: false },
    ),
  );

/** Writes a record. A second writing of the same call replaces it with the same: records that waited in the spool may come twice. */
export async function writeCall(model: Model<StoredCall>, { callId, ...record }: CallRecord): Promise<void> {
  await model.collection.replaceOne({ _id: callId } as never, record, { upsert: true });
}

export interface CallFilter {
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly agentId?: string | undefined;
  readonly queueId?: string | undefined;
  readonly called?: string | undefined;
  readonly callerHash?: string | undefined;
  readonly cause?: string | undefined;
  readonly direction?: 'inbound' | 'outbound' | undefined;
  /** The last id of the page before: ids grow with time. */
  readonly before?: string | undefined;
  readonly limit: number;
}

export async function findCalls(model: Model<StoredCall>, filter: CallFilter): Promise<StoredCall[]> {
  const { from, to, agentId, queueId, called, callerHash, cause, direction, before, limit } = filter;
  const invitedAt = { ...(from === undefined ? {} : { $gte: from }), ...(to === undefined ? {} : { $lt: to }) };
  const query = {
    ...(Object.keys(invitedAt).length === 0 ? {} : { invitedAt }),
    ...(agentId === undefined ? {} : { agentIds: agentId }),
    ...(queueId === undefined ? {} : { queueId }),
    ...(called === undefined ? {} : { called }),
    ...(callerHash === undefined ? {} : { callerHash }),
    ...(cause === undefined ? {} : { cause }),
    ...(direction === undefined ? {} : { direction }),
    ...(before === undefined ? {} : { _id: { $lt: before } }),
  };
  return model
    .find(query as QueryFilter<StoredCall>)
    .sort({ _id: -1 })
    .limit(limit)
    .lean<StoredCall[]>();
}
