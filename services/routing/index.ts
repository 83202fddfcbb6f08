import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { DateTime } from 'luxon';
import type { Connection } from 'mongoose';
import { z } from 'zod';
import type { CommandBus } from '../shared/contracts/calls/commands.js';
import type { EventBus } from '../shared/events/catalogue.js';
import type { Config } from '../shared/platform/settings/config.js';
import type { LastKnown } from '../shared/platform/settings/last-known.js';
import { seatsPresent } from '../shared/platform/events/live-sessions.js';
import { createFencedWrites, createValkeyLeadership } from '../shared/platform/events/valkey-leadership.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import type { Team, TeamSpell } from '../shared/domain/people/team.js';
import type { ReachOf } from '../shared/platform/reach/reach.js';
import type { PlaceReach } from '../shared/platform/reach/place-reach.js';
import type { Audit, Route } from '../shared/platform/http/route.js';
import { thisProcess } from '../shared/platform/processes/role-lease.js';
import type { Service } from '../shared/platform/processes/service.js';
import type { Reads } from '../shared/records/reads.js';
import { systemClock } from '../shared/platform/processes/system-clock.js';
import { createMongoCallbacks } from './adapters/mongo-callbacks.js';
import { seedQueues } from './adapters/seed.js';
import { createMongoQueues } from './adapters/mongo-queues.js';
import { createMongoAgentLimits } from './adapters/mongo-agent-limits.js';
import { createMongoThresholds } from './adapters/mongo-thresholds.js';
import { createMongoStates } from './adapters/mongo-states.js';
import { createMongoWaits } from './adapters/mongo-waits.js';
import { createVisitRows } from './adapters/visit-rows.js';
import { createValkeyLastAgents, createValkeyState } from './adapters/valkey-state.js';
import { BreakReasons, type BreakReason } from './agents/breaks.js';
import { createListedAgents, type ListedAgents } from './agents/listed-agents.js';
import { createDayFigures } from './waits/day-figures.js';
import { createRoutingRoutes as routesOf } from './http.js';
import { removeAged } from './keeping.js';
import type { QueueStore } from './ports.js';
import { Queue } from './queue.js';
import { Threshold } from '../shared/contracts/queues/threshold.js';
import { createRoutingRole } from './routing-role.js';

/** The role under which its lease and token are known (services/calls asks for the token). */
const ROLE = 'routing';
/** The skills of each agent, with their levels. */
const HeldSkills = z.array(z.tuple([z.string(), z.record(z.string(), z.number())]));

export type { ListedAgents } from './agents/listed-agents.js';

export interface RoutingDependencies {
  readonly config: Pick<Config, 'SITE_TIME_ZONE' | 'ROUTING_KEEP_DAYS'>;
  readonly mongo: Connection;
  readonly lastKnown: Pick<LastKnown, 'of'>;
  readonly onceStored: (work: () => Promise<void>) => Promise<void>;
  readonly reads: Pick<Reads, 'accounts' | 'calls' | 'visits'>;
  /** The teams, and who was in which team when: a threshold may apply to a team. */
  readonly teams: { readonly all: () => Promise<readonly Team[]>; readonly spells: () => Promise<readonly TeamSpell[]> };
  readonly valkey: Redis;
  readonly bus: EventBus;
  readonly commands: CommandBus;
  readonly log: Logger;
  /** Ends this process, which restarts as a standby: another process took the lease, or this one could not begin when it got the lease. */
  readonly restart: (reason: string) => void;
}

