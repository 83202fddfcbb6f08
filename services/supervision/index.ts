import type { Connection } from 'mongoose';
import type { CommandBus } from '../shared/contracts/calls/commands.js';
import type { Principal } from '../shared/domain/people/rights.js';
import { unhurried, type Delivered, type EventBus } from '../shared/events/catalogue.js';
import type { Config } from '../shared/platform/settings/config.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import { newId } from '../shared/platform/stores/new-id.js';
import type { PlaceReach } from '../shared/platform/reach/place-reach.js';
import { isScoped, type MembersOf, type ReachOf } from '../shared/platform/reach/reach.js';
import type { Audit, Route } from '../shared/platform/http/route.js';
import { every } from '../shared/platform/processes/rounds.js';
import { createScheduler } from '../shared/platform/processes/scheduler.js';
import type { Service } from '../shared/platform/processes/service.js';
import { siteTimeIn } from '../shared/platform/processes/site-time.js';
import type { Reads } from '../shared/records/reads.js';
import { createMongoAcknowledgements, createMongoListenings, createMongoRule } from './adapters/mongo-listening.js';
import { createMongoHelps } from './adapters/mongo-help.js';
import { createMongoChats } from './adapters/mongo-chat.js';
import { createCallParts } from './chat-of-call.js';
import { createChatService } from './chat-service.js';
import { createChatRoutes } from './chat-http.js';
import { createHelpRoutes } from './help-http.js';
import { createHelpService, type HelpService } from './help-service.js';
import { createListeningRoutes } from './http.js';
import { createLiveQuality, type LiveQuality } from './quality/live-quality.js';
import { createQualityRoutes } from './quality/quality-http.js';
import { createListeningReach } from './listening-reach.js';
import { createListeningService, type ListeningService } from './listening-service.js';
import type { AlarmCounts, People, PersonNow } from './ports.js';
import { createMongoWalls } from './adapters/mongo-walls.js';
import { wallTokens } from './adapters/wall-tokens.js';
import { createWallSource, type WallSource } from './walls/wall-source.js';
import { createWallRoutes } from './walls/walls-http.js';
import type { AgentId } from '../shared/domain/ids.js';

export { createMetricsServer } from './adapters/metrics-server.js';
export type { WallSource } from './walls/wall-source.js';
export type { ListeningRequest, ListeningService } from './listening-service.js';

const DAY_MS = 86_400_000;
/** How often requests are ended whose ending event was lost on the way. */
const HELP_ROUND_MS = 15_000;
const REACH_ROUND_MS = 2_000;
const QUALITY_ROUND_MS = 1_000;

export interface SupervisionDependencies {
  readonly config: Config;
  readonly mongo: Connection;
  readonly bus: EventBus;
  readonly commands: CommandBus;
  readonly reads: Pick<Reads, 'accounts' | 'calls'>;
  readonly membersOf: MembersOf;
  readonly places: Pick<PlaceReach, 'agents' | 'queues'>;
  readonly reachOf: ReachOf;
  readonly audit: Audit;
  readonly personNow: PersonNow;
  readonly alarmsOf: AlarmCounts;
  /** A wall was changed, withdrawn or removed. */
  readonly wallChanged: (wallId: string) => void;
  readonly log: Logger;
}

export interface Supervision {
  readonly routes: readonly Route[];
  readonly listening: Pick<ListeningService, 'intervene' | 'leave'>;
  readonly openHelp: HelpService['openByAgent'];
  readonly walls: WallSource;
  /** What was measured of a live call last. */
  readonly qualityOf: LiveQuality['of'];
  /** Records each listening when it ends; runs in one process. */
  readonly service: Service;
}

const now = (): Date => new Date();

const peopleOf =
  ({ accounts }: Pick<Reads, 'accounts'>): People =>
  async () =>
    (await accounts.find({}, { fields: ['displayName', 'roles', 'disabled'] })).map(({ _id, displayName, roles, disabled }) => ({
      userId: _id,
      name: displayName,
      takesCalls: roles.includes('agent'),
      disabled,
    }));

