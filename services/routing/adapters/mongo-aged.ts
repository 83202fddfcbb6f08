import type { Model } from 'mongoose';
import type { Aged } from '../ports.js';

/** Removes rows of these collections by their `at`, in small lots: one long deletion would block the store. */
export function createMongoAged(models: readonly Pick<Model<{ _id: string; at: Date }>, 'find' | 'deleteMany'>[]): Aged {
  return {
    async removeBefore(at, atMost) {
      let removed = 0;
      for (const model of models) {
        const old = await model
          .find({ at: { $lt: at } }, { _id: 1 })
          .sort({ at: 1 })
          .limit(atMost)
          .lean<{ _id: string }[]>();
        if (old.length === 0) continue;
        removed += (await model.deleteMany({ _id: { $in: old.map(({ _id }) => _id) } })).deletedCount;
      }
      return removed;
    },
  };
}
