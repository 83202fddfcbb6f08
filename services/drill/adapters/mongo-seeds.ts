import type { Connection } from 'mongoose';
import type { NamedSeed } from '../../shared/domain/licence/seed.js';

/** Seeds that inspectors named. None is removed or changed. */
export interface SeedStore {
  add(seed: NamedSeed): Promise<void>;
  newest(): Promise<NamedSeed | undefined>;
}

export function createMongoSeeds(mongo: Connection, newId: () => string): SeedStore {
  const seeds = mongo.collection<NamedSeed & { readonly _id: string }>('evidence_seeds');
  return {
    async add(seed) {
      await seeds.insertOne({ _id: newId(), ...seed });
    },
    async newest() {
      const found = await seeds.findOne({}, { sort: { at: -1, _id: -1 } });
      if (found === null) return undefined;
      const { _id, ...seed } = found;
      return seed;
    },
  };
}
