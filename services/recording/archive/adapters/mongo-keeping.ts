import { Schema, type Connection } from 'mongoose';
import type { DeletionRecord, DeletionStore, LockProbe, LockProbes, RetentionSettings } from '../ports.js';
import { defaultRetention, type RetentionDays } from '../retention.js';

type StoredDeletion = Omit<DeletionRecord, 'callId'> & { readonly _id: string };
type StoredProbe = Omit<LockProbe, 'at'> & { readonly _id: string };
interface StoredSettings {
  readonly _id: string;
  readonly days: RetentionDays;
}

const deletionSchema = new Schema<StoredDeletion>(
  { _id: { type: String, required: true }, at: { type: String, required: true } },
  { collection: 'recording_deletions', versionKey: false, strict: false },
).index({ at: -1 });
const probeSchema = new Schema<StoredProbe>(
  { _id: { type: String, required: true }, lock: Boolean, remove: String, shorten: String, intact: Boolean },
  { collection: 'lock_probes', versionKey: false, suppressReservedKeysWarning: true },
);
const settingsSchema = new Schema<StoredSettings>(
  { _id: { type: String, required: true }, days: { type: Schema.Types.Mixed, required: true } },
  { collection: 'recording_settings', versionKey: false },
);

export function createMongoDeletions(mongo: Connection): DeletionStore {
  const deletions = mongo.model<StoredDeletion>('RecordingDeletion', deletionSchema);
  return {
    async add({ callId, ...deletion }) {
      await deletions.updateOne({ _id: callId }, { $setOnInsert: deletion }, { upsert: true });
    },
    async find(callId) {
      const found = await deletions.findById(callId).lean<StoredDeletion>();
      if (found === null) return undefined;
      const { _id, ...rest } = found;
      return { callId: _id, ...rest };
    },
    async list({ from, to, limit }) {
      const bounds = {
        ...(from === undefined ? {} : { $gte: from.toISOString() }),
        ...(to === undefined ? {} : { $lt: to.toISOString() }),
      };
      const found = await deletions
        .find(Object.keys(bounds).length === 0 ? {} : { at: bounds })
        .sort({ at: -1 })
        .limit(limit)
        .lean<StoredDeletion[]>();
      return found.map(({ _id, ...rest }) => ({ callId: _id, ...rest }));
    },
  };
}

export function createMongoLockProbes(mongo: Connection): LockProbes {
  const probes = mongo.model<StoredProbe>('LockProbe', probeSchema);
  return {
    async add({ at, ...probe }) {
      await probes.updateOne({ _id: at }, { $setOnInsert: probe }, { upsert: true });
    },
    async newest(limit) {
      const found = await probes.find().sort({ _id: -1 }).limit(limit).lean<StoredProbe[]>();
      return found.map(({ _id, ...rest }) => ({ at: _id, ...rest }));
    },
  };
}

export function createMongoRetention(mongo: Connection): RetentionSettings {
  const settings = mongo.model<StoredSettings>('RecordingSettings', settingsSchema);
  return {
    async get() {
      return { ...defaultRetention, ...(await settings.findById('retention').lean<StoredSettings>())?.days };
    },
    async set(days) {
      await settings.replaceOne({ _id: 'retention' }, { days }, { upsert: true });
    },
  };
}
