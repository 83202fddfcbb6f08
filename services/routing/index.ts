import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Redis } from 'ioredis';
import { DateTime } from 'luxon';
import type { Connection } from 'mongoose';
import type { CommandBus } from '../shared/contracts/commands.js';
import type { EventBus } from '../shared/events/catalogue.js';
import type { Config } from '../shared/platform/config.js';
import { seatsPresent } from '../shared/platform/live-sessions.js';
import type { Logger } from '../shared/platform/logger.js';
import type { Audit, Route } from '../shared/platform/route.js';
import type { Service } from '../shared/platform/service.js';
import { createMongoCallbacks } from './adapters/mongo-callbacks.js';
import { createMongoQueues } from './adapters/mongo-queues.js';
import { createMongoStates } from './adapters/mongo-states.js';
import { createMongoWaits } from './adapters/mongo-waits.js';
import { createValkeyLastAgents, createValkeyLease, createValkeyState } from './adapters/valkey-state.js';
import { createDayFigures } from './day-figures.js';
import { Desk } from './desk.js';
import { createHandlingTimes } from './expected-wait.js';
import { createRoutingRoutes as routesOf } from './http.js';
import { removeAged } from './keeping.js';
import { Queue } from './queue.js';
import { createRoutingService } from './routing-service.js';

const TICK_MS = 250;
const SWEEP_MS = 10_000;
/** How often rows that have reached the end of their time are removed; the first time soon after the start. */
const AGED_MS = 3_600_000;
const FIRST_AGED_MS = 60_000;

export interface RoutingDependencies {
  readonly config: Pick<Config, 'SITE_TIME_ZONE' | 'ROUTING_KEEP_DAYS'>;
  readonly mongo: Connection;
  readonly valkey: Redis;
  readonly bus: EventBus;
  readonly commands: CommandBus;
  readonly log: Logger;
  /** Ends this process, which starts anew and stands by: another took the lease, or this one could not begin when it got it. */
  readonly restart: (reason: string) => void;
}

/** The routing role: one process decides at a time, the others wait for its lease. */
export function createRouting({ config, mongo, valkey, bus, commands, log, restart }: RoutingDependencies): Service {
  const holder = randomUUID();
  const lease = createValkeyLease(valkey, { host: hostname(), pid: process.pid, id: holder }, () =>
    restart('another routing process holds the lease'),
  );
  const state = createValkeyState(valkey, log);
  const queues = createMongoQueues(mongo);
  const waits = createMongoWaits(mongo, log);
  const states = createMongoStates(mongo, log);
  const desk = new Desk(holder.slice(0, 8));
  const figures = createDayFigures();
  const today = (): string => DateTime.now().setZone(config.SITE_TIME_ZONE).toISODate() ?? '';
  const routing = createRoutingService({
    desk,
    figures,
    handling: createHandlingTimes(),
    queues,
    waits,
    states,
    callbacks: createMongoCallbacks(mongo),
    lastAgents: createValkeyLastAgents(valkey, log),
    state,
    bus,
    commands,
    seatsPresent: (agentIds) => seatsPresent(valkey, agentIds),
    now: () => new Date(),
    today,
    newId: randomUUID,
    log,
  });
  const stops: (() => Promise<void> | void)[] = [];
  let active = false;
  let standingBy = false;
  let stopped = false;

  async function begin(standsBy: () => void): Promise<void> {
    stops.push(() => lease.release());
    await lease.acquire(standsBy);
    stops.push(() => waits.flush());
    stops.push(() => states.flush());
    const [kept, counted] = await Promise.all([state.load(), state.loadToday(today())]);
    figures.restore(today(), counted);
    desk.restore(kept.agents, kept.waiting);
    await routing.readSettings();
    await routing.reconcile();
    stops.push(await bus.subscribe('routing', routing.handlers));
    stops.push(await commands.serve(routing.served));
    const clock = setInterval(routing.tick, TICK_MS);
    const sweep = setInterval(
      () => void routing.sweepSeats().catch((error: unknown) => log.warn({ err: error }, 'seats could not be swept')),
      SWEEP_MS,
    );
    const removeOld = (): void =>
      void removeAged([states.aged, waits.aged], config.ROUTING_KEEP_DAYS, new Date()).then(
        (rows) => rows > 0 && log.info({ rows }, 'old states and reasons of waits were removed'),
        (error: unknown) => log.warn({ err: error }, 'old states and reasons of waits could not be removed'),
      );
    const firstAged = setTimeout(removeOld, FIRST_AGED_MS);
    const aged = setInterval(removeOld, AGED_MS);
    stops.push(() => {
      clearInterval(clock);
      clearInterval(sweep);
      clearTimeout(firstAged);
      clearInterval(aged);
    });
    active = true;
  }

  return {
    name: 'routing',
    /** Resolves when it decides, or stands by for whoever decides now. */
    async start() {
      let upToo: () => void = () => undefined;
      const standsBy = new Promise<void>((resolve) => (upToo = resolve));
      const begun = begin(() => {
        standingBy = true;
        log.info({}, 'another routing process decides, this one stands by');
        upToo();
      });
      begun.then(
        () => (standingBy = false),
        (error: unknown) => {
          // While it starts, whoever started it is told.
          if (!standingBy || stopped) return;
          log.error({ err: error }, 'routing could not begin');
          restart('routing could not begin');
        },
      );
      await Promise.race([begun, standsBy]);
    },
    async stop() {
      stopped = true;
      for (const stop of stops.splice(0).reverse()) await stop();
    },
    health: async () => ({
      ok: active || standingBy,
      facts: { active, agents: [...desk.agents()].length, waiting: [...desk.waitingCalls()].length },
    }),
  };
}

export function createRoutingRoutes(needs: {
  readonly config: Pick<Config, 'SITE_TIME_ZONE'>;
  readonly mongo: Connection;
  readonly commands: CommandBus;
  readonly bus: EventBus;
  readonly audit: Audit;
  readonly log: Logger;
}): Route[] {
  const { config, mongo, log } = needs;
  return routesOf({
    ...needs,
    queues: createMongoQueues(mongo),
    waits: createMongoWaits(mongo, log),
    states: createMongoStates(mongo, log),
    callbacks: createMongoCallbacks(mongo),
    boundsOf: (date) => {
      const from = DateTime.fromISO(date, { zone: config.SITE_TIME_ZONE });
      return { from: from.toJSDate(), to: from.plus({ days: 1 }).toJSDate() };
    },
  });
}

/** The demo queue and the queue of proof calls, where they are missing. */
export async function seedRouting(
  mongo: Connection,
  { demo, proofAgentId }: { readonly demo: boolean; readonly proofAgentId: string },
): Promise<void> {
  const queues = createMongoQueues(mongo);
  const known = new Set((await queues.all()).map(({ id }) => id));
  if (known.size === 0 && demo) await queues.seed(Queue.parse({ id: 'service', name: { 'zh-CN': '客户服务', en: 'Customer service' } }));
  if (!known.has('proof'))
    await queues.seed(
      Queue.parse({
        id: 'proof',
        name: { 'zh-CN': '验证呼叫', en: 'Proof calls' },
        members: [proofAgentId],
        wrapUp: { mode: 'none', ms: 0, extendable: false },
      }),
    );
}
