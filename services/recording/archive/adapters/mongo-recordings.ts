import { Schema, type Connection, type Model, type QueryFilter } from 'mongoose';
import { createLookUp, createUpdates } from '../../../shared/platform/stores/documents-together.js';
import { ofMembers } from '../../../shared/platform/reach/reach.js';
import { openedNow } from '../opened.js';
import type { CallFacets, Recording, RecordingSearch, RecordingStore, StoredPeaks } from '../ports.js';
import type { CallId } from '../../../shared/domain/ids.js';

export type StoredRecording = Omit<Recording, 'callId'> & {
  readonly _id: string;
  readonly noteCount: number;
  readonly complained?: boolean;
  readonly result?: string;
};

export const RECORDINGS = 'recordings';

const BY_TIME = { startedAt: -1, _id: -1 } as const;
const BY_LENGTH = { durationMs: 1, ...BY_TIME } as const;
const BY_SCORE = { 'facets.score': 1, ...BY_TIME } as const;
const BY_QUEUE = { 'facets.queueId': 1, ...BY_TIME } as const;
const BY_SCORE_OF_QUEUE = { 'facets.queueId': 1, 'facets.score': 1, ...BY_TIME } as const;
type Way = Readonly<Record<string, 1 | -1>>;
/** Below this number, sorting is faster than a search in the order of time. */
const RARE = 2_000;

/** Only this slice writes whole rows, all of one shape. The schema names the fields that are searched. */
const recordingSchema = new Schema<StoredRecording>(
  {
    _id: { type: String, required: true },
    ledgerNumber: { type: Number, required: true },
    startedAt: { type: String, required: true },
    keepUntil: { type: String, required: true },
    noteCount: { type: Number, default: 0 },
    complained: Boolean,
    // The last code of the disposition: an index over the whole path could not serve the order of the list.
    result: String,
    facets: { type: Schema.Types.Mixed, required: true },
  },
  { collection: RECORDINGS, versionKey: false, strict: false, minimize: false },
)
  .index(BY_TIME)
  .index({ 'facets.callerHash': 1, startedAt: -1, _id: -1 })
  .index({ 'facets.called': 1, startedAt: -1, _id: -1 })
  .index({ 'facets.agentIds': 1, startedAt: -1, _id: -1 })
  .index(BY_QUEUE)
  .index(BY_SCORE_OF_QUEUE)
  .index({ result: 1, startedAt: -1, _id: -1 })
  .index(BY_SCORE)
  .index({ complained: 1, startedAt: -1, _id: -1 })
  // An agent has few calls; without this index all of them would be read.
  .index({ 'facets.agentIds': 1, complained: 1, ...BY_TIME }, { partialFilterExpression: { complained: true } })
  .index({ noteCount: 1, startedAt: -1, _id: -1 })
  .index(BY_LENGTH)
  // Few recordings are held, and each hold has an id.
  .index({ 'holds.id': 1 })
  .index({ keepUntil: 1 })
  .index({ 'key.masterKeyId': 1 });

interface KeptPeaks {
  readonly _id: string;
  readonly bucketMs: number;
  readonly caller: Buffer;
  readonly agent: Buffer;
}

const peaksSchema = new Schema<KeptPeaks>(
  { _id: { type: String, required: true }, bucketMs: Number, caller: Buffer, agent: Buffer },
  { collection: 'recording_peaks', versionKey: false },
);

/** Facts about a call whose recording is not stored yet. */
interface EarlyFacets {
  readonly _id: string;
  readonly facets?: Partial<CallFacets>;
}

const EARLY_FACETS = 'recording_early_facets';

const earlySchema = new Schema<EarlyFacets>(
  { _id: { type: String, required: true }, facets: { type: Schema.Types.Mixed } },
  { collection: EARLY_FACETS, versionKey: false, minimize: false },
);

const toRecording = ({ _id, noteCount: _noteCount, complained: _complained, result: _result, ...rest }: StoredRecording): Recording => ({
  callId: _id,
  ...rest,
});
const asBytes = (value: unknown): Uint8Array =>
  value instanceof Uint8Array ? value : Uint8Array.from((value as { buffer?: Uint8Array }).buffer ?? []);

