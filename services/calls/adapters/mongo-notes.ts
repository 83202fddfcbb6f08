import { Schema, type Connection } from 'mongoose';
import type { CallId, UserId } from '../../shared/domain/ids.js';

const NOTES = 'call_notes';

/** A note on a call. It is kept as long as the record of the call. */
export interface Note {
  readonly callId: CallId;
  /** Unique within the call. */
  readonly noteId: string;
  readonly at: Date;
  readonly by: { readonly userId: UserId; readonly name: string };
  readonly text: string;
}
type StoredNote = Note & { readonly _id: string };

const schema = new Schema<StoredNote>(
  { _id: { type: String, required: true } },
  { collection: NOTES, versionKey: false, strict: false },
).index({
  callId: 1,
  at: 1,
});

const idOf = ({ callId, noteId }: Pick<Note, 'callId' | 'noteId'>): string => `${callId}/${noteId}`;

const toNote = ({ _id: _whole, ...note }: StoredNote): Note => note;

const ASKED_AT_ONCE = 1_000;

const inParts = (ids: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(ids.length / ASKED_AT_ONCE) }, (_each, part) =>
    ids.slice(part * ASKED_AT_ONCE, (part + 1) * ASKED_AT_ONCE),
  );

export function createMongoNotes(mongo: Connection) {
  if (mongo.models['CallNote'] === undefined) mongo.model('CallNote', schema);
  const rows = mongo.collection<StoredNote>(NOTES);
  return {
    /** A note that arrives twice is stored once: the first one stays. */
    async put(note: Note): Promise<void> {
      await rows.updateOne({ _id: idOf(note) }, { $setOnInsert: note }, { upsert: true });
    },
    isThere: async (of: Pick<Note, 'callId' | 'noteId'>): Promise<boolean> => (await rows.findOne({ _id: idOf(of) })) !== null,
    count: async (callId: CallId): Promise<number> => rows.countDocuments({ callId }),
    /** Oldest first. */
    of: async (callId: CallId): Promise<Note[]> => (await rows.find({ callId }).sort({ at: 1, _id: 1 }).toArray()).map(toNote),
    /** The notes on many calls, by call, oldest first; calls without a note are left out. */
    async ofCalls(callIds: readonly CallId[]): Promise<ReadonlyMap<string, readonly Note[]>> {
      const found = new Map<string, Note[]>();
      for (const some of inParts(callIds))
        for (const row of await rows
          .find({ callId: { $in: some } })
          .sort({ at: 1, _id: 1 })
          .toArray())
          found.set(row.callId, [...(found.get(row.callId) ?? []), toNote(row)]);
      return found;
    },
    async remove(callIds: readonly CallId[]): Promise<void> {
      for (const some of inParts(callIds)) await rows.deleteMany({ callId: { $in: some } });
    },
  };
}

export type NoteStore = ReturnType<typeof createMongoNotes>;

/** Removes the notes on calls; the records of the calls stay. */
export const createCallNotesErasure = (mongo: Connection): ((callIds: readonly CallId[]) => Promise<void>) =>
  createMongoNotes(mongo).remove;
