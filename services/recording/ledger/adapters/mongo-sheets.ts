import { Schema, type Connection } from 'mongoose';
import { nextDay, startOfDay } from '../days.js';
import type { SheetStore } from '../ports.js';
import type { Amendment, DaySheet } from '../day-sheet.js';

interface StoredSheet {
  readonly _id: string;
  /** The day's bounds in UTC, for finding the sheet of an instant. */
  readonly from: string;
  readonly to: string;
  readonly sheet: DaySheet;
}

interface StoredAmendment extends Amendment {
  readonly _id: string;
  readonly carriedBy?: string;
}

const sheetSchema = new Schema<StoredSheet>(
  { _id: { type: String, required: true }, from: String, to: String, sheet: { type: Schema.Types.Mixed, required: true } },
  { collection: 'ledger_sheets', versionKey: false, minimize: false },
).index({ from: 1 });

const amendmentSchema = new Schema<StoredAmendment>(
  { _id: { type: String, required: true }, number: Number, callId: String, at: String, row: String, carriedBy: String },
  { collection: 'ledger_amendments', versionKey: false },
).index({ carriedBy: 1 });

export function createMongoSheets(mongo: Connection): SheetStore & {
  /** Whether the day of an instant is sealed. */
  isSealed(at: string): Promise<boolean>;
  amend(amendment: Amendment): Promise<void>;
} {
  const sheets = mongo.model<StoredSheet>('LedgerSheet', sheetSchema);
  const amendments = mongo.model<StoredAmendment>('LedgerAmendment', amendmentSchema);
  return {
    async newest() {
      return (await sheets.findOne().sort({ _id: -1 }).lean<StoredSheet>())?.sheet;
    },
    async add(sheet) {
      const to = startOfDay(nextDay(sheet.day), sheet.timeZone).toISOString();
      await sheets.create({ _id: sheet.day, from: startOfDay(sheet.day, sheet.timeZone).toISOString(), to, sheet });
      await amendments.updateMany(
        { _id: { $in: sheet.amendments.map(({ number, at }) => `${number}-${at}`) } },
        { $set: { carriedBy: sheet.day } },
      );
    },
    async *inOrder() {
      for await (const { sheet } of sheets.find().sort({ _id: 1 }).lean<StoredSheet[]>().cursor()) yield sheet;
    },
    async amendmentsSince() {
      const found = await amendments
        .find({ carriedBy: { $exists: false } })
        .sort({ _id: 1 })
        .lean<StoredAmendment[]>();
      return found.map(({ number, callId, at, row }) => ({ number, callId, at, row }));
    },
    async isSealed(at) {
      return (await sheets.exists({ from: { $lte: at }, to: { $gt: at } })) !== null;
    },
    async amend(amendment) {
      await amendments.updateOne({ _id: `${amendment.number}-${amendment.at}` }, { $setOnInsert: amendment }, { upsert: true });
    },
  };
}
