import type { Connection } from 'mongoose';
import type { CommandBus } from '../shared/contracts/calls/commands.js';
import { campaignHalts } from '../shared/domain/calls/campaign.js';
import { unhurried, type EventBus } from '../shared/events/catalogue.js';
import type { Config } from '../shared/platform/settings/config.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import { newId } from '../shared/platform/stores/new-id.js';
import { createScriptBook } from '../shared/platform/stores/script-book.js';
import type { NumberHash } from '../shared/platform/reach/number-hash.js';
import type { ReachesObject } from '../shared/platform/reach/reach.js';
import { every } from '../shared/platform/processes/rounds.js';
import type { Audit, Route } from '../shared/platform/http/route.js';
import { createSecretCipher } from '../shared/platform/stores/secret-cipher.js';
import type { Service } from '../shared/platform/processes/service.js';
import type { Reads } from '../shared/records/reads.js';
import { createMongoCampaigns } from './adapters/mongo-campaigns.js';
import { createMongoRows } from './adapters/mongo-rows.js';
import { readRowFile } from './adapters/row-file.js';
import { minuteIn } from './adapters/site-hour.js';
import { createCampaignDesk } from './campaign-desk.js';
import { haltNotice } from './halt-notice.js';
import { createCampaignService } from './campaign-service.js';
import { createCampaignRoutes as routesOf } from './http.js';
import type { CallingOut } from './ports.js';
import { createRowSteps } from './row-steps.js';
import type { CallId } from '../shared/domain/ids.js';

export type { CallingOut } from './ports.js';

const ROUND_MS = 1_000;
const WATCH = 'system:campaigns';

interface Dependencies {
  readonly config: Pick<Config, 'MASTER_KEY' | 'MASTER_KEY_PREVIOUS' | 'SITE_TIME_ZONE'>;
  readonly mongo: Connection;
  readonly commands: CommandBus;
  readonly audit: Audit;
  readonly log: Logger;
  readonly callingOut: CallingOut;
}

const now = (): Date => new Date();

const storesOf = ({ config, mongo }: Pick<Dependencies, 'config' | 'mongo'>) => ({
  campaigns: createMongoCampaigns(mongo),
  rows: createMongoRows(mongo, createSecretCipher([config.MASTER_KEY, ...config.MASTER_KEY_PREVIOUS], 'campaign rows')),
});

/** The name of the campaign to whose row a call belongs, as its current or last attempt; undefined for every other call. */
export function createCampaignOf(deps: Pick<Dependencies, 'config' | 'mongo'>): (callId: CallId) => Promise<string | undefined> {
  const { campaigns, rows } = storesOf(deps);
  return async (callId) => {
    const row = await rows.ofCall(callId);
    return row === undefined ? undefined : (await campaigns.one(row.campaignId))?.name;
  };
}

function partsOf(deps: Dependencies) {
  const { config, mongo, commands, callingOut, log } = deps;
  const { campaigns, rows } = storesOf(deps);
  const minuteAt = (at: Date): number => minuteIn(at, config.SITE_TIME_ZONE);
  const needs = { campaigns, rows, callingOut, commands, scripts: createScriptBook(mongo, now), now, minuteAt, log };
  const steps = createRowSteps(needs);
  const service = createCampaignService({
    ...needs,
    membersOf: async (queueId) => {
      const queue = (await commands.send('queues.list', {})).find((each) => each.queueId === queueId && !each.internal);
      return queue === undefined ? undefined : (queue.members ?? 1);
    },
    withdrawAll: steps.withdrawAll,
    newId,
  });
  return { needs, steps, service };
}

export function createCampaignRoutes(
  deps: Dependencies & { readonly hashNumber: NumberHash; readonly reaches: Pick<ReachesObject, 'queue' | 'number'> },
): Route[] {
  const { needs, steps, service } = partsOf(deps);
  const { hashNumber, reaches, audit } = deps;
  return routesOf({ ...needs, steps, service, readRowFile, hashNumber, reaches, audit, newId, zone: deps.config.SITE_TIME_ZONE });
}

/** Brings the rows of running campaigns to agents. Runs in the cases role. */
export function createCampaigns(deps: Dependencies & { readonly bus: EventBus; readonly reads: Pick<Reads, 'calls'> }): Service {
  const { needs, service } = partsOf(deps);
  const { audit, bus, reads, log } = deps;
  const desk = createCampaignDesk({
    ...needs,
    newId,
    async recordOf(callId) {
      const record = await reads.calls.one(callId, ['cause', 'answeredAt']);
      return record === undefined ? undefined : { cause: record.cause, answered: record.answeredAt !== undefined };
    },
    async haltFor(why, campaign, counts) {
      const { id, queueId } = campaign;
      const reason = campaignHalts[why];
      await audit({ who: WATCH, what: 'campaign.paused', object: `campaign:${id}`, success: true, reason });
      await service.pause(id, { by: WATCH, byName: '', reason });
      await bus.publish('notice.raised', haltNotice(why, campaign, counts, now()));
      log.warn({ campaignId: id, queueId }, `a campaign was paused: ${reason}`);
    },
  });
  const rounds = every(ROUND_MS, desk.round, 'the campaigns could not be advanced', log);
  let stop: () => Promise<void> = async () => undefined;
  return {
    name: 'campaigns',
    async start() {
      await desk.round().catch((error: unknown) => log.error({ err: error }, 'the campaigns could not be advanced'));
      stop = await bus.subscribe('campaigns', desk.handlers, unhurried);
      rounds.start();
    },
    async stop() {
      await rounds.stop();
      await stop();
    },
  };
}
