import { Schema, type Connection, type QueryFilter } from 'mongoose';
import type { Complaint } from '../complaint.js';
import type { BoardCounts, CallsOfNumber, ComplaintSearch, ComplaintStore } from '../ports.js';

type Stored = Omit<Complaint, 'id'> & {
  readonly _id: string;
  /** Of the running clock, for the board and the watch; unset when it is stopped. */
  readonly dueAt?: Date;
  readonly nextStepAt?: Date;
};

const schema = new Schema<Stored>(
  { _id: { type: String, required: true } },
  { collection: 'complaints', versionKey: false, strict: false, minimize: false },
)
  .index({ number: 1 }, { unique: true })
  .index({ state: 1, dueAt: 1 })
  .index({ nextStepAt: 1 }, { sparse: true })
  .index({ receivedAt: -1 })
  .index({ 'complainant.numberHash': 1, receivedAt: -1 })
  .index({ callIds: 1 });

/** The last number given on each day. */
const counterSchema = new Schema({ _id: String, last: Number }, { collection: 'complaint_counters', versionKey: false });

const toComplaint = ({ _id, dueAt: _dueAt, nextStepAt: _nextStepAt, ...rest }: Stored): Complaint => ({ id: _id, ...rest });

function toStored({ id, ...rest }: Complaint): Stored {
  const clock = rest.clocks.at(-1);
  const running = clock !== undefined && clock.stoppedAt === undefined && rest.joinedInto === undefined;
  if (!running) return { _id: id, ...rest };
  const { targetAt, dueAt, remindedAt, escalatedAt, overdueAt } = clock;
  const middle = new Date((targetAt.getTime() + dueAt.getTime()) / 2);
  const nextStepAt = remindedAt === undefined ? targetAt : escalatedAt === undefined ? middle : overdueAt === undefined ? dueAt : undefined;
  return { _id: id, ...rest, dueAt, ...(nextStepAt === undefined ? {} : { nextStepAt }) };
}

type Bounds = Parameters<ComplaintStore['counts']>[0];

function clockFilter(clock: NonNullable<ComplaintSearch['clock']>, { now, todayEnd, weekEnd }: Bounds): QueryFilter<Stored> {
  switch (clock) {
    case 'overdue':
      return { dueAt: { $lt: now } };
    case 'today':
      return { dueAt: { $gte: now, $lte: todayEnd } };
    case 'week':
      return { dueAt: { $gt: todayEnd, $lte: weekEnd } };
    case 'later':
      return { dueAt: { $gt: weekEnd } };
  }
}

export function createMongoComplaints(mongo: Connection): ComplaintStore {
  const complaints = mongo.model<Stored>('Complaint', schema);
  const counters = mongo.model('ComplaintCounter', counterSchema);

  async function countBy(field: string): Promise<Record<string, number>> {
    const rows = await complaints.aggregate<{ _id: string | null; count: number }>([
      { $match: { state: { $in: ['open', 'in-hand', 'answered'] }, joinedInto: { $exists: false } } },
      { $group: { _id: `$${field}`, count: { $sum: 1 } } },
    ]);
    return Object.fromEntries(rows.flatMap(({ _id, count }) => (_id === null ? [] : [[_id, count]])));
  }

  return {
    async nextNumber(date, count = 1) {
      const counter = await counters
        .findOneAndUpdate({ _id: date }, { $inc: { last: count } }, { upsert: true, returnDocument: 'after' })
        .lean<{ last: number }>();
      return (counter?.last ?? count) - count + 1;
    },
    async add(batch) {
      await complaints.insertMany(batch.map(toStored), { ordered: true });
    },
    async byId(id) {
      const found = await complaints.findOne({ _id: id }).lean<Stored>();
      return found === null ? undefined : toComplaint(found);
    },
    async replace(complaint) {
      const { matchedCount } = await complaints.replaceOne({ _id: complaint.id, revision: complaint.revision - 1 }, toStored(complaint));
      return matchedCount === 1;
    },
    async search(
      {
        state,
        kind,
        owner,
        clientUnit,
        clientUnits = [],
        againstAgentId,
        numberHash,
        callId,
        clock,
        receivedFrom,
        receivedTo,
        skip,
        limit,
      },
      bounds,
    ) {
      const filter: Record<string, unknown> = {
        ...(state === undefined ? {} : { state }),
        ...(kind === undefined ? {} : { kind }),
        ...(owner === undefined ? {} : { owner }),
        ...(clientUnits.length === 0 ? {} : { $and: [{ clientUnit: { $in: [...clientUnits] } }] }),
        ...(clientUnit === undefined ? {} : { clientUnit }),
        ...(againstAgentId === undefined ? {} : { againstAgentId }),
        ...(numberHash === undefined ? {} : { 'complainant.numberHash': numberHash }),
        ...(callId === undefined ? {} : { callIds: callId }),
        ...(receivedFrom === undefined && receivedTo === undefined
          ? {}
          : {
              receivedAt: {
                ...(receivedFrom === undefined ? {} : { $gte: receivedFrom }),
                ...(receivedTo === undefined ? {} : { $lt: receivedTo }),
              },
            }),
        ...(clock === undefined ? {} : clockFilter(clock, bounds)),
      };
      const order: Record<string, 1 | -1> = clock === undefined ? { receivedAt: -1 } : { dueAt: 1 };
      const [found, total] = await Promise.all([
        complaints.find(filter).sort(order).skip(skip).limit(limit).lean<Stored[]>(),
        complaints.countDocuments(filter),
      ]);
      return { complaints: found.map(toComplaint), total };
    },
    async counts(bounds): Promise<BoardCounts> {
      const clocks = ['overdue', 'today', 'week', 'later'] as const;
      const [overdue = 0, today = 0, week = 0, later = 0] = await Promise.all(
        clocks.map((clock) => complaints.countDocuments(clockFilter(clock, bounds))),
      );
      const [answered, byKind, byClient, byAgent] = await Promise.all([
        complaints.countDocuments({ state: 'answered' }),
        countBy('kind'),
        countBy('clientUnit'),
        countBy('againstAgentId'),
      ]);
      return { overdue, today, week, later, answered, byKind, byClient, byAgent };
    },
    withDueClock: async (now, limit) =>
      (
        await complaints
          .find({ nextStepAt: { $lte: now } })
          .sort({ nextStepAt: 1 })
          .limit(limit)
          .lean<Stored[]>()
      ).map(toComplaint),
    openOfNumber: async (numberHash) =>
      (
        await complaints
          .find({ 'complainant.numberHash': numberHash, state: { $ne: 'closed' }, joinedInto: { $exists: false } })
          .sort({ receivedAt: 1 })
          .limit(50)
          .lean<Stored[]>()
      ).map(toComplaint),
    ofCall: async (callId) =>
      (
        await complaints
          .find({ callIds: callId, state: { $ne: 'closed' } })
          .limit(50)
          .lean<Stored[]>()
      ).map(toComplaint),
    received: async (from, to) =>
      (
        await complaints
          .find({ receivedAt: { $gte: from, $lt: to } })
          .sort({ receivedAt: 1 })
          .lean<Stored[]>()
      ).map(toComplaint),
  };
}

/** What stands in the call records, which calls/ owns; read only, by the fields that docs/reference/collections.md names. */
export function createMongoCallsOfNumber(mongo: Connection): CallsOfNumber {
  interface CallRow {
    readonly _id: string;
    readonly callerNumber?: string;
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
