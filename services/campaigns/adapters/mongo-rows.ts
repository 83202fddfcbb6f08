import { createHash } from 'node:crypto';
import { mongo as driver, Schema, type Connection, type Model, type QueryFilter } from 'mongoose';
import { campaignOutcomes, campaignRowStates, type CampaignOutcome, type CampaignRowState } from '../../shared/domain/calls/campaign.js';
import { CallCentreError } from '../../shared/domain/failure.js';
import type { SecretCipher } from '../../shared/platform/stores/secret-cipher.js';
import type { CampaignContact, CampaignRow, RowNext } from '../campaign.js';
import type { RowCounts, RowQuery, RowStore } from '../ports.js';

type Stored = Omit<CampaignRow, 'id' | 'contact'> & {
  readonly _id: string;
  /** Number, name and note, sealed; removed when the row is done. */
  readonly sealed?: string;
  /** The number of `complaintIds`. */
  readonly complaints?: number;
};

interface Group {
  readonly _id: { readonly state: CampaignRowState; readonly outcome?: CampaignOutcome | null };
  readonly count: number;
  readonly tried: number;
  readonly complained: number;
}
const none = Object.fromEntries(
  [...campaignRowStates, ...campaignOutcomes, 'all', 'tried', 'complained'].map((key) => [key, 0]),
) as RowCounts;

const ROWS = 'campaign_rows';
const MOST_AT_ONCE = 200;
const BATCH = 1_000;
const DUPLICATE_KEY = 11000;
const ID_DIGITS = 32;

const schema = new Schema<Stored>(
  {
    _id: { type: String, required: true },
    notBefore: Date,
    lookAt: Date,
    triedAt: Date,
    wantedUntil: Date,
    offer: Schema.Types.Mixed,
  },
  { collection: ROWS, versionKey: false, strict: false, minimize: false },
)
  .index({ campaignId: 1, state: 1, notBefore: 1, line: 1 })
  .index({ campaignId: 1, numberHash: 1 })
  .index({ callId: 1 }, { sparse: true })
  .index({ state: 1, lookAt: 1 });

/** The fields that a step writes. Fields of the old state that it does not name are removed. */
function changeOf({ attempt, lapse, ...next }: RowNext): {
  readonly $set: object;
  readonly $unset: Record<string, ''>;
  readonly $push?: object;
} {
  const set = Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined));
  const unset: Record<string, ''> = { offer: '' };
  if (next.why === undefined) unset['why'] = '';
  if (next.lookAt === undefined) unset['lookAt'] = '';
  if (next.state === 'done' || next.state === 'dialling') Object.assign(unset, { wantedAgentId: '', wantedUntil: '' });
  // A reached person may still be promised another call.
  if (next.state === 'done' && next.outcome !== 'reached') unset['sealed'] = '';
  const push = { ...(attempt === undefined ? {} : { attempts: attempt }), ...(lapse === undefined ? {} : { lapses: lapse }) };
  return { $set: set, $unset: unset, ...(Object.keys(push).length === 0 ? {} : { $push: push }) };
}

/** One row for each number of a campaign, even with simultaneous imports: a person with two rows would be called twice. */
const idOf = (campaignId: string, numberHash: string): string =>
  createHash('sha256').update(`${campaignId}:${numberHash}`).digest('hex').slice(0, ID_DIGITS);

/** Fails with any error except that some rows exist already. */
function onlyKnown(error: unknown): void {
  if (!(error instanceof driver.MongoBulkWriteError) || error.result.getWriteConcernError() !== undefined) throw error;
  const own = [error.writeErrors].flat();
  if (own.length === 0 || own.some(({ code }) => code !== DUPLICATE_KEY)) throw error;
}

