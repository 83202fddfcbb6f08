import type { Connection, Model, QueryFilter } from 'mongoose';
import { ofMembers, type Reach } from '../../shared/platform/reach/reach.js';
import { asRow, schemaOf } from '../../shared/platform/stores/records.js';
import { callRecord, type StoredCall } from '../../shared/records/call.js';
import type { RowOf } from '../../shared/records/record.js';
import type { CallRecord } from '../records/record.js';
import type { AgentId, CallId, QueueId } from '../../shared/domain/ids.js';

export type { StoredCall } from '../../shared/records/call.js';

export const CALLS = 'calls';

export const callModel = (connection: Connection): Model<StoredCall> =>
  (connection.models['Call'] as Model<StoredCall> | undefined) ??
  connection.model<StoredCall>(
    'Call',
    schemaOf(CALLS, callRecord).index({ invitedAt: 1 }).index({ callerHash: 1 }).index({ agentIds: 1 }).index({ queueId: 1 }),
  );

/**
 * Writes a record. Writing the same call again replaces it with the same content, because records that waited in the spool may arrive
 * twice. Fails with `row-damaged` when the row is not a call record.
 */
export async function writeCall(model: Model<StoredCall>, { callId, ...record }: CallRecord): Promise<void> {
  const { _id, ...row } = asRow(CALLS, callRecord, { _id: callId, ...record });
  await model.db.collection<RowOf<typeof callRecord>>(CALLS).replaceOne({ _id }, row, { upsert: true });
}

export interface CallFilter {
  readonly callId?: CallId | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly agentId?: AgentId | undefined;
  readonly queueId?: QueueId | undefined;
  readonly called?: string | undefined;
  /** What the person who asks may see; when missing, there is no restriction. */
  readonly reach?: Reach | undefined;
  readonly callerHash?: string | undefined;
  readonly cause?: string | undefined;
  readonly direction?: 'inbound' | 'outbound' | undefined;
  /** The last id of the previous page. Ids grow with time. */
  readonly before?: string | undefined;
  readonly skip: number;
  readonly limit: number;
}

function queryOf({ callId, from, to, agentId, reach, before, ...equal }: Omit<CallFilter, 'skip' | 'limit'>): QueryFilter<StoredCall> {
  const invitedAt = { ...(from === undefined ? {} : { $gte: from }), ...(to === undefined ? {} : { $lt: to }) };
  const conditions: object[] = Object.entries(equal).flatMap(([field, value]) => (value === undefined ? [] : [{ [field]: value }]));
  if (callId !== undefined) conditions.push({ _id: callId });
  if (Object.keys(invitedAt).length > 0) conditions.push({ invitedAt });
  if (agentId !== undefined) conditions.push({ agentIds: agentId });
  if (reach !== undefined) conditions.push(...reachConditions(reach));
  if (before !== undefined) conditions.push({ _id: { $lt: before } });
  return conditions.length === 0 ? {} : { $and: conditions };
}

function reachConditions({ queues, numbers, members }: Reach): object[] {
  if (members !== undefined) return [ofMembers(members, { agent: 'agentIds', at: 'invitedAt' })];
  return [
    ...(queues.length === 0 ? [] : [{ queueId: { $in: [...queues] } }]),
    ...(numbers === undefined ? [] : [{ called: { $in: [...numbers] } }]),
  ];
}

export async function findCalls(model: Model<StoredCall>, { skip, limit, ...filter }: CallFilter): Promise<StoredCall[]> {
  return model.find(queryOf(filter)).sort({ _id: -1 }).skip(skip).limit(limit).lean<StoredCall[]>();
}

export async function countCalls(model: Model<StoredCall>, { skip: _skip, limit: _limit, ...filter }: CallFilter): Promise<number> {
  return model.countDocuments(queryOf(filter));
}

export async function oneCall(model: Model<StoredCall>, callId: CallId): Promise<StoredCall | undefined> {
  return (await model.findById(callId).lean<StoredCall | null>()) ?? undefined;
}