export function createMongoRecordings(mongo: Connection): RecordingStore {
  const recordings = mongo.model<StoredRecording>('Recording', recordingSchema);
  const peaks = mongo.model<KeptPeaks>('RecordingPeaks', peaksSchema);
  const early = mongo.model<EarlyFacets>('RecordingEarlyFacets', earlySchema);
  // Shared by all calls, so that simultaneous writes go out together.
  const putPeaks = createUpdates(peaks.collection);
  const put = createUpdates(recordings.collection);
  const toldEarly = createLookUp<EarlyFacets>(mongo.collection<EarlyFacets>(EARLY_FACETS));
  const update = async (callId: CallId, change: object, where: object = {}): Promise<boolean> =>
    (await recordings.updateOne({ _id: callId, ...where }, change)).matchedCount === 1;

  /** Kept until the recording is stored. Tried once more after that, because the recording may have been stored in between. */
  async function updateOrKeep(callId: CallId, change: object): Promise<void> {
    if (await update(callId, change)) return;
    await early.updateOne({ _id: callId }, change, { upsert: true });
    await update(callId, change);
  }

  return {
    ...createQueries(recordings, peaks),
    async save({ callId, ...recording }, { bucketMs, caller, agent }) {
      const keptPeaks = { bucketMs, caller: Buffer.from(caller), agent: Buffer.from(agent) };
      // Additions by people in the meantime (a second archiving after a crash) stay.
      const { notes, holds, facets, ...rest } = recording;
      // Both at once: the store flushes to the disk once for both. When one of them fails, both are tried again.
      await Promise.all([
        putPeaks({ filter: { _id: callId }, update: { $set: keptPeaks }, upsert: true }),
        put({
          filter: { _id: callId },
          update: { $set: { ...rest, ...inFacets(facets) }, $setOnInsert: { notes, holds, noteCount: notes.length } },
          upsert: true,
        }),
      ]);
      const told = await toldEarly(callId);
      if (told === undefined) return;
      const { complaintIds = [], ...others } = told.facets ?? {};
      await update(callId, {
        $set: { ...inFacets(others), ...(complaintIds.length === 0 ? {} : { complained: true }) },
        ...(complaintIds.length === 0 ? {} : { $addToSet: { 'facets.complaintIds': { $each: complaintIds } } }),
      });
      await early.deleteOne({ _id: callId });
    },
    async setFacets(callId, facets) {
      if (Object.keys(facets).length > 0) await update(callId, { $set: inFacets(facets) });
    },
    async learn(callId, facets) {
      await updateOrKeep(callId, { $set: inFacets(facets) });
    },
    async addComplaint(callId, complaintId) {
      await updateOrKeep(callId, { $addToSet: { 'facets.complaintIds': complaintId }, $set: { complained: true } });
    },
    async addNote(callId, note) {
      await update(callId, { $push: { notes: note }, $inc: { noteCount: 1 } }, { 'notes.id': { $ne: note.id } });
    },
    addHold: (callId, hold) => update(callId, { $push: { holds: hold } }, { 'holds.id': { $ne: hold.id }, deletion: { $exists: false } }),
    removeHold: (callId, holdId) => update(callId, { $pull: { holds: { id: holdId } } }, { 'holds.id': holdId }),
    async setKey(callId, key) {
      await update(callId, { $set: { key } });
    },
    async noteOpened({ callId, opened }, look) {
      await update(callId, { $set: { opened: openedNow(opened, look) } }, { deletion: { $exists: false } });
    },
    async markDeleted(callId, deletion) {
      await peaks.deleteOne({ _id: callId });
      await update(callId, { $set: { deletion }, $unset: { key: 1 } });
    },
  };
}

/**
 * The index for a search by length or score, alone or within one queue, when no other condition has its own index. Rare values are found
 * directly, common values in the order of time. A store that guesses would read or sort all of them.
 */
async function wayTo(recordings: Model<StoredRecording>, query: RecordingSearch): Promise<Way | undefined> {
  const { callerHash, called, reach, agentId, disposition, complaint, note, held } = query;
  const others = [callerHash, called, reach.numbers, agentId, disposition, note];
  if (others.some((asked) => asked !== undefined) || complaint === true || held === true) return undefined;
  const { durationMs, 'facets.score': score, 'facets.queueId': queue } = filterOf(query);
  if (durationMs === undefined && score === undefined) return undefined;
  const ways: readonly (readonly [Way, object])[] =
    queue === undefined
      ? [
          ...(durationMs === undefined ? [] : [[BY_LENGTH, { durationMs }] as const]),
          ...(score === undefined ? [] : [[BY_SCORE, { 'facets.score': score }] as const]),
        ]
      : typeof queue === 'string' && score !== undefined
        ? [[BY_SCORE_OF_QUEUE, { 'facets.queueId': queue, 'facets.score': score }]]
        : [];
  for (const [way, condition] of ways) {
    const few = await recordings.collection.countDocuments(condition, { limit: RARE, hint: way });
    if (few < RARE) return way;
  }
  return queue === undefined ? BY_TIME : typeof queue === 'string' ? BY_QUEUE : undefined;
}

