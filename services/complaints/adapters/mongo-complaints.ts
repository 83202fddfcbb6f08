import { Schema, type Connection, type Model, type QueryFilter } from 'mongoose';
import type { CaseScope } from '../cases/case-scope.js';
import { stepsToCome } from '../clock/clock-steps.js';
import type { Complaint } from '../cases/complaint.js';
import { together } from '../../shared/platform/stores/together.js';
import { createBoardIndex } from './board-index.js';
import type { BoardCounts, ComplaintSearch, ComplaintStore } from '../ports.js';
import type { CallId, ComplaintId } from '../../shared/domain/ids.js';

export type StoredComplaint = Omit<Complaint, 'id'> & {
  readonly _id: ComplaintId;
  /** Taken from the running clock, for the board and the watch; unset while the clock is stopped. */
  readonly dueAt?: Date;
  readonly nextStepAt?: Date;
  /** When a clock of the case first ran out. Never changed afterwards. */
  readonly ranOutAt?: Date;
  /** Since when the answer is in transit. */
  readonly sendingSince?: Date;
  /** When the case was last written, for the board. */
  readonly changedAt?: Date;
};

export const COMPLAINTS = 'complaints';

const schema = new Schema<StoredComplaint>(
  { _id: { type: String, required: true } },
  { collection: COMPLAINTS, versionKey: false, strict: false, minimize: false },
)
  .index({ number: 1 }, { unique: true })
  .index({ state: 1, dueAt: 1 })
  .index({ nextStepAt: 1 }, { sparse: true })
  .index({ sendingSince: 1 }, { sparse: true })
  .index({ changedAt: 1 }, { sparse: true })
  .index({ ranOutAt: 1 }, { sparse: true })
  .index({ joinedInto: 1 }, { sparse: true })
  .index({ dueAt: 1 }, { sparse: true })
  .index({ receivedAt: -1 })
  .index({ clientUnit: 1, receivedAt: -1 })
  .index({ clientUnit: 1, dueAt: 1 })
  .index({ kind: 1, receivedAt: -1 })
  .index({ againstAgentId: 1, receivedAt: -1 })
  .index({ 'complainant.numberHash': 1, receivedAt: -1 })
  .index({ callIds: 1 });

const MOST_OF_A_CALL = 50;

/** The last number given on each day. */
const counterSchema = new Schema({ _id: String, last: Number }, { collection: 'complaint_counters', versionKey: false });

const toComplaint = ({
  _id,
  dueAt: _dueAt,
  nextStepAt: _nextStepAt,
  ranOutAt: _ranOutAt,
  sendingSince: _sendingSince,
  changedAt: _changedAt,
  ...rest
}: StoredComplaint): Complaint => ({ id: _id, ...rest });

function toStored(complaint: Complaint): StoredComplaint {
  const { id, ...rest } = complaint;
  const clock = rest.clocks.at(-1);
  const running = clock !== undefined && clock.stoppedAt === undefined && rest.joinedInto === undefined;
  const [next] = stepsToCome(complaint);
  const ranOutAt = rest.clocks.find(({ overdueAt }) => overdueAt !== undefined)?.overdueAt;
  return {
    _id: id,
    ...rest,
    changedAt: new Date(),
    ...(running ? { dueAt: clock.dueAt } : {}),
    ...(next === undefined ? {} : { nextStepAt: next.at }),
    ...(ranOutAt === undefined ? {} : { ranOutAt }),
    ...(rest.sending === undefined ? {} : { sendingSince: rest.sending.at }),
  };
}

/** The same rule as `seesCase`. */
function scopeFilter({ clientUnits, queues }: CaseScope): QueryFilter<StoredComplaint> {
  const ofUnit = { clientUnit: { $in: [...clientUnits] } };
  const ofQueue = { queueId: { $in: [...queues] } };
  if (queues.length === 0) return clientUnits.length === 0 ? {} : ofUnit;
  if (clientUnits.length === 0) return ofQueue;
  const [noUnit, noQueue] = [{ clientUnit: { $exists: false } }, { queueId: { $exists: false } }];
  return {
    $or: [
      { ...ofUnit, ...ofQueue },
      { ...ofUnit, ...noQueue },
      { ...noUnit, ...ofQueue },
    ],
  };
}
const isWhole = ({ clientUnits, queues }: CaseScope): boolean => clientUnits.length === 0 && queues.length === 0;

type Bounds = Parameters<ComplaintStore['counts']>[0];

function clockFilter(clock: NonNullable<ComplaintSearch['clock']>, { now, todayEnd, weekEnd }: Bounds): QueryFilter<StoredComplaint> {
  switch (clock) {
    case 'overdue':
      return { dueAt: { $lt: now } };
    case 'today':
      return { dueAt: { $gte: now, $lte: todayEnd } };
    case 'week':
      return { dueAt: { $gt: todayEnd, $lte: weekEnd } };
    case 'later':
      return { dueAt: { $gt: weekEnd } };
    case 'was-overdue':
      // A range uses the index. An `$exists` condition would have to be checked in each document.
      return { ranOutAt: { $gt: new Date(0) } };
  }
}

