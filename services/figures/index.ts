import { DateTime } from 'luxon';
import type { Connection } from 'mongoose';
import { unhurried, type EventBus } from '../shared/events/catalogue.js';
import type { Config } from '../shared/platform/config.js';
import type { Logger } from '../shared/platform/logger.js';
import { every } from '../shared/platform/rounds.js';
import type { Service } from '../shared/platform/service.js';
import type { Route } from '../shared/platform/route.js';
import type { Reads } from '../shared/records/reads.js';
import { createMongoChecks } from './adapters/mongo-checks.js';
import { createMongoVisits } from './adapters/mongo-visits.js';
import { createSlots } from './adapters/slots.js';
import { checkDay } from './day-check.js';
import { createFiguresHttp, type FiguresHttp } from './http.js';
import type { DayCheck } from './ports.js';
import { createEntitlements, visitHandlers } from './visit-book.js';

const LOOK_EVERY_MS = 600_000;
/** Calls that went over midnight have ended by then, nearly all of them. */
const CHECK_FROM_HOUR = 2;

export interface FiguresDependencies {
  readonly config: Pick<Config, 'SITE_TIME_ZONE'>;
  readonly mongo: Connection;
  readonly reads: Pick<Reads, 'calls' | 'visits' | 'queues' | 'serviceNumbers'>;
  readonly bus: EventBus;
  readonly log: Logger;
}

/** Keeps the visits, in the cases role, and checks them every night. */
export function createFigures({ config, mongo, reads, bus, log }: FiguresDependencies): Service {
  const now = (): Date => new Date();
  const visits = createMongoVisits(mongo);
  const checks = createMongoChecks(mongo);
  const entitlements = createEntitlements(reads);
  const round = every(LOOK_EVERY_MS, checkYesterday, 'the figures of yesterday could not be checked', log);
  let stop: () => Promise<void> = async () => undefined;

  async function checkYesterday(): Promise<void> {
    const local = DateTime.fromJSDate(now(), { zone: config.SITE_TIME_ZONE });
    const day = local.minus({ days: 1 }).startOf('day');
    const date = day.toISODate() ?? '';
    if (local.hour < CHECK_FROM_HOUR || (await checks.of(date)) !== undefined) return;
    const check = await checkDay(
      { date, fromMs: day.toMillis(), untilMs: day.plus({ days: 1 }).toMillis() },
      { reads, visits, entitlements, now },
    );
    await checks.put(check);
    if (check.added > 0) log.warn({ date, rows: check.added }, 'visits were added from the records of their calls');
    if (check.differences.length > 0) await raise(check);
  }

  async function raise({ date, differences }: DayCheck): Promise<void> {
    log.error({ date, rows: differences.length }, 'visits and the records of calls differ');
    const rows = String(differences.length);
    await bus.publish('notice.raised', {
      at: now().toISOString(),
      code: 'figures-differ',
      subject: date,
      text: {
        'zh-CN': `${date} 的排队记录与通话记录有 ${rows} 条不一致，当日报表待核实。`,
        en: `${rows} visits to queues of ${date} differ from the records of their calls: the figures of that day are in question.`,
      },
    });
  }

  return {
    name: 'figures',
    async start() {
      stop = await bus.subscribe('figures', visitHandlers({ visits, entitlements, now }), unhurried);
      round.start();
    },
    async stop() {
      await round.stop();
      await stop();
    },
    health: async () => ({ ok: true }),
  };
}

/** The reports, in the api role. */
export const createFigureRoutes = ({
  config,
  mongo,
  reads,
  reachOf,
}: Pick<FiguresDependencies, 'config' | 'mongo'> & Pick<FiguresHttp, 'reads' | 'reachOf'>): Route[] =>
  createFiguresHttp({
    reads,
    checks: createMongoChecks(mongo),
    reachOf,
    zone: config.SITE_TIME_ZONE,
    slotsOf: createSlots,
    now: () => new Date(),
  });