/** Supervisors in calls: the rule, the acknowledgements of it, and who listened to whom. In the api role. */
export function createSupervision(needs: SupervisionDependencies): Supervision {
  const { config, mongo, bus, commands, reads, places, reachOf, audit, log } = needs;
  const stores = {
    rules: createMongoRule(mongo),
    acknowledgements: createMongoAcknowledgements(mongo),
    listenings: createMongoListenings(mongo),
  };
  const helps = createMongoHelps(mongo);
  const chats = createMongoChats(mongo);
  const walls = createMongoWalls(mongo);
  const chat = createChatService({ chats, bus, newId, now });
  const help = createHelpService({ helps, commands, bus, newId, now, log });
  const rounds = every(HELP_ROUND_MS, () => help.renew(), 'requests for help could not be read', log);
  const quality = createLiveQuality({ commands, bus, nowMs: () => now().getTime() });
  const qualityRounds = every(QUALITY_ROUND_MS, () => quality.look(), 'the quality of calls could not be judged', log);
  const listeningReach = createListeningReach({ ...needs, now });
  const reachRounds = every(REACH_ROUND_MS, () => listeningReach.look(), 'listening sessions could not be read', log);
  const service = createListeningService({ ...stores, commands, bus, audit, newId, now });
  const listening: ListeningService = {
    ...service,
    intervene: (request) => service.intervene(request).finally(() => listeningReach.began()),
  };

  async function agentsWithin(principal: Principal): Promise<(agentId: AgentId) => boolean> {
    if (!isScoped(principal)) return () => true;
    const [agents, sees] = await Promise.all([commands.send('agents.list', {}), places.agents(principal)]);
    const own = new Set(agents.filter(sees).map(({ agentId }) => agentId));
    return (agentId) => own.has(agentId);
  }

  /** While routing does not answer, only the roles tell who takes calls. */
  async function servers(): Promise<ReadonlySet<string>> {
    const agents = await commands.send('agents.list', {}).catch((error: unknown) => {
      log.debug({ err: error }, 'the agents of a queue are not known now');
      return [];
    });
    return new Set(agents.filter(({ queues }) => queues.length > 0).map(({ agentId }) => agentId));
  }

  const scheduler = createForgetting(needs, { listenings: stores.listenings, chats, helps });
  let stops: (() => Promise<void>)[] = [];
  return {
    listening,
    openHelp: () => help.openByAgent(),
    qualityOf: quality.of,
    walls: createWallSource({ ...needs, walls, tokens: wallTokens, zone: config.SITE_TIME_ZONE, nowMs: () => now().getTime() }),
    routes: [
      ...createListeningRoutes({ ...stores, people: peopleOf(reads), servers, agentsWithin, reachOf, audit, now }),
      ...createChatRoutes({
        ...{ chat, commands, places, agentsWithin, audit },
        membersOf: needs.membersOf,
        callParts: createCallParts(reads, commands, now),
      }),
      ...createWallRoutes({ walls, tokens: wallTokens, audit, now, changed: needs.wallChanged }),
      ...createQualityRoutes(quality),
      ...createHelpRoutes({ helps, help, agentsWithin, reachOf, now }),
    ],
    service: {
      name: 'supervision',
      async start() {
        const heard = (delivered: Delivered): void =>
          void help.heard(delivered).catch((error: unknown) => log.warn({ err: error }, 'a request for help could not be ended yet'));
        stops = [
          await bus.subscribe('listening-rows', { 'call.listened': (event) => listening.listened(event) }, unhurried),
          await bus.follow((delivered) => quality.heard(delivered), {
            ...unhurried,
            only: ['seat.quality', 'calls.measured', 'call.ended'],
          }),
          await bus.follow(heard, { ...unhurried, only: ['agent.state-changed', 'call.agent-left', 'call.ended', 'help.changed'] }),
        ];
        // Without routing nothing is known of the alarms of the process before; they are judged when they come again.
        await quality.begin().catch((error: unknown) => log.debug({ err: error }, 'the queues are not known yet'));
        rounds.start();
        qualityRounds.start();
        reachRounds.start();
        await scheduler.start();
      },
      async stop() {
        for (const stop of stops) await stop();
        await rounds.stop();
        await qualityRounds.stop();
        await reachRounds.stop();
        await scheduler.stop();
      },
      health: async () => ({ ok: true }),
    },
  };
}

/** Removes what has been kept for as long as the site says. */
function createForgetting(
  { config, mongo, log }: SupervisionDependencies,
  {
    listenings,
    chats,
    helps,
  }: Readonly<Record<'listenings' | 'chats' | 'helps', { readonly forgetBefore: (at: Date) => Promise<unknown> }>>,
) {
  const daily = (name: string, store: { readonly forgetBefore: (at: Date) => Promise<unknown> }, keepDays: number) => ({
    name,
    timetable: { everyMs: DAY_MS },
    run: async (): Promise<void> => {
      await store.forgetBefore(new Date(now().getTime() - keepDays * DAY_MS));
    },
  });
  return createScheduler({
    name: 'supervision-jobs',
    jobs: [
      daily('listenings-forget', listenings, config.AUDIT_KEEP_DAYS),
      daily('chat-forget', chats, config.CHAT_KEEP_DAYS),
      daily('help-forget', helps, config.AUDIT_KEEP_DAYS),
    ],
    mongo,
    siteTimeOf: siteTimeIn(config.SITE_TIME_ZONE),
    log,
  });
}
