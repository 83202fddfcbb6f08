import { Schema, type Connection } from 'mongoose';
import type { ObjectClient } from '../../shared/platform/objects.js';
import type { Filing } from '../checks/filing.js';
import type { FilingStore, Job, JobStore, PackRecord, PackStore, SnapshotStore, StateStore } from '../ports.js';
import type { ProbeRow } from '../probes/probe.js';

const loose = (collection: string): Schema =>
  new Schema({ _id: { type: String, required: true } }, { collection, versionKey: false, strict: false, minimize: false });

/** One schema each: a connection that several roles share takes the same one twice, but no second one. */
const schemas = {
  EvidenceSnapshot: loose('evidence_snapshots'),
  EvidenceState: loose('evidence_state'),
  EvidenceFiling: loose('evidence_filings'),
  EvidenceSeen: loose('evidence_differences'),
  EvidencePack: loose('evidence_packs'),
  EvidenceJob: loose('evidence_jobs'),
} as const;
const collectionOf = (mongo: Connection, name: keyof typeof schemas) => mongo.model(name, schemas[name]).collection;

type Kept<T> = T & { readonly _id: string };
const without = <T extends object>({ _id: _, ...rest }: Kept<T>): T => rest as unknown as T;

/** The newest round of the probes, and the first of each day for ever. */
export function createSnapshots(mongo: Connection): SnapshotStore {
  const snapshots = collectionOf(mongo, 'EvidenceSnapshot');
  return {
    async save(rows, at) {
      await snapshots.replaceOne({ _id: 'latest' as never }, { at, rows }, { upsert: true });
      await snapshots.updateOne({ _id: at.toISOString().slice(0, 10) as never }, { $setOnInsert: { at, rows } }, { upsert: true });
    },
    async latest() {
      const found = (await snapshots.findOne({ _id: 'latest' as never })) as unknown as Kept<{ at: Date; rows: ProbeRow[] }> | null;
      return found === null ? undefined : without(found);
    },
  };
}

export function createStates(mongo: Connection): StateStore {
  const states = collectionOf(mongo, 'EvidenceState');
  return {
    async save(name, value, at) {
      await states.replaceOne({ _id: name as never }, { at, value }, { upsert: true });
    },
    async read(name) {
      const found = (await states.findOne({ _id: name as never })) as unknown as Kept<{ at: Date; value: object }> | null;
      return found === null ? undefined : without(found);
    },
  };
}

export function createFilings(mongo: Connection): FilingStore {
  const filings = collectionOf(mongo, 'EvidenceFiling');
  const seen = collectionOf(mongo, 'EvidenceSeen');
  // Keys hold dots and slashes, so the lines are kept as pairs.
  type Stored = Omit<Filing, 'filingId' | 'state'> & { readonly lines: [string, string][] };
  return {
    async add({ filingId, state, ...rest }) {
      await filings.insertOne({ _id: filingId as never, ...rest, lines: Object.entries(state) });
      await seen.deleteOne({ _id: 'first-seen' as never });
    },
    async latest() {
      const [found] = (await filings.find().sort({ _id: -1 }).limit(1).toArray()) as unknown as Kept<Stored>[];
      if (found === undefined) return undefined;
      const { _id, lines, ...rest } = found;
      return { filingId: _id, ...rest, state: Object.fromEntries(lines) };
    },
    async all() {
      const found = (await filings
        .find({}, { projection: { lines: 0 } })
        .sort({ _id: -1 })
        .toArray()) as unknown as Kept<Omit<Stored, 'lines'>>[];
      return found.map(({ _id, ...rest }) => ({ filingId: _id, ...rest }));
    },
    async firstSeen() {
      const found = (await seen.findOne({ _id: 'first-seen' as never })) as unknown as { lines: [string, string][] } | null;
      return Object.fromEntries(found?.lines ?? []);
    },
    async rememberSeen(firstSeen) {
      await seen.replaceOne({ _id: 'first-seen' as never }, { lines: Object.entries(firstSeen) }, { upsert: true });
    },
  };
}

export function createPacks(mongo: Connection, objects: ObjectClient, bucket: string): PackStore {
  const packs = collectionOf(mongo, 'EvidencePack');
  type Stored = Omit<PackRecord, 'packId'>;
  const toPack = ({ _id, ...rest }: Kept<Stored>): PackRecord => ({ packId: _id, ...rest });
  const keyOf = (pack: PackRecord): string => `evidence/${pack.fileName}`;
  return {
    async last() {
      const [found] = (await packs.find().sort({ number: -1 }).limit(1).toArray()) as unknown as Kept<Stored>[];
      return found === undefined ? undefined : toPack(found);
    },
    all: async () => ((await packs.find().sort({ number: -1 }).limit(500).toArray()) as unknown as Kept<Stored>[]).map(toPack),
    async one(packId) {
      const found = (await packs.findOne({ _id: packId as never })) as unknown as Kept<Stored> | null;
      return found === null ? undefined : toPack(found);
    },
    async add({ packId, ...rest }) {
      await packs.insertOne({ _id: packId as never, ...rest });
    },
    async upload(pack, path) {
      await objects.fPutObject(bucket, keyOf(pack), path, { 'Content-Type': 'application/zip' });
    },
    read: async (pack) => objects.getObject(bucket, keyOf(pack)),
    async file(packId, filed) {
      // Once: what was filed is neither replaced nor dated anew.
      const { modifiedCount } = await packs.updateOne({ _id: packId as never, filed: { $exists: false } }, { $set: { filed } });
      return modifiedCount === 1;
    },
    async filedFor(year) {
      const [found] = (await packs
        .find({ 'annual.year': year, filed: { $exists: true } })
        .sort({ number: -1 })
        .limit(1)
        .toArray()) as unknown as Kept<Stored>[];
      return found === undefined ? undefined : toPack(found);
    },
    async filedYears() {
      const found = await packs.find({ filed: { $exists: true } }, { projection: { 'annual.year': 1 } }).toArray();
      return found.flatMap((pack) => (pack as { annual?: { year?: number } }).annual?.year ?? []);
    },
  };
}

export function createJobs(mongo: Connection): JobStore {
  const jobs = collectionOf(mongo, 'EvidenceJob');
  type Stored = Omit<Job, 'jobId'>;
  const toJob = ({ _id, ...rest }: Kept<Stored>): Job => ({ jobId: _id, ...rest });
  return {
    async put({ jobId, ...rest }) {
      await jobs.replaceOne({ _id: jobId as never }, rest, { upsert: true });
    },
    async one(jobId) {
      const found = (await jobs.findOne({ _id: jobId as never })) as unknown as Kept<Stored> | null;
      return found === null ? undefined : toJob(found);
    },
    recent: async () => ((await jobs.find().sort({ startedAt: -1 }).limit(20).toArray()) as unknown as Kept<Stored>[]).map(toJob),
    async failRunning(reason) {
      await jobs.updateMany({ state: 'running' }, { $set: { state: 'failed', reason } });
    },
  };
}