function filterOf(
  {
    state,
    kind,
    owner,
    clientUnit,
    scope,
    againstAgentId,
    numberHash,
    callId,
    clock,
    receivedFrom,
    receivedTo,
  }: Omit<ComplaintSearch, 'skip' | 'limit'>,
  bounds: Bounds,
): Record<string, unknown> {
  return {
    ...(state === undefined ? {} : { state }),
    ...(kind === undefined ? {} : { kind }),
    ...(owner === undefined ? {} : { owner }),
    ...(isWhole(scope) ? {} : { $and: [scopeFilter(scope)] }),
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
}

function createOfCall(complaints: Model<StoredComplaint>) {
  /** Queried after every call; most calls have none. */
  return together(async (callIds: readonly CallId[]): Promise<readonly Complaint[][]> => {
    const found = await complaints.find({ callIds: { $in: [...callIds] }, state: { $ne: 'closed' } }).lean<StoredComplaint[]>();
    return callIds.map((callId) =>
      found
        .filter((one) => one.callIds.includes(callId))
        .slice(0, MOST_OF_A_CALL)
        .map(toComplaint),
    );
  });
}

/** Cases ordered by their clock, or overdue ones first and then the newest. */
function createSearch(
  complaints: Model<StoredComplaint>,
  countOf: (filter: Record<string, unknown>) => Promise<number>,
): ComplaintStore['search'] {
  return async ({ skip, limit, ...search }, bounds) => {
    const { clock } = search;
    const filter = filterOf(search, bounds);
    const order: Record<string, 1 | -1> =
      clock === undefined ? { receivedAt: -1 } : clock === 'was-overdue' ? { ranOutAt: -1 } : { dueAt: 1 };
    const page = (where: Record<string, unknown>, by: Record<string, 1 | -1>, from: number, rows: number): Promise<StoredComplaint[]> =>
      rows === 0 ? Promise.resolve([]) : complaints.find(where).sort(by).skip(from).limit(rows).lean<StoredComplaint[]>();
    const total = countOf(filter);
    if (clock !== undefined) return { complaints: (await page(filter, order, skip, limit)).map(toComplaint), total: await total };
    // Overdue cases come before everything else, however old they are.
    const late = { ...filter, ...clockFilter('overdue', bounds) };
    const lateRows = await countOf(late);
    const first = skip < lateRows ? await page(late, { dueAt: 1 }, skip, limit) : [];
    const others = { ...filter, dueAt: { $not: { $lt: bounds.now } } };
    const rest = await page(others, order, Math.max(0, skip - lateRows), limit - first.length);
    return { complaints: [...first, ...rest].map(toComplaint), total: await total };
  };
}

export function createMongoComplaints(mongo: Connection): ComplaintStore {
  const complaints = mongo.model<StoredComplaint>('Complaint', schema);
  const counters = mongo.model('ComplaintCounter', counterSchema);

  const board = createBoardIndex(complaints);

  /** The number of cases. The store knows the number of all without counting. */
  const countOf = (filter: Record<string, unknown>): Promise<number> =>
    Object.keys(filter).length === 0 ? complaints.estimatedDocumentCount() : complaints.countDocuments(filter);

  const ofCall = createOfCall(complaints);

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
      const found = await complaints.findOne({ _id: id }).lean<StoredComplaint>();
      return found === null ? undefined : toComplaint(found);
    },
    async replace(complaint) {
      const { matchedCount } = await complaints.replaceOne({ _id: complaint.id, revision: complaint.revision - 1 }, toStored(complaint));
      return matchedCount === 1;
    },
    search: createSearch(complaints, countOf),
    async counts(bounds, of): Promise<BoardCounts> {
      const scope = scopeFilter(of);
      const [open, wasOverdue] = await Promise.all([
        board.count(of, bounds),
        complaints.countDocuments({ ...clockFilter('was-overdue', bounds), ...scope }),
      ]);
      return { ...open, wasOverdue };
    },
    async addMissing(batch) {
      const known = await complaints.find({ _id: { $in: batch.map(({ id }) => id) } }, { _id: 1 }).lean<{ readonly _id: string }[]>();
      const there = new Set(known.map(({ _id }) => _id));
      const missing = batch.filter(({ id }) => !there.has(id));
      if (missing.length > 0) await complaints.insertMany(missing.map(toStored), { ordered: true });
    },
    joinedTo: async (id) => (await complaints.find({ joinedInto: id }).limit(1_000).lean<StoredComplaint[]>()).map(toComplaint),
    withSending: async (before, limit) =>
      (
        await complaints
          .find({ sendingSince: { $lt: before } })
          .limit(limit)
          .lean<StoredComplaint[]>()
      ).map(toComplaint),
    withDueClock: async (now, limit) =>
      (
        await complaints
          .find({ nextStepAt: { $lte: now } })
          .sort({ nextStepAt: 1 })
          .limit(limit)
          .lean<StoredComplaint[]>()
      ).map(toComplaint),
    async withOthersRunning(numberHashes) {
      const rows = await complaints
        .find(
          { 'complainant.numberHash': { $in: [...numberHashes] }, state: { $in: ['open', 'in-hand'] }, joinedInto: { $exists: false } },
          { _id: 0, 'complainant.numberHash': 1 },
        )
        .lean<Pick<StoredComplaint, 'complainant'>[]>();
      const seen = new Set<string>();
      return new Set(rows.flatMap(({ complainant }) => complainant.numberHash ?? []).filter((hash) => seen.has(hash) || !seen.add(hash)));
    },
    runningOfNumber: async (numberHash) =>
      (
        await complaints
          .find({ 'complainant.numberHash': numberHash, state: { $in: ['open', 'in-hand'] }, joinedInto: { $exists: false } })
          .sort({ receivedAt: 1, number: 1 })
          .limit(50)
          .lean<StoredComplaint[]>()
      ).map(toComplaint),
    ofCall,
    async *received(from, to, scope) {
      const cursor = complaints
        .find({ receivedAt: { $gte: from, $lt: to }, ...scopeFilter(scope) })
        .sort({ receivedAt: 1 })
        .lean<StoredComplaint[]>()
        .cursor({ batchSize: 500 });
      for await (const row of cursor) yield toComplaint(row);
    },
  };
}
