import type { Connection } from 'mongoose';
import type { CallId } from '../../shared/domain/ids.js';

interface Named {
  readonly _id: string;
  readonly name: string;
}

/** The name of the campaign to whose row a call belongs, as its current or last attempt; undefined for every other call. */
export const createCampaignOf =
  (mongo: Connection) =>
  async (callId: CallId): Promise<string | undefined> => {
    const row = await mongo.collection('campaign_rows').findOne({ callId }, { projection: { campaignId: 1 } });
    if (row === null) return undefined;
    const campaign = await mongo.collection<Named>('campaigns').findOne({ _id: row['campaignId'] as string }, { projection: { name: 1 } });
    return campaign?.name;
  };
