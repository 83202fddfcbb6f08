import { Schema, type Connection } from 'mongoose';
import type { StoredSum, SumStore } from '../ports.js';

export const SUMS = 'figure_sums';

type SumRow = Omit<StoredSum, 'id'> & { readonly _id: string };

const schema = new Schema<SumRow>(
  {
    _id: { type: String, required: true },
    grain: String,
    startAt: Date,
    untilAt: Date,
    version: Number,
    revision: Number,
    madeAt: Date,
    facts: Number,
    firstFacts: Number,
    places: String,
    agents: String,
    results: String,
    earlier: [
      { _id: false, revision: Number, madeAt: Date, facts: Number, places: String, agents: String, results: String, version: Number },
    ],
  },
  { collection: SUMS, versionKey: false },
)
  .index({ grain: 1, startAt: 1 })
  .index({ madeAt: 1 });

const DUPLICATE_KEY = 11_000;
/** Sums that are read at once. Each has up to some 100 KB of text, and reports are read in a process that does much else. */
const BATCH = 50;

export function createMongoSums(mongo: Connection): SumStore {
  mongo.model<SumRow>('FigureSum', schema);
  const sums = mongo.collection<SumRow>(SUMS);
  const within = ({ fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number }) => ({
    startAt: { $gte: new Date(fromMs), $lt: new Date(untilMs) },
  });
  return {
    async add({ id, ...row }) {
      try {
        await sums.insertOne({ _id: id, ...row });
      } catch (error) {
        // Another process was first. It counted the same facts.
        if (!(error instanceof Error && 'code' in error && error.code === DUPLICATE_KEY)) throw error;
      }
    },
    async revise({ id, ...row }, known) {
      await sums.updateOne({ _id: id, revision: known }, { $set: row });
    },
    async *read(grain, span, fields) {
      const projection = Object.fromEntries(
        ['grain', 'startAt', 'untilAt', 'version', 'revision', 'madeAt', 'facts', 'firstFacts', ...fields].map((f) => [f, 1]),
      );
      const cursor = sums.find({ grain, ...within(span) }, { projection, sort: { startAt: 1 }, batchSize: BATCH });
      for await (const first of cursor) for (const { _id, ...row } of [first, ...cursor.readBufferedDocuments()]) yield { ...row, id: _id };
    },
    async changedSince(at, span) {
      return (await sums.findOne({ madeAt: { $gte: at }, ...within(span) }, { projection: { _id: 1 } })) !== null;
    },
    async removeBefore(at) {
      return (await sums.deleteMany({ startAt: { $lt: at } })).deletedCount;
    },
  };
}
