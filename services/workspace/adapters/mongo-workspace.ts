import { Schema, type Connection } from 'mongoose';
import { Worksheet, type Briefing, type Contact, type SeatCallback } from '../../shared/contracts/workspace.js';
import { createUpdates } from '../../shared/platform/stores/documents-together.js';
import type {
  CallbackStore,
  ContactKey,
  ContactStore,
  FavouriteStore,
  Promised,
  QualitySample,
  QualityStore,
  WorksheetStore,
} from '../ports.js';
import type { AgentId, CallId, UserId } from '../../shared/domain/ids.js';

type StoredWorksheet = Omit<Worksheet, 'queueId'> & { readonly _id: string };
export type StoredContact = Contact & { readonly _id: string; readonly callerHash?: string };
type StoredNote = NonNullable<Briefing['stickyNote']> & { readonly _id: string };
/** `promisedAt`: rows of before December 2026 have none. */
export type StoredSeatCallback = Omit<SeatCallback, 'id'> & {
  readonly _id: string;
  readonly callerHash?: string;
  readonly clientUnit?: string;
  readonly promisedAt?: Date;
};
type StoredFavourites = { readonly _id: string; readonly favourites: readonly string[] };
type StoredSample = Omit<QualitySample, 'id'> & { readonly _id: string };

const WORKSHEETS = 'worksheets';
export const CONTACTS = 'contacts';
export const SEAT_CALLBACKS = 'seat_callbacks';
const NOTES = 'sticky_notes';

const loose = (collection: string) => ({ collection, versionKey: false as const, strict: false as const, minimize: false });
const keyed = { _id: { type: String, required: true } };

/** Rows are validated by the zod schema when they are written and read. */
const worksheetSchema = new Schema<StoredWorksheet>(keyed, loose(WORKSHEETS));
const contactSchema = new Schema<StoredContact>(keyed, loose(CONTACTS)).index({ callId: 1 }).index({ callerHash: 1, at: -1 });
const noteSchema = new Schema<StoredNote>(keyed, loose(NOTES));
const callbackSchema = new Schema<StoredSeatCallback>({ ...keyed, promisedAt: Date }, loose(SEAT_CALLBACKS))
  .index({ state: 1, dueAt: 1 })
  .index({ callerHash: 1 }, { sparse: true })
  .index({ promisedAt: 1 }, { sparse: true });
const favouriteSchema = new Schema<StoredFavourites>(keyed, loose('favourites'));
const sampleSchema = new Schema<StoredSample>({ ...keyed, at: Date }, loose('quality_samples')).index({ callId: 1, at: 1 });

export function createMongoWorksheets(mongo: Connection): WorksheetStore {
  const worksheets = mongo.model<StoredWorksheet>('Worksheet', worksheetSchema);
  const toWorksheet = ({ _id, ...rest }: StoredWorksheet): Worksheet => Worksheet.parse({ queueId: _id, ...rest });
  return {
    all: async () => (await worksheets.find().sort({ _id: 1 }).lean<StoredWorksheet[]>()).map(toWorksheet),
    async one(queueId) {
      const found = await worksheets.findById(queueId).lean<StoredWorksheet>();
      return found === null ? undefined : toWorksheet(found);
    },
    async put({ queueId, ...rest }) {
      await mongo.collection<StoredWorksheet>(WORKSHEETS).replaceOne({ _id: queueId }, rest, { upsert: true });
    },
  };
}

export function createMongoContacts(mongo: Connection): ContactStore {
  const contacts = mongo.model<StoredContact>('Contact', contactSchema);
  const notes = mongo.model<StoredNote>('StickyNote', noteSchema);
  const toContact = ({ _id, callerHash: _hash, ...rest }: StoredContact): Contact => ({
    ...rest,
    notes: rest.notes ?? '',
    disposition: rest.disposition ?? [],
    fields: rest.fields ?? {},
  });
  const idOf = (callId: CallId, agentId: AgentId): string => `${callId}/${agentId}`;
  const update = createUpdates(contacts.collection);
  const saving = ({ callId, agentId, ...facts }: ContactKey, change: object, at: string) => ({
    filter: { _id: idOf(callId, agentId) },
    update: { $set: { ...change, ...facts, updatedAt: at }, $setOnInsert: { callId, agentId, at } },
  });
  return {
    of: async (callId) => (await contacts.find({ callId }).sort({ at: 1 }).lean<StoredContact[]>()).map(toContact),
    async one(callId, agentId) {
      const found = await contacts.findById(idOf(callId, agentId)).lean<StoredContact>();
      return found === null ? undefined : toContact(found);
    },
    ofCaller: async (callerHashes, limit) =>
      (
        await contacts
          .find({ callerHash: { $in: [...callerHashes] } })
          .sort({ at: -1 })
          .limit(limit)
          .lean<StoredContact[]>()
      ).map(toContact),
    open: (contact, at) => update({ ...saving(contact, {}, at), upsert: true }),
    async save(contact, change, at) {
      const written = saving(contact, change, at);
      const saved = await contacts
        .findOneAndUpdate(written.filter, written.update, { upsert: true, returnDocument: 'after' })
        .lean<StoredContact>();
      return toContact(saved);
    },
    async sticky(callerHash) {
      const found = await notes.findById(callerHash).lean<StoredNote>();
      if (found === null) return null;
      const { _id, ...note } = found;
      return note;
    },
    async stick(callerHash, note) {
      if (note.text === '') await notes.deleteOne({ _id: callerHash });
      else await mongo.collection<StoredNote>(NOTES).replaceOne({ _id: callerHash }, note, { upsert: true });
    },
  };
}

