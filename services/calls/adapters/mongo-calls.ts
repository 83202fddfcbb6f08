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
  readonly callId?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly agentId?: string | undefined;
  readonly queueId?: string | undefined;
  /** A scope: empty or absent does not restrict. */
  readonly queueIds?: readonly string[] | undefined;
  readonly called?: string | undefined;
  /** The service numbers of a scope of client units; absent does not restrict, an empty list finds nothing. */
  readonly calledIn?: readonly string[] | undefined;
  readonly callerHash?: string | undefined;
  readonly cause?: string | undefined;
  readonly direction?: 'inbound' | 'outbound' | undefined;
  /** The last id of the page before: ids grow with time. */
  readonly before?: string | undefined;
  readonly skip: number;
  readonly limit: number;
}

function queryOf({
  callId,
  from,
  to,
  agentId,
  queueIds,
  calledIn,
  before,
  ...equal
}: Omit<CallFilter, 'skip' | 'limit'>): QueryFilter<StoredCall> {
  const invitedAt = { ...(from === undefined ? {} : { $gte: from }), ...(to === undefined ? {} : { $lt: to }) };
  const conditions: object[] = Object.entries(equal).flatMap(([field, value]) => (value === undefined ? [] : [{ [field]: value }]));
  if (callId !== undefined) conditions.push({ _id: callId });
  if (Object.keys(invitedAt).length > 0) conditions.push({ invitedAt });
  if (agentId !== undefined) conditions.push({ agentIds: agentId });
  if (queueIds !== undefined && queueIds.length > 0) conditions.push({ queueId: { $in: [...queueIds] } });
  if (calledIn !== undefined) conditions.push({ called: { $in: [...calledIn] } });
  if (before !== undefined) conditions.push({ _id: { $lt: before } });
  return conditions.length === 0 ? {} : { $and: conditions };
}

export async function findCalls(model: Model<StoredCall>, { skip, limit, ...filter }: CallFilter): Promise<StoredCall[]> {
  return model.find(queryOf(filter)).sort({ _id: -1 }).skip(skip).limit(limit).lean<StoredCall[]>();
}

export async function countCalls(model: Model<StoredCall>, { skip: _skip, limit: _limit, ...filter }: CallFilter): Promise<number> {
  return model.countDocuments(queryOf(filter));
}

export async function oneCall(model: Model<StoredCall>, callId: string): Promise<StoredCall | undefined> {
  return (await model.findById(callId).lean<StoredCall | null>()) ?? undefined;
}
