import { Schema, type Connection } from 'mongoose';
import { CallCentreError } from '../../shared/domain/failure.js';
import type { Change, EntryStore, ImportBatch, ImportStore } from '../ports.js';
import type { Entry } from '../register.js';

export type StoredEntry = Entry & { readonly _id: string };
type StoredChange = Change & { readonly _id: string };
type StoredImport = Omit<ImportBatch, 'importId'> & { readonly _id: string; readonly appliedAt?: Date };

export const REGISTER_ENTRIES = 'registry_entries';

const entrySchema = new Schema<StoredEntry>(
  {
    _id: { type: String, required: true },
    register: { type: String, required: true },
    key: { type: String, required: true },
    values: { type: Schema.Types.Mixed, required: true },
    revision: { type: Number, required: true },
    updatedAt: { type: Date, required: true },
    updatedBy: { type: String, required: true },
    approval: { type: { by: String, at: Date, revision: Number }, _id: false, default: undefined },
  },
  { collection: REGISTER_ENTRIES, versionKey: false, minimize: false },
).index({ register: 1, key: 1 });

const changeSchema = new Schema<StoredChange>(
  {
    _id: { type: String, required: true },
    register: String,
    key: String,
    values: Schema.Types.Mixed,
    revision: Number,
    updatedAt: Date,
    updatedBy: String,
  },
  { collection: 'registry_changes', versionKey: false },
).index({ register: 1, key: 1, revision: -1 });

const importSchema = new Schema<StoredImport>(
  { _id: { type: String, required: true }, register: String, at: Date, by: String, rows: [Schema.Types.Mixed], appliedAt: Date },
  { collection: 'registry_imports', versionKey: false },
).index({ appliedAt: 1 });

const idOf = (register: string, key: string): string => `${register}/${key}`;
const toEntry = ({ _id, ...rest }: StoredEntry): Entry => rest;
const duplicate = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 11000;

export function createMongoEntries(mongo: Connection): EntryStore {
  const entries = mongo.model<StoredEntry>('RegistryEntry', entrySchema);
  const changes = mongo.model<StoredChange>('RegistryChange', changeSchema);

  const keep = async (change: Change): Promise<void> => {
    try {
      await changes.create({ _id: `${idOf(change.register, change.key)}#${change.revision}`, ...change });
    } catch (error) {
      if (!duplicate(error)) throw error;
    }
  };
  const stale = (cause?: unknown): CallCentreError =>
    new CallCentreError('wrong-state', 'Somebody else has changed this row meanwhile. Please load it again.', { cause });

  return {
    all: async (register) => (await entries.find({ register }).sort({ key: 1 }).lean<StoredEntry[]>()).map(toEntry),
    async one(register, key) {
      const found = await entries.findOne({ _id: idOf(register, key) }).lean<StoredEntry>();
      return found === null ? undefined : toEntry(found);
    },
    async put(entry, expected) {
      const _id = idOf(entry.register, entry.key);
      if (expected === 0) {
        try {
          await entries.create({ _id, ...entry });
        } catch (error) {
          if (duplicate(error)) throw stale(error);
          throw error;
        }
      } else {
        const { matchedCount } = await entries.updateOne({ _id, revision: expected }, { $set: { ...entry } });
        if (matchedCount === 0) throw stale();
      }
      await keep(entry);
    },
    async approve(register, key, approval) {
      const { by, revision } = approval;
      // Of two approvals at once the first counts, and names the approver.
      const written = { _id: idOf(register, key), revision, updatedBy: { $ne: by }, 'approval.revision': { $ne: revision } };
      return (await entries.updateOne(written, { $set: { approval } })).matchedCount === 1;
    },
    async remove(register, key, by, at) {
      const found = await entries.findOneAndDelete({ _id: idOf(register, key) }).lean<StoredEntry>();
      if (found !== null) await keep({ register, key, revision: found.revision + 1, updatedAt: at, updatedBy: by });
    },
    history: async (register, key) =>
      (await changes.find({ register, key }).sort({ updatedAt: -1 }).limit(200).lean<StoredChange[]>()).map(({ _id, ...change }) => change),
  };
}

export function createMongoImports(mongo: Connection): ImportStore {
  const imports = mongo.model<StoredImport>('RegistryImport', importSchema);
  return {
    async stage({ importId, ...rest }) {
      await imports.create({ _id: importId, ...rest });
    },
    async applied(importId, at) {
      // The rows are now in the register and its history, and are no longer needed here.
      await imports.updateOne({ _id: importId }, { $set: { appliedAt: at, rows: [] } });
    },
    unfinished: async () =>
      (await imports.find({ appliedAt: { $exists: false } }).lean<StoredImport[]>()).map(({ _id, ...rest }) => ({
        importId: _id,
        ...rest,
      })),
  };
}
