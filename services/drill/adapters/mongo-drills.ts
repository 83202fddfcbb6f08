import type { Connection } from 'mongoose';
import type { Drill } from '../drill.js';

type StoredDrill = Omit<Drill, 'drillId'> & { readonly _id: string };

const DUPLICATE_KEY = 11_000;
const NEWEST = 20;

/** Drills. None is ever removed, so that nobody can repeat the draw until it suits them. */
export interface DrillStore {
  /** Newest first, at most 20. */
  newest(): Promise<Drill[]>;
  one(drillId: string): Promise<Drill | undefined>;
  /** False when another drill already has the number. */
  add(drill: Drill): Promise<boolean>;
  /** Replaces the previous revision; false when somebody else was faster. */
  replace(drill: Drill): Promise<boolean>;
  /** The number of drills that began on a day, by the prefix of their ids. */
  countOf(prefix: string): Promise<number>;
}

export function createMongoDrills(mongo: Connection): DrillStore {
  const drills = mongo.collection<StoredDrill>('evidence_drills');
  const toDrill = ({ _id, ...rest }: StoredDrill): Drill => ({ drillId: _id, ...rest });
  return {
    newest: async () => (await drills.find().sort({ startedAt: -1 }).limit(NEWEST).toArray()).map(toDrill),
    async one(drillId) {
      const found = await drills.findOne({ _id: drillId });
      return found === null ? undefined : toDrill(found);
    },
    async add({ drillId, ...rest }) {
      try {
        await drills.insertOne({ _id: drillId, ...rest });
        return true;
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === DUPLICATE_KEY) return false;
        throw error;
      }
    },
    async replace({ drillId, ...rest }) {
      return (await drills.replaceOne({ _id: drillId, revision: rest.revision - 1 }, rest)).matchedCount === 1;
    },
    countOf: (prefix) => drills.countDocuments({ _id: { $regex: `^${prefix}` } }),
  };
}
