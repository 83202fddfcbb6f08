import { Schema, type Connection } from 'mongoose';
import { z } from 'zod';
import { roles } from '../../shared/domain/people/rights.js';
import { ORDER_KEPT_MS, type ImportOrder, type ImportOrderStore } from '../imports/import-order.js';

type Stored = Omit<ImportOrder, 'id' | 'rows'> & { readonly _id: string; readonly rows: string };

const ids = z.array(z.string());
const Rows = z.array(
  z.strictObject({
    line: z.int(),
    name: z.string(),
    displayName: z.string(),
    roles: z.array(z.enum(roles)),
    teamId: z.string().nullable(),
    serves: ids,
    skills: z.record(z.string(), z.number()),
    scope: z.strictObject({ queues: ids, sites: ids, clientUnits: ids, teams: ids.optional() }),
  }),
);

const schema = new Schema<Stored>(
  {
    _id: { type: String, required: true },
    fileName: { type: String, required: true },
    sha256: { type: String, required: true },
    askedBy: { type: String, required: true },
    askedAt: { type: Date, required: true },
    // As text: the keys of skills are words of the site, which may not be names of fields.
    rows: { type: String, required: true },
    refused: [{ _id: false, line: Number, fault: String }],
    handed: [Number],
    endedAt: Date,
  },
  { collection: 'account_imports', versionKey: false },
)
  .index({ askedBy: 1 })
  .index({ askedAt: 1 });

const toOrder = ({ _id, rows, ...rest }: Stored): ImportOrder => ({ id: _id, rows: Rows.parse(JSON.parse(rows)), ...rest });

export function createMongoImportOrders(mongo: Connection): ImportOrderStore {
  const orders = mongo.model<Stored>('AccountImport', schema);
  return {
    async add({ id, rows, ...rest }) {
      await orders.deleteMany({ askedAt: { $lt: new Date(rest.askedAt.getTime() - ORDER_KEPT_MS) } });
      await orders.create({ _id: id, rows: JSON.stringify(rows), ...rest });
    },
    async byId(id) {
      const found = await orders.findById(id).lean<Stored | null>();
      return found === null ? undefined : toOrder(found);
    },
    openOf: async (askedBy) =>
      (
        await orders
          .find({ askedBy, endedAt: { $exists: false } })
          .sort({ askedAt: -1 })
          .lean<Stored[]>()
      ).map(toOrder),
    async refused(id, row) {
      await orders.updateOne({ _id: id, 'refused.line': { $ne: row.line } }, { $push: { refused: row } });
    },
    async handed(id, lines) {
      await orders.updateOne({ _id: id }, { $addToSet: { handed: { $each: [...lines] } } });
    },
    async end(id, endedAt) {
      await orders.updateOne({ _id: id, endedAt: { $exists: false } }, { $set: { endedAt } });
    },
  };
}
