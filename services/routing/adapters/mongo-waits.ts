import { Schema, type Connection } from 'mongoose';
import type { Logger } from '../../shared/platform/logger.js';
import { LISTED } from '../matcher.js';
import type { WaitStore } from '../ports.js';
import type { WaitEntry } from '../wait-log.js';

type StoredEntry = Omit<WaitEntry, 'entryId'> & { readonly _id: string };

const fields = {
  _id: { type: String, required: true },
  callId: { type: String, required: true },
  queueId: String,
  at: { type: Date, required: true },
  waitedMs: Number,
} as const;
// The rest is written as it is: its shape is that of WaitEntry.
const decisionSchema = new Schema<StoredEntry>(fields, { collection: 'routing_decisions', versionKey: false, strict: false })
  .index({ callId: 1, at: 1 })
  .index({ at: 1 });
const waitSchema = new Schema<StoredEntry>(fields, { collection: 'routing_waits', versionKey: false, strict: false })
  .index({ callId: 1, at: 1 })
  .index({ what: 1, at: 1 });

const WRITE_EVERY_MS = 250;
/** While the document store is away; what comes on top is dropped, and said. */
const KEPT = 20_000;
/** A look at a waiting call names so many agents; its counts are of all. */
const LISTED_IN_A_LOOK = 40;

/** Entries are written together, a quarter of a second behind. */
export function createMongoWaits(mongo: Connection, log: Logger): WaitStore {
  const decisions = mongo.model<StoredEntry>('RoutingDecision', decisionSchema);
  const waits = mongo.model<StoredEntry>('RoutingWait', waitSchema);
  let pending: StoredEntry[] = [];
  let timer: NodeJS.Timeout | undefined;

  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const batch = pending;
    pending = [];
    if (batch.length === 0) return;
    try {
      for (const [model, rows] of [
        [decisions, batch.filter(({ what }) => what === 'offered')],
        [waits, batch.filter(({ what }) => what !== 'offered')],
      ] as const)
        if (rows.length > 0) await model.collection.insertMany(rows as never, { ordered: false });
    } catch (error) {
      // A duplicate is a row that was written before the failure.
      if (isDuplicate(error)) return;
      log.error({ err: error, entries: batch.length }, 'reasons of waits could not be stored, tried again');
      pending = [...batch, ...pending].slice(-KEPT);
      schedule(WRITE_EVERY_MS * 8);
    }
  }

  const schedule = (ms: number): void => {
    timer ??= setTimeout(() => void flush(), ms);
  };

  return {
    add({ entryId, considered, what, ...rest }) {
      const listed = considered?.slice(0, what === 'offered' ? LISTED : LISTED_IN_A_LOOK);
      pending.push({ _id: entryId, what, ...rest, ...(listed === undefined ? {} : { considered: listed }) });
      schedule(WRITE_EVERY_MS);
    },
    async ofCall(callId) {
      const found = await Promise.all(
        [decisions, waits].map((model) => model.find({ callId }).sort({ at: 1 }).limit(400).lean<StoredEntry[]>()),
      );
      return found
        .flat()
        .map(({ _id, ...rest }) => ({ entryId: _id, ...rest }))
        .sort((a, b) => a.at.getTime() - b.at.getTime());
    },
    flush,
  };
}

const isDuplicate = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 11_000;
