import type { Connection } from 'mongoose';
import type { ObjectClient } from '../../../shared/platform/stores/objects.js';
import type { Filing } from '../../checks/filing.js';
import type { FilingStore, Job, JobStore, PackRecord, PackStore, StateStore } from '../../ports.js';

type Stored<T> = T & { readonly _id: string };
const without = <T extends object>({ _id: _, ...rest }: Stored<T>): Omit<Stored<T>, '_id'> => rest;

export function createStates(mongo: Connection): StateStore {
  const states = mongo.collection<Stored<{ at: Date; value: object }>>('evidence_state');
  return {
    async save(name, value, at) {
      await states.replaceOne({ _id: name }, { at, value }, { upsert: true });
    },
    async read(name) {
      const found = await states.findOne({ _id: name });
      return found === null ? undefined : without(found);
    },
  };
}

/** Keys contain dots and slashes, so the lines are stored as pairs. */
type StoredFiling = Stored<Omit<Filing, 'filingId' | 'state'> & { readonly lines: [string, string][] }>;

export function createFilings(mongo: Connection): FilingStore {
  const filings = mongo.collection<StoredFiling>('evidence_filings');
  const seen = mongo.collection<Stored<{ lines: [string, string][] }>>('evidence_differences');
  return {
    async add({ filingId, state, ...rest }) {
      await filings.insertOne({ _id: filingId, ...rest, lines: Object.entries(state) });
      await seen.deleteOne({ _id: 'first-seen' });
    },
    async latest() {
      const [found] = await filings.find().sort({ _id: -1 }).limit(1).toArray();
      if (found === undefined) return undefined;
      const { _id, lines, ...rest } = found;
      return { filingId: _id, ...rest, state: Object.fromEntries(lines) };
    },
    async all() {
      const found = await filings
        .find({}, { projection: { lines: 0 } })
        .sort({ _id: -1 })
        .toArray();
      return found.map(({ _id, ...rest }) => ({ filingId: _id, ...rest }));
    },
    async firstSeen() {
      const found = await seen.findOne({ _id: 'first-seen' });
      return Object.fromEntries(found?.lines ?? []);
    },
    async rememberSeen(firstSeen) {
      await seen.replaceOne({ _id: 'first-seen' }, { lines: Object.entries(firstSeen) }, { upsert: true });
    },
  };
}

type StoredPack = Stored<Omit<PackRecord, 'packId'>>;

/** `uploader`: sends archives of any size in small parts. */
export function createPacks(mongo: Connection, objects: ObjectClient, bucket: string, uploader = objects): PackStore {
  const packs = mongo.collection<StoredPack>('evidence_packs');
  const toPack = ({ _id, ...rest }: StoredPack): PackRecord => ({ packId: _id, ...rest });
  const keyOf = (pack: PackRecord): string => `evidence/${pack.fileName}`;
  return {
    async last() {
      const [found] = await packs.find().sort({ number: -1 }).limit(1).toArray();
      return found === undefined ? undefined : toPack(found);
    },
    async history() {
      const fields = { number: 1, kind: 1, manifestSha256: 1 };
      const found = await packs.find({}, { projection: fields }).sort({ number: 1 }).toArray();
      return found.map(({ _id, number, kind, manifestSha256 }) => ({ number, packId: _id, kind, sha256: manifestSha256 }));
    },
    all: async () => (await packs.find().sort({ number: -1 }).limit(500).toArray()).map(toPack),
    async one(packId) {
      const found = await packs.findOne({ _id: packId });
      return found === null ? undefined : toPack(found);
    },
    async add({ packId, ...rest }) {
      await packs.insertOne({ _id: packId, ...rest });
    },
    async upload(pack, path) {
      await uploader.fPutObject(bucket, keyOf(pack), path, { 'Content-Type': 'application/zip' });
    },
    read: async (pack) => objects.getObject(bucket, keyOf(pack)),
    async file(packId, filed) {
      // Only once: a filing is neither replaced nor given another date.
      const { modifiedCount } = await packs.updateOne({ _id: packId, filed: { $exists: false } }, { $set: { filed } });
      return modifiedCount === 1;
    },
    async filedFor(year) {
      const [found] = await packs
        .find({ 'annual.year': year, filed: { $exists: true } })
        .sort({ number: -1 })
        .limit(1)
        .toArray();
      return found === undefined ? undefined : toPack(found);
    },
    async filedYears() {
      const found = await packs.find({ filed: { $exists: true } }, { projection: { 'annual.year': 1 } }).toArray();
      return found.flatMap((pack) => (pack as { annual?: { year?: number } }).annual?.year ?? []);
    },
  };
}

type StoredJob = Stored<Omit<Job, 'jobId'>>;

export function createJobs(mongo: Connection): JobStore {
  const jobs = mongo.collection<StoredJob>('evidence_jobs');
  const toJob = ({ _id, ...rest }: StoredJob): Job => ({ jobId: _id, ...rest });
  return {
    async put({ jobId, ...rest }) {
      // A job that another process has given up as interrupted stays so: no running job matches, and the insert fails on the id.
      await jobs.replaceOne({ _id: jobId, state: 'running' }, rest, { upsert: true });
    },
    async one(jobId) {
      const found = await jobs.findOne({ _id: jobId });
      return found === null ? undefined : toJob(found);
    },
    recent: async () => (await jobs.find().sort({ startedAt: -1 }).limit(20).toArray()).map(toJob),
    async failRunning(reason) {
      await jobs.updateMany({ state: 'running' }, { $set: { state: 'failed', reason } });
    },
  };
}
