import type { Connection } from 'mongoose';
import type { ProbeRow } from '../../shared/domain/licence/probe-row.js';
import type { SnapshotStore } from '../ports.js';

/** The newest round of the probes, and the first round of each day for ever. */
export function createSnapshots(mongo: Connection): SnapshotStore {
  const snapshots = mongo.collection<{ readonly _id: string; at: Date; rows: readonly ProbeRow[] }>('evidence_snapshots');
  return {
    async save(rows, at) {
      await snapshots.replaceOne({ _id: 'latest' }, { at, rows }, { upsert: true });
      await snapshots.updateOne({ _id: at.toISOString().slice(0, 10) }, { $setOnInsert: { at, rows } }, { upsert: true });
    },
    async latest() {
      const found = await snapshots.findOne({ _id: 'latest' });
      return found === null ? undefined : { at: found.at, rows: found.rows };
    },
  };
}
