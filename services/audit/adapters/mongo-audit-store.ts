import { mongo as driver, Schema, type Connection } from 'mongoose';
import { z } from 'zod';
import type { AuditRow, Link } from '../chain.js';
import type { AuditSearch, AuditStore } from '../ports.js';
import { batchIn, linksOf } from './stored-links.js';

type Stored = Omit<AuditRow, 'number'> & { readonly _id: number };

const COLLECTION = 'audit';
const schema = new Schema<Stored>(
  {
    _id: { type: Number, required: true },
    at: { type: String, required: true },
    who: { type: String, required: true },
    what: { type: String, required: true },
    object: String,
    from: String,
    success: { type: Boolean, required: true },
    reason: String,
    before: String,
    after: String,
    previous: { type: String, required: true },
    hash: { type: String, required: true },
  },
  { collection: COLLECTION, versionKey: false },
)
  .index({ who: 1, _id: -1 })
  .index({ what: 1, _id: -1 })
  .index({ object: 1, _id: -1 })
  .index({ at: 1 });

const DUPLICATE_KEY = 11000;
/** A row is about half a kilobyte, so a batch stays well below the largest reply of a store. */
const BATCH_ROWS = 8_000;
/** The embedded store reads two ranges at once. */
const READ_AHEAD = 3;

const toRow = ({ _id, ...rest }: Stored): AuditRow => ({ number: _id, ...rest });

const RawAnswer = z.object({ cursor: z.instanceof(Uint8Array) });

/**
 * All rows of a range of numbers. A store may return fewer rows than requested in one answer, so the rest is requested until nothing comes.
 */
async function readRange(mongo: Connection, first: number, below: number): Promise<Link[]> {
  const links: Link[] = [];
  for (let from = first; from < below;) {
    const command = {
      find: COLLECTION,
      filter: { _id: { $gte: from, $lt: below } },
      sort: { _id: 1 },
      batchSize: below - from,
      singleBatch: true,
    };
    const batch = linksOf(batchIn(RawAnswer.parse(await mongo.db?.command(command, { raw: true })).cursor));
    links.push(...batch);
    const last = batch.at(-1);
    if (last === undefined) break;
    from = last.number + 1;
  }
  return links;
}

export function createMongoAuditStore(mongo: Connection): AuditStore {
  const rows = mongo.model<Stored>('AuditRow', schema);
  // Rows are checked where they are made, so the many thousands read here need no second check.
  const bare = mongo.collection<Stored>(COLLECTION);
  return {
    async newest() {
      const newest = await rows.findOne().sort({ _id: -1 }).lean<Stored>();
      return newest === null ? undefined : toRow(newest);
    },
    async append(batch) {
      try {
        await bare.insertMany(
          batch.map(({ number, ...rest }) => ({ _id: number, ...rest })),
          { ordered: true },
        );
        return batch.length;
      } catch (error) {
        // In order: the rows before the taken number were written.
        if (error instanceof driver.MongoBulkWriteError && error.code === DUPLICATE_KEY) return error.insertedCount;
        throw error;
      }
    },
    async has({ object, who, what, from, success, reason, before, after }) {
      const orLacking = (value: string | undefined) => value ?? { $exists: false };
      const content = {
        who,
        what,
        success,
        object: orLacking(object),
        from: orLacking(from),
        reason: orLacking(reason),
        before: orLacking(before),
        after: orLacking(after),
      };
      return (await rows.exists(content)) !== null;
    },
    async search({ who, what, object, from, to, before, limit }: AuditSearch) {
      const found = await rows
        .find({
          ...(who === undefined ? {} : { who }),
          ...(what === undefined ? {} : { what }),
          ...(object === undefined ? {} : { object }),
          ...(from === undefined && to === undefined
            ? {}
            : {
                at: { ...(from === undefined ? {} : { $gte: from.toISOString() }), ...(to === undefined ? {} : { $lt: to.toISOString() }) },
              }),
          ...(before === undefined ? {} : { _id: { $lt: before } }),
        })
        .sort({ _id: -1 })
        .limit(limit)
        .lean<Stored[]>();
      return found.map(toRow);
    },
    async oldest() {
      const oldest = await rows.findOne().sort({ _id: 1 }).lean<Stored>();
      return oldest === null ? undefined : toRow(oldest);
    },
    async *links(from) {
      const first = Math.max(from, (await this.oldest())?.number ?? from);
      const last = (await this.newest())?.number ?? 0;
      const read = (at: number): Promise<Link[]> => {
        const range = readRange(mongo, at, Math.min(at + BATCH_ROWS, last + 1));
        // A reader that stops early leaves a range unread; nobody is then interested in its failure.
        range.catch(() => undefined);
        return range;
      };
      const ahead: Promise<Link[]>[] = [];
      let next = first;
      while (next <= last || ahead.length > 0) {
        for (; next <= last && ahead.length < READ_AHEAD; next += BATCH_ROWS) ahead.push(read(next));
        const batch = await ahead.shift();
        if (batch !== undefined) yield batch;
      }
    },
    async removeBelow(number) {
      return (await bare.deleteMany({ _id: { $lt: number } })).deletedCount;
    },
  };
}