/** Imports lists. */
const createLists = (mongo: Connection, rows: Model<Stored>, cipher: SecretCipher): Pick<RowStore, 'addMany' | 'known'> => ({
  async addMany({ campaignId, importId, at }, many) {
    const added = many.map(({ contact, ...row }) => {
      const _id = idOf(campaignId, row.numberHash);
      const sealed = cipher.seal(JSON.stringify(contact), _id);
      return { _id, campaignId, importId, ...row, sealed, state: 'waiting' as const, tries: 0, notBefore: at };
    });
    await mongo.collection<Stored>(ROWS).insertMany(added, { ordered: false }).catch(onlyKnown);
  },
  async known(campaignId, numberHashes) {
    const found = await rows
      .find({ campaignId, numberHash: { $in: [...numberHashes] } }, { numberHash: 1 })
      .lean<Pick<Stored, 'numberHash'>[]>();
    return new Set(found.map(({ numberHash }) => numberHash));
  },
});

/** The rows of a campaign by state and outcome. */
const groupsOf = (rows: Model<Stored>, campaignId: string): Promise<Group[]> =>
  rows.aggregate<Group>([
    { $match: { campaignId } },
    {
      $group: {
        _id: { state: '$state', outcome: '$outcome' },
        count: { $sum: 1 },
        tried: { $sum: { $cond: [{ $gt: ['$tries', 0] }, 1, 0] } },
        complained: { $sum: { $cond: [{ $gt: ['$complaints', 0] }, 1, 0] } },
      },
    },
  ]);

const filterOf = ({ campaignId, state, outcome, numberHash }: RowQuery): QueryFilter<Stored> => ({
  campaignId,
  ...(state === undefined ? {} : { state }),
  ...(outcome === undefined ? {} : { outcome }),
  ...(numberHash === undefined ? {} : { numberHash }),
});

/** Undefined when no key of the settings opens the row: one such row must not keep the others from being called. */
function opened(cipher: SecretCipher, sealed: string, rowId: string): CampaignContact | undefined {
  try {
    return JSON.parse(cipher.open(sealed, rowId)) as CampaignContact;
  } catch (error) {
    if (error instanceof CallCentreError) return undefined;
    throw error;
  }
}