function createQueries(
  recordings: Model<StoredRecording>,
  peaks: Model<KeptPeaks>,
): Pick<RecordingStore, 'find' | 'peaks' | 'search' | 'underOtherKey' | 'due' | 'numbers' | 'sample' | 'stored'> {
  return {
    async find(callId) {
      const found = await recordings.findById(callId).lean<StoredRecording>();
      return found === null ? undefined : toRecording(found);
    },
    async peaks(callId): Promise<StoredPeaks | undefined> {
      const found = await peaks.findById(callId).lean<KeptPeaks>();
      return found === null ? undefined : { bucketMs: found.bucketMs, caller: asBytes(found.caller), agent: asBytes(found.agent) };
    },
    async search(query) {
      const filter = filterOf(query);
      const way = await wayTo(recordings, query);
      const found = await recordings
        .find(filter, null, way === undefined ? {} : { hint: way })
        .sort(BY_TIME)
        .limit(query.limit)
        .lean<StoredRecording[]>();
      return found.map(toRecording);
    },
    async underOtherKey(keyId, limit) {
      const found = await recordings
        .find({ 'key.masterKeyId': { $ne: keyId }, deletion: { $exists: false } })
        .limit(limit)
        .lean<StoredRecording[]>();
      return found.map(toRecording);
    },
    async due(now, limit, except) {
      const found = await recordings
        .find({ _id: { $nin: except }, keepUntil: { $lte: now.toISOString() }, holds: { $size: 0 }, deletion: { $exists: false } })
        .sort({ keepUntil: 1 })
        .limit(limit)
        .lean<StoredRecording[]>();
      return found.map(toRecording);
    },
    async *numbers() {
      const cursor = recordings.find().select('ledgerNumber').lean<{ _id: string; ledgerNumber: number }[]>().cursor({ batchSize: 2_000 });
      for await (const { _id, ledgerNumber } of cursor) yield { callId: _id, ledgerNumber };
    },
    async sample(from, to, limit) {
      const found = await recordings
        .find({ startedAt: { $gte: from.toISOString(), $lt: to.toISOString() }, deletion: { $exists: false } })
        .sort({ startedAt: 1 })
        .limit(limit)
        .lean<StoredRecording[]>();
      return found.map(toRecording);
    },
    async *stored(from, to) {
      const began = { ...(from === undefined ? {} : { $gte: from.toISOString() }), $lt: to.toISOString() };
      const cursor = recordings
        .find({ startedAt: began, deletion: { $exists: false } })
        .select('_id')
        .lean<{ _id: string }[]>()
        .cursor({ batchSize: 2_000 });
      for await (const { _id } of cursor) yield _id;
    },
  };
}

/** One path for each field, so that the fields of other writers stay. */
const inFacets = (facets: Partial<CallFacets>): Record<string, unknown> => ({
  ...Object.fromEntries(Object.entries(facets).map(([key, value]) => [`facets.${key}`, value])),
  ...(facets.disposition === undefined ? {} : { result: facets.disposition.at(-1) }),
});

function between(low: unknown, high: unknown, upper: '$lt' | '$lte', last?: unknown): object | undefined {
  const bounds = Object.entries({ $gte: low, [upper]: high, ...(last === undefined ? {} : { $lte: last }) });
  const given = bounds.filter(([, value]) => value !== undefined);
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

function filterOf(query: RecordingSearch): QueryFilter<StoredRecording> {
  const { queues, numbers, members } = query.reach;
  const conditions: Record<string, unknown> = {
    'facets.callerHash': query.callerHash,
    // One condition on one field, so that the field's index serves both the search and the reach.
    'facets.called': within(query.called, members === undefined ? numbers : undefined),
    'facets.queueId': within(query.queueId, queues.length === 0 ? undefined : queues),
    $and: members === undefined ? undefined : [ofMembers(members, { agent: 'facets.agentIds', at: 'startedAt', isText: true })],
    'facets.agentIds': query.agentId,
    result: query.disposition,
    'facets.cause': query.cause,
    'facets.direction': query.direction,
    'facets.score': between(query.minScore, query.maxScore, '$lte'),
    complained: query.complaint === undefined ? undefined : query.complaint ? true : { $ne: true },
    startedAt: between(query.from?.toISOString(), query.to?.toISOString(), '$lt', query.before?.startedAt),
    $or:
      query.before === undefined
        ? undefined
        : [{ startedAt: { $lt: query.before.startedAt } }, { startedAt: query.before.startedAt, _id: { $lt: query.before.callId } }],
    durationMs: between(query.minMs, query.maxMs, '$lte'),
    'holds.id': query.held === true ? { $gt: '' } : undefined,
    'holds.0': query.held === false ? { $exists: false } : undefined,
    noteCount: query.note === undefined ? undefined : { $gt: 0 },
    'notes.text': query.note === undefined ? undefined : { $regex: query.note.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), $options: 'i' },
  };
  return Object.fromEntries(Object.entries(conditions).filter(([, value]) => value !== undefined));
}

function within(asked: string | undefined, allowed: readonly string[] | undefined): unknown {
  if (allowed === undefined) return asked;
  const values = asked === undefined ? allowed : allowed.filter((value) => value === asked);
  return values.length === 1 ? values[0] : { $in: values };
}
