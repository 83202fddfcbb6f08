import type { NamedObject } from '../shared/domain/people/named-object.js';
import type { Campaign } from './campaign.js';
import { noCampaign } from './campaign-service.js';
import type { CampaignStore } from './ports.js';

export const placesOf = ({ queueId, from }: Pick<Campaign, 'queueId' | 'from'>): readonly NamedObject[] => [
  { of: 'queue', id: queueId, use: 'read' },
  { of: 'number', id: from, use: 'read' },
];

/** Whoever reaches the queue and the number of a campaign reaches the campaign. */
export const campaignReach = (campaigns: CampaignStore) =>
  ({
    kind: 'objects',
    named: async ({ params }: { readonly params: { readonly id: string } }) => {
      const campaign = await campaigns.one(params.id);
      if (campaign === undefined) throw noCampaign();
      return placesOf(campaign);
    },
  }) as const;