/** Rows as pages and files show them. */
const createPages = (rows: Model<Stored>, toRow: (stored: Stored) => CampaignRow): Pick<RowStore, 'batches' | 'list'> => ({
  async *batches(query) {
    let batch: CampaignRow[] = [];
    const cursor = rows.find(filterOf(query), { sealed: 0 }).sort({ line: 1 }).lean<Stored[]>().cursor({ batchSize: BATCH });
    for await (const found of cursor) {
      batch.push(toRow(found));
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  },
  async list({ skip, limit, ...query }) {
    const filter = filterOf(query);
    const [found, total] = await Promise.all([
      rows.find(filter).sort({ line: 1 }).skip(skip).limit(limit).lean<Stored[]>(),
      rows.countDocuments(filter),
    ]);
    return { rows: found.map(toRow), total };
  },
});

/** The lists name people: numbers and names are sealed, each for its row. */
export function createMongoRows(mongo: Connection, cipher: SecretCipher): RowStore {
  const rows = mongo.model<Stored>('CampaignRow', schema);

  function toRow({ _id, sealed, ...rest }: Stored): CampaignRow {
    const contact = sealed === undefined ? undefined : opened(cipher, sealed, _id);
    return { id: _id, ...rest, ...(contact === undefined ? {} : { contact }) };
  }
  const rowOrNone = (found: Stored | null): CampaignRow | undefined => (found === null ? undefined : toRow(found));
  const anybodys = (at: Date): QueryFilter<Stored>[] => [{ wantedAgentId: { $exists: false } }, { wantedUntil: { $lte: at } }];
  const some = async (filter: QueryFilter<Stored>): Promise<CampaignRow[]> =>
    (await rows.find(filter).limit(MOST_AT_ONCE).lean<Stored[]>()).map(toRow);

  return {
    ...createLists(mongo, rows, cipher),
    ...createPages(rows, toRow),
    one: async (id) => rowOrNone(await rows.findOne({ _id: id }).lean<Stored>()),
    async next(campaignId, at) {
      const filter: QueryFilter<Stored> = { campaignId, state: 'waiting', notBefore: { $lte: at }, $or: anybodys(at) };
      return rowOrNone(await rows.findOne(filter).sort({ notBefore: 1, line: 1 }).lean<Stored>());
    },
    wanted: (campaignId, at) => some({ campaignId, state: 'waiting', notBefore: { $lte: at }, wantedUntil: { $gt: at } }),
    async present(id, to) {
      const found = await rows
        .findOneAndUpdate(
          { _id: id, state: 'waiting' },
          { $set: { state: 'presented', ...to }, $unset: { why: '', skipped: '' } },
          { returnDocument: 'after' },
        )
        .lean<Stored>();
      return rowOrNone(found);
    },
    async hold(id, callId) {
      const held = await rows.updateOne({ _id: id, callId, state: 'presented' }, { $unset: { 'offer.dialAt': '' } });
      return held.matchedCount === 1;
    },
    async move(id, { state, callId, dialAt }, next) {
      const counting = dialAt === undefined ? {} : { 'offer.dialAt': dialAt };
      const filter = { _id: id, state, ...(callId === undefined ? {} : { callId }), ...counting };
      return rowOrNone(await rows.findOneAndUpdate(filter, changeOf(next), { returnDocument: 'after' }).lean<Stored>());
    },
    async looked(id, callId, lookAt) {
      await rows.updateOne({ _id: id, callId, state: 'dialling' }, { $set: { lookAt } });
    },
    // One for each agent, with its own clock.
    presented: async () => (await rows.find({ state: 'presented' }).lean<Stored[]>()).map(toRow),
    presentedTo: async (agentId) => rowOrNone(await rows.findOne({ state: 'presented', agentId }).lean<Stored>()),
    // A row that waits for a decision comes before one whose call may have ended: `presented` sorts after `dialling`.
    inHandOf: async (agentId) =>
      rowOrNone(
        await rows
          .findOne({ state: { $in: ['presented', 'dialling'] }, agentId })
          .sort({ state: -1 })
          .lean<Stored>(),
      ),
    toLookAt: (at) => some({ state: 'dialling', lookAt: { $lte: at } }),
    ofCall: async (callId) => rowOrNone(await rows.findOne({ callId }).lean<Stored>()),
    async complained(callId, complaintId) {
      const first = { callId, complaintIds: { $ne: complaintId } } as QueryFilter<Stored>;
      await rows.updateOne(first, { $addToSet: { complaintIds: complaintId }, $inc: { complaints: 1 } });
      return rowOrNone(await rows.findOne({ callId }).lean<Stored>());
    },
    async result(callId, agentId, result) {
      await rows.updateOne({ callId, agentId }, { $set: { result } });
    },
    async again(id, agentId, { notBefore, wantedUntil }) {
      const promise = { notBefore, wantedAgentId: agentId, wantedUntil };
      const inCall = await rows.updateOne({ _id: id, agentId, state: 'dialling' }, { $set: promise });
      if (inCall.matchedCount === 1) return true;
      // After the call, also another time than the one that was promised before.
      const ended = [{ state: 'done' }, { state: 'waiting', wantedAgentId: agentId }];
      const filter = { _id: id, agentId, $or: ended, outcome: 'reached', sealed: { $exists: true } } as QueryFilter<Stored>;
      return (await rows.updateOne(filter, { $set: { ...promise, state: 'waiting' } })).matchedCount === 1;
    },
    async counts(campaignId) {
      const counts: Record<keyof RowCounts, number> = { ...none };
      for (const { _id, count, tried, complained } of await groupsOf(rows, campaignId)) {
        counts.all += count;
        counts.tried += tried;
        counts.complained += complained;
        counts[_id.state] += count;
        if (_id.outcome !== undefined && _id.outcome !== null) counts[_id.outcome] += count;
      }
      return counts;
    },
    open: (campaignId) => rows.countDocuments({ campaignId, state: { $in: ['waiting', 'presented', 'dialling'] } }),
    async erase(campaignId) {
      await rows.updateMany({ campaignId, sealed: { $exists: true } }, { $unset: { sealed: '' } });
    },
  };
}