/** The routing role with its stores. One process decides at a time; the others wait for its lease. */
export function createRouting({
  config,
  mongo,
  lastKnown,
  onceStored,
  reads,
  teams,
  valkey,
  bus,
  commands,
  log,
  restart,
}: RoutingDependencies): Service {
  const holder = randomUUID();
  const waits = createMongoWaits(mongo, log);
  const states = createMongoStates(mongo, log);
  const lease = createValkeyLeadership({
    valkey,
    role: ROLE,
    self: { ...thisProcess(), id: holder },
    lost: () => restart('another routing process has taken over'),
  });
  const fenced = createFencedWrites({ valkey, role: ROLE, leadership: lease });
  return createRoutingRole({
    lease,
    offerPrefix: holder.slice(0, 8),
    state: createValkeyState(valkey, fenced, log),
    queues: withLastKnown(createMongoQueues(mongo), lastKnown),
    thresholds: { all: lastKnown.of('thresholds', z.array(Threshold), () => createMongoThresholds(mongo).all()) },
    namesOf: async (agentIds) => {
      const people = await reads.accounts.find({ _id: { $in: [...agentIds] } }, { fields: ['displayName'] });
      return new Map(people.map(({ _id, displayName }) => [_id, displayName]));
    },
    waits,
    states,
    callbacks: createMongoCallbacks(mongo, lease),
    onceStored,
    lastAgents: createValkeyLastAgents(valkey, fenced, log),
    visitRows: createVisitRows(reads),
    figures: createDayFigures(),
    teams,
    bus,
    commands,
    seatsPresent: (agentIds) => seatsPresent(valkey, agentIds),
    removeAged: (now) => removeAged([states.aged, waits.aged], config.ROUTING_KEEP_DAYS, now),
    clock: systemClock,
    today: () => DateTime.now().setZone(config.SITE_TIME_ZONE).toISODate() ?? '',
    midnightMs: () => DateTime.now().setZone(config.SITE_TIME_ZONE).startOf('day').toMillis(),
    newId: randomUUID,
    log,
    restart,
  });
}

/** The settings of routing. While the store is down, those that this machine read last. */
function withLastKnown(queues: QueueStore, lastKnown: Pick<LastKnown, 'of'>): Pick<QueueStore, 'all' | 'skills' | 'breaks'> {
  const skills = lastKnown.of('skills', HeldSkills, async () => [...(await queues.skills())]);
  return {
    all: lastKnown.of('queues', z.array(Queue), () => queues.all()),
    skills: async () => new Map(await skills()),
    breaks: lastKnown.of('breaks', BreakReasons, async () => [...(await queues.breaks())]),
  };
}

/** The queues, for the parts that compute whom a queue serves. While the store is down, those that this machine read last. */
export function createQueueReader({
  mongo,
  lastKnown,
}: {
  readonly mongo: Connection;
  readonly lastKnown: Pick<LastKnown, 'of'>;
}): () => Promise<readonly Queue[]> {
  return withLastKnown(createMongoQueues(mongo), lastKnown).all;
}

/** The reasons for breaks that the site has set. */
export const createBreakReader = (mongo: Connection): (() => Promise<readonly BreakReason[]>) => createMongoQueues(mongo).breaks;

/** The people whose accounts have a seat, for those who ask whether somebody is within reach. */
export const createAgentList = ({ mongo, reads }: { readonly mongo: Connection; readonly reads: Pick<Reads, 'accounts'> }): ListedAgents =>
  createListedAgents({ accounts: reads.accounts, queues: createMongoQueues(mongo) });

export function createRoutingRoutes(needs: {
  readonly config: Pick<Config, 'SITE_TIME_ZONE'>;
  readonly mongo: Connection;
  readonly commands: CommandBus;
  readonly bus: EventBus;
  readonly audit: Audit;
  readonly places: Pick<PlaceReach, 'agents' | 'queues'>;
  readonly reachOf: ReachOf;
  readonly reads: Pick<Reads, 'accounts'>;
  readonly log: Logger;
  /** Whether a number outside is in force on the register of destinations. */
  readonly isDestination: (number: string) => Promise<boolean>;
}): Route[] {
  const { config, mongo, log } = needs;
  return routesOf({
    ...needs,
    queues: createMongoQueues(mongo),
    thresholds: createMongoThresholds(mongo),
    limits: createMongoAgentLimits(mongo),
    accounts: needs.reads.accounts,
    clock: systemClock,
    waits: createMongoWaits(mongo, log),
    states: createMongoStates(mongo, log),
    callbacks: createMongoCallbacks(mongo),
    boundsOf: (date) => {
      const from = DateTime.fromISO(date, { zone: config.SITE_TIME_ZONE });
      return { from: from.toJSDate(), to: from.plus({ days: 1 }).toJSDate() };
    },
  });
}

/** Creates the demo queue and the queue of test calls where they are missing; the latter is restored where people were put into it. */
export async function seedRouting(
  mongo: Connection,
  { demo, proofAgentId }: { readonly demo: boolean; readonly proofAgentId: string },
): Promise<void> {
  await seedQueues(createMongoQueues(mongo), { demo, proofAgentId });
}
