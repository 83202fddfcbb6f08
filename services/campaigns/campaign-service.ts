import type { CampaignStartFault, CampaignState } from '../shared/domain/calls/campaign.js';
import { CallCentreError } from '../shared/domain/failure.js';
import type { Campaign, CampaignSettings } from './campaign.js';
import type { CallingOut, CampaignStore, RowStore } from './ports.js';
import type { QueueId } from '../shared/domain/ids.js';

export interface By {
  readonly by: string;
  readonly byName: string;
}

export interface CampaignServiceNeeds {
  readonly campaigns: CampaignStore;
  readonly rows: RowStore;
  readonly callingOut: CallingOut;
  /** The number of agents who serve a queue; undefined when there is no such queue. */
  readonly membersOf: (queueId: QueueId) => Promise<number | undefined>;
  readonly withdrawAll: (campaignId: string) => Promise<void>;
  readonly now: () => Date;
  readonly newId: () => string;
}

export const noCampaign = (): CallCentreError => new CallCentreError('not-found', 'There is no such campaign.');

/** Starts, pauses and ends campaigns. The gate's stop is in force before the state says so, and cancels what rings. */
export function createCampaignService({ campaigns, rows, callingOut, membersOf, withdrawAll, now, newId }: CampaignServiceNeeds) {
  async function one(id: string): Promise<Campaign> {
    const campaign = await campaigns.one(id);
    if (campaign === undefined) throw noCampaign();
    return campaign;
  }

  async function lacks({ id, from, queueId }: Campaign): Promise<CampaignStartFault | undefined> {
    if ((await rows.open(id)) === 0) return 'no-rows';
    if ((await callingOut.numberFault(from)) !== undefined) return 'number-not-usable';
    const members = await membersOf(queueId);
    if (members === undefined) return 'no-queue';
    return members === 0 ? 'nobody-serves' : undefined;
  }

  async function halt(
    id: string,
    to: 'paused' | 'stopped',
    from: readonly CampaignState[],
    why: By & { readonly reason: string },
  ): Promise<void> {
    const { state } = await one(id);
    if (!from.includes(state)) throw new CallCentreError('wrong-state', `The campaign is ${state}.`);
    await callingOut.stop(id, why);
    if (!(await campaigns.turn(id, from, { state: to, at: now(), ...why })))
      throw new CallCentreError('wrong-state', 'The campaign has been changed in the meantime.');
    await withdrawAll(id);
    if (to === 'stopped') await rows.erase(id);
  }

  return {
    one,
    async make(settings: CampaignSettings, { by, byName }: By): Promise<string> {
      const id = newId();
      const at = now();
      await campaigns.add({ ...settings, id, state: 'draft', at, by, byName, changedAt: at, changedBy: by, changedByName: byName });
      return id;
    },

    async configure(id: string, settings: CampaignSettings): Promise<void> {
      await one(id);
      if (!(await campaigns.configure(id, settings)))
        throw new CallCentreError('wrong-state', 'A campaign can be changed only before it starts or while it is paused.');
    },

    async start(id: string, by: By): Promise<void> {
      const campaign = await one(id);
      const from: readonly CampaignState[] = ['draft', 'paused'];
      if (!from.includes(campaign.state)) throw new CallCentreError('wrong-state', `The campaign is ${campaign.state}.`);
      const refused = await lacks(campaign);
      if (refused !== undefined)
        throw new CallCentreError('wrong-state', 'The campaign is not complete enough to start.', { details: { refused } });
      await callingOut.lift(id);
      if (!(await campaigns.turn(id, from, { state: 'running', at: now(), ...by })))
        throw new CallCentreError('wrong-state', 'The campaign has been changed in the meantime.');
    },

    pause: (id: string, why: By & { readonly reason: string }) => halt(id, 'paused', ['running'], why),
    stop: (id: string, why: By & { readonly reason: string }) => halt(id, 'stopped', ['draft', 'running', 'paused'], why),
  };
}

export type CampaignService = ReturnType<typeof createCampaignService>;
