import { Schema, type Connection } from 'mongoose';
import type { Campaign } from '../campaign.js';
import type { CampaignStore } from '../ports.js';

type Stored = Omit<Campaign, 'id' | 'mostComplaintsPer10000'> & { readonly _id: string; readonly mostComplaintsPer10000?: number };

const schema = new Schema<Stored>(
  { _id: { type: String, required: true }, at: Date, changedAt: Date, waits: Schema.Types.Mixed },
  { collection: 'campaigns', versionKey: false, strict: false, minimize: false },
);

/** The default for campaigns from before this rule existed. */
const USUAL_COMPLAINTS = 100;

const toCampaign = ({ _id, mostComplaintsPer10000 = USUAL_COMPLAINTS, ...rest }: Stored): Campaign => ({
  ...rest,
  id: _id,
  mostComplaintsPer10000,
});

export function createMongoCampaigns(mongo: Connection): CampaignStore {
  const campaigns = mongo.model<Stored>('Campaign', schema);
  return {
    async add({ id, ...campaign }) {
      await mongo.collection<Stored>('campaigns').insertOne({ _id: id, ...campaign });
    },
    async one(id) {
      const found = await campaigns.findOne({ _id: id }).lean<Stored>();
      return found === null ? undefined : toCampaign(found);
    },
    async all() {
      return (await campaigns.find({}).sort({ _id: -1 }).lean<Stored[]>()).map(toCampaign);
    },
    async lively(since) {
      const rows = await campaigns
        .find({ $or: [{ state: { $in: ['running', 'paused'] } }, { state: { $in: ['stopped', 'finished'] }, changedAt: { $gte: since } }] })
        .sort({ _id: 1 })
        .lean<Stored[]>();
      return rows.map(toCampaign);
    },
    async configure(id, settings) {
      const { hours, ...others } = settings;
      const change = hours === undefined ? { $set: others, $unset: { hours: '' } } : { $set: settings };
      return (await campaigns.updateOne({ _id: id, state: { $in: ['draft', 'paused'] } }, change)).matchedCount === 1;
    },
    async turn(id, from, { state, by, byName, at, reason }) {
      const set = { state, changedBy: by, changedByName: byName, changedAt: at, ...(reason === undefined ? {} : { reason }) };
      const unset = { waits: '', ...(reason === undefined ? { reason: '' } : {}) };
      return (await campaigns.updateOne({ _id: id, state: { $in: [...from] } }, { $set: set, $unset: unset })).matchedCount === 1;
    },
    async waits(id, waits) {
      await campaigns.updateOne({ _id: id }, waits === undefined ? { $unset: { waits: '' } } : { $set: { waits } });
    },
  };
}
