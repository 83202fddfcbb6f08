import type { Connection } from 'mongoose';
import { z } from 'zod';
import { backupParts } from '../backup.js';
import type { BackupRuns } from '../ports.js';

const NIGHTLY = 'nightly';

const Stored = z.object({
  since: z.date().optional(),
  last: z
    .object({
      name: z.string(),
      asOf: z.date(),
      finishedAt: z.date(),
      bytes: z.number(),
      files: z.number(),
      linked: z.number(),
      damaged: z.number(),
      seconds: z.number(),
      elsewhere: z.array(z.enum(backupParts)).optional(),
    })
    .optional(),
  failed: z.object({ at: z.date(), reason: z.object({ en: z.string(), zh: z.string() }) }).optional(),
});

/** One row: since when nightly backups are made, the last good one and the last that failed. */
export function createMongoBackupRuns(mongo: Connection): BackupRuns {
  const runs = mongo.collection<{ _id: string; [field: string]: unknown }>('backup_runs');
  const set = async (fields: Readonly<Record<string, unknown>>): Promise<void> => {
    await runs.updateOne({ _id: NIGHTLY }, { $set: fields }, { upsert: true });
  };
  return {
    read: async () => Stored.parse((await runs.findOne({ _id: NIGHTLY })) ?? {}),
    async switchedOn(at) {
      await runs.updateOne({ _id: NIGHTLY }, { $setOnInsert: { since: at } }, { upsert: true });
    },
    good: (last) => set({ last }),
    failed: (failed) => set({ failed }),
  };
}
