import { Schema, type Connection } from 'mongoose';
import type { SavedReport, SavedReportStore } from '../saved/saved-report.js';

type Stored = Omit<SavedReport, 'id'> & { readonly _id: string };

const schema = new Schema<Stored>(
  {
    _id: { type: String, required: true },
    ownerId: { type: String, required: true },
    name: String,
    period: String,
    interval: String,
    by: String,
    figures: [String],
    filters: Schema.Types.Mixed,
    compare: String,
    asOf: Schema.Types.Mixed,
    isShared: Boolean,
    schedule: Schema.Types.Mixed,
    lastMailed: Schema.Types.Mixed,
  },
  { collection: 'figure_reports', versionKey: false },
).index({ ownerId: 1 });

export function createMongoSavedReports(mongo: Connection): SavedReportStore {
  const reports = mongo.model<Stored>('FigureReport', schema);
  const shown = ({ _id, ...report }: Stored): SavedReport => ({ ...report, id: _id });
  const one = (found: Stored | null): SavedReport | undefined => (found === null ? undefined : shown(found));
  return {
    readableBy: async (userId) =>
      (
        await reports
          .find({ $or: [{ ownerId: userId }, { isShared: true }] })
          .sort({ name: 1, _id: 1 })
          .lean<Stored[]>()
      ).map(shown),
    countOf: (ownerId) => reports.countDocuments({ ownerId }),
    own: async (id, ownerId) => one(await reports.findOne({ _id: id, ownerId }).lean<Stored | null>()),
    byId: async (id) => one(await reports.findById(id).lean<Stored | null>()),
    scheduled: async () => (await reports.find({ 'schedule.rhythm': { $exists: true } }).lean<Stored[]>()).map(shown),
    async add({ id, ...report }) {
      await reports.create({ _id: id, ...report });
    },
    async change(id, ownerId, { schedule, filters, compare, asOf, ...choices }) {
      const optional = Object.entries({ schedule, filters, compare, asOf });
      const given = Object.fromEntries(optional.filter(([, value]) => value !== undefined));
      const gone = Object.fromEntries(optional.filter(([, value]) => value === undefined).map(([name]) => [name, '']));
      const change = { $set: { ...choices, ...given }, ...(Object.keys(gone).length === 0 ? {} : { $unset: gone }) };
      return (await reports.updateOne({ _id: id, ownerId }, change)).matchedCount === 1;
    },
    remove: async (id, ownerId) => (await reports.deleteOne({ _id: id, ownerId })).deletedCount === 1,
    async mailed(id, last) {
      await reports.updateOne({ _id: id }, { $set: { lastMailed: last } });
    },
  };
}
