import { Schema, type Connection } from 'mongoose';
import type { NumberSites, NumberSitesStore } from '../ports.js';

interface Stored {
  readonly _id: string;
  readonly spells: NumberSites['spells'];
}

const schema = new Schema<Stored>(
  { _id: { type: String, required: true }, spells: [{ _id: false, site: { type: String, default: '' }, fromAt: Date }] },
  { collection: 'figure_number_sites', versionKey: false },
);

export function createMongoNumberSites(mongo: Connection): NumberSitesStore {
  const numbers = mongo.model<Stored>('FigureNumberSites', schema);
  return {
    all: async () => (await numbers.find().sort({ _id: 1 }).lean<Stored[]>()).map(({ _id, spells }) => ({ number: _id, spells })),
    async put({ number, spells }) {
      await numbers.updateOne({ _id: number }, { $set: { spells } }, { upsert: true });
    },
  };
}