export function createMongoCallbacks(mongo: Connection): CallbackStore {
  const callbacks = mongo.model<StoredSeatCallback>('SeatCallback', callbackSchema);
  const toCallback = ({ _id, callerHash: _hash, clientUnit: _unit, promisedAt: _at, ...rest }: StoredSeatCallback): SeatCallback => ({
    id: _id,
    ...rest,
  });
  const of = ({ callerHash, clientUnit }: Promised) => ({ callerHash, clientUnit: clientUnit ?? { $exists: false } });
  return {
    async add({ id, ...rest }, { callerHash, clientUnit }, promisedAt) {
      await callbacks.create({ _id: id, ...rest, promisedAt, callerHash, ...(clientUnit === undefined ? {} : { clientUnit }) });
    },
    async openOfPerson(person) {
      const found = await callbacks.findOne({ state: 'open', ...of(person) }).lean<StoredSeatCallback>();
      return found === null ? undefined : toCallback(found);
    },
    async personOf(id) {
      const found = await callbacks.findById(id).lean<StoredSeatCallback>();
      return found?.callerHash === undefined ? undefined : { callerHash: found.callerHash, clientUnit: found.clientUnit };
    },
    async take(id, { agentId, dueAt, note }) {
      const mayTake = { $or: [{ agentId }, { agentId: { $exists: false } }] };
      const found = await callbacks
        .findOneAndUpdate({ _id: id, state: 'open', ...mayTake }, { $set: { agentId, dueAt, note } }, { returnDocument: 'after' })
        .lean<StoredSeatCallback>();
      return found === null ? undefined : toCallback(found);
    },
    async reached(id, tried) {
      await callbacks.updateOne({ _id: id, state: 'open' }, { $set: { state: 'done' }, $push: { tries: tried } });
    },
    async join(id, call) {
      await callbacks.updateOne({ _id: id, state: 'open', 'also.callId': { $ne: call.callId } }, { $push: { also: call } });
      const found = await callbacks.findOne({ _id: id, state: 'open' }).lean<StoredSeatCallback>();
      return found === null ? undefined : toCallback(found);
    },
    async one(id) {
      const found = await callbacks.findById(id).lean<StoredSeatCallback>();
      return found === null ? undefined : toCallback(found);
    },
    async openOf(callId) {
      const found = await callbacks.findOne({ state: 'open', $or: [{ callId }, { 'also.callId': callId }] }).lean<StoredSeatCallback>();
      return found === null ? undefined : toCallback(found);
    },
    async ofCall(callId) {
      const found = await callbacks
        .find({ $or: [{ callId }, { 'also.callId': callId }] })
        .sort({ dueAt: 1 })
        .lean<StoredSeatCallback[]>();
      return found.map(toCallback);
    },
    async openFor(agentId, queues) {
      const theirs = { $or: [{ agentId }, { agentId: { $exists: false }, queueId: { $in: [...queues] } }] };
      return (
        await callbacks
          .find({ state: 'open', ...theirs })
          .sort({ dueAt: 1 })
          .limit(100)
          .lean<StoredSeatCallback[]>()
      ).map(toCallback);
    },
    async open({ queues, limit }) {
      const within = queues === undefined ? {} : { $or: ['queueId', 'also.queueId'].map((field) => ({ [field]: { $in: [...queues] } })) };
      return (
        await callbacks
          .find({ state: 'open', ...within })
          .sort({ dueAt: 1 })
          .limit(limit)
          .lean<StoredSeatCallback[]>()
      ).map(toCallback);
    },
    async assign(id, agentId) {
      const { matchedCount } =
        agentId === undefined
          ? await callbacks.updateOne({ _id: id, state: 'open', queueId: { $exists: true } }, { $unset: { agentId: '' } })
          : await callbacks.updateOne({ _id: id, state: 'open' }, { $set: { agentId } });
      return matchedCount === 1;
    },
    async tried(id, tried) {
      const mayTake = { $or: [{ agentId: tried.by }, { agentId: { $exists: false } }] };
      const { modifiedCount } = await callbacks.updateOne(
        { _id: id, state: 'open', ...mayTake },
        { $set: { agentId: tried.by }, $push: { tries: tried } },
      );
      return modifiedCount === 1;
    },
    async close(id, state) {
      return (await callbacks.updateOne({ _id: id, state: 'open' }, { $set: { state } })).modifiedCount === 1;
    },
  };
}

export function createMongoQuality(mongo: Connection): QualityStore {
  const samples = mongo.model<StoredSample>('QualitySample', sampleSchema);
  return {
    async add({ id, ...rest }) {
      await samples.updateOne({ _id: id }, { $setOnInsert: rest }, { upsert: true });
    },
    ofCall: async (callId) =>
      (await samples.find({ callId }).sort({ at: 1 }).limit(5_000).lean<StoredSample[]>()).map(({ _id, ...rest }) => ({
        id: _id,
        ...rest,
      })),
  };
}

export function createMongoFavourites(mongo: Connection): FavouriteStore {
  const rows = mongo.model<StoredFavourites>('Favourites', favouriteSchema);
  const of = async (userId: UserId): Promise<readonly string[]> => (await rows.findById(userId).lean<StoredFavourites>())?.favourites ?? [];
  return {
    of,
    async mark(userId, favourite, most) {
      await rows.updateOne({ _id: userId }, { $setOnInsert: { favourites: [] } }, { upsert: true });
      // Two pages may mark at the same time, so the condition and the change are one write.
      await rows.updateOne(
        { _id: userId, favourites: { $ne: favourite }, [`favourites.${most - 1}`]: { $exists: false } },
        { $push: { favourites: favourite } },
      );
      const marked = await of(userId);
      return marked.includes(favourite) ? marked : undefined;
    },
    async unmark(userId, favourite) {
      await rows.updateOne({ _id: userId }, { $pull: { favourites: favourite } });
      return of(userId);
    },
  };
}
