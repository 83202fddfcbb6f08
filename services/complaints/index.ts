import { randomUUID } from 'node:crypto';
import { DateTime } from 'luxon';
import type { Connection } from 'mongoose';
import { withinScope, type Principal } from '../shared/domain/rights.js';
import type { EventBus } from '../shared/events/catalogue.js';
import type { Config } from '../shared/platform/config.js';
import type { ExportKind, ExportQuery } from '../shared/platform/export-kind.js';
import type { Logger } from '../shared/platform/logger.js';
import type { ReachesObject } from '../shared/platform/reach.js';
import type { Audit, Route } from '../shared/platform/route.js';
import type { Service } from '../shared/platform/service.js';
import { createMongoCallsOfNumber, createMongoComplaints } from './adapters/mongo-complaints.js';
import { createMongoRules } from './adapters/mongo-rules.js';
import { caseSheet } from './adapters/case-sheet.js';
import { publishedCalendar } from './adapters/published-calendar.js';
import { createSmtpMessenger } from './adapters/smtp-messenger.js';
import { createClockWatch } from './clock-watch.js';
import { createComplaintService } from './complaint-service.js';
import { defaultRules } from './deadline-rule.js';
import { createComplaintRoutes as routesOf } from './http.js';
import type { DoNotCall, RecordingHolds } from './ports.js';

export type { DoNotCall, RecordingHolds } from './ports.js';

/** A clock that is due fires within 5 s. */
const LOOK_EVERY_MS = 2_000;

export interface ComplaintRouteDependencies {
  readonly config: Config;
  readonly mongo: Connection;
  readonly bus: EventBus;
  readonly audit: Audit;
  readonly holds: RecordingHolds;
  readonly doNotCall: DoNotCall;
  /** The same keyed hash that call records carry. */
  readonly hashNumber: (number: string) => string;
}

export function createComplaintRoutes({ config, mongo, bus, audit, holds, doNotCall, hashNumber }: ComplaintRouteDependencies): Route[] {
  const complaints = createMongoComplaints(mongo);
  const rules = createMongoRules(mongo);
  const calls = createMongoCallsOfNumber(mongo);
  const zone = config.SITE_TIME_ZONE;
  const smtp =
    config.SMTP_URL === undefined || config.SMTP_FROM === undefined ? undefined : { url: config.SMTP_URL, from: config.SMTP_FROM };
  const service = createComplaintService({
    complaints,
    rules,
    calls,
    holds,
    doNotCall,
    messenger: createSmtpMessenger(smtp),
    bus,
    audit,
    now: () => new Date(),
    newId: randomUUID,
    hashNumber,
    dateOf: (at) => DateTime.fromJSDate(at, { zone }).toISODate() ?? '',
    endOf: (date) => DateTime.fromISO(date, { zone }).endOf('day').toJSDate(),
    defaultProvince: config.SITE_PROVINCE,
  });
  const bounds = () => {
    const now = DateTime.now().setZone(zone);
    return { now: now.toJSDate(), todayEnd: now.endOf('day').toJSDate(), weekEnd: now.endOf('week').toJSDate() };
  };
  return routesOf({ service, complaints, rules, calls, audit, hashNumber, bounds });
}

/** Whether a person reaches a case: those of the own client units. */
export function createComplaintReach({ mongo }: Pick<ComplaintRouteDependencies, 'mongo'>): ReachesObject['complaint'] {
  const complaints = createMongoComplaints(mongo);
  return async ({ scope }, id) => {
    const found = await complaints.byId(id);
    return found !== undefined && withinScope(scope.clientUnits, found.clientUnit);
  };
}

const EXPORT_ROWS = 10_000;

/** Cases received in a time, as CSV with masked numbers. They belong to no queue, so one that is asked for finds none. */
export function createComplaintExport({ mongo }: Pick<ComplaintRouteDependencies, 'mongo'>): ExportKind {
  const complaints = createMongoComplaints(mongo);
  const wholeTime = { now: new Date(0), todayEnd: new Date(0), weekEnd: new Date(0) };
  const search = ({ from, to, agentId }: ExportQuery, { scope }: Principal, limit: number) =>
    complaints.search(
      {
        receivedFrom: from,
        receivedTo: to,
        clientUnits: scope.clientUnits,
        skip: 0,
        limit,
        ...(agentId === undefined ? {} : { againstAgentId: agentId }),
      },
      wholeTime,
    );
  return {
    name: 'complaints',
    title: { zh: '投诉台账', en: 'Complaints' },
    right: 'complaints.work',
    maxRows: EXPORT_ROWS,
    count: async (query, principal) => (await search(query, principal, 1)).total,
    async send(query, { principal, exportId, response }) {
      const { complaints: rows } = await search(query, principal, EXPORT_ROWS);
      response.attachment(`complaints_${exportId}.csv`).type('text/csv').end(caseSheet(rows));
    },
  };
}

/** The clocks, in the cases role. At start it brings rules and the calendars that are published. */
export function createComplaintClocks({
  mongo,
  bus,
  holds,
  log,
}: {
  readonly mongo: Connection;
  readonly bus: EventBus;
  readonly holds: RecordingHolds;
  readonly log: Logger;
}): Service {
  const complaints = createMongoComplaints(mongo);
  const look = createClockWatch({ complaints, bus, now: () => new Date(), log });
  let unsubscribe: () => Promise<void> = async () => undefined;

  /** A complaint opened during the call it is about is there before the recording: the hold is set when that is stored. */
  async function holdLate(callId: string): Promise<void> {
    for (const complaint of await complaints.ofCall(callId)) await holds.hold([callId], `complaint ${complaint.number}`);
  }
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<unknown> = Promise.resolve();
  return {
    name: 'complaint-clocks',
    async start() {
      await seedRules(mongo);
      unsubscribe = await bus.subscribe('complaints', { 'recording.archived': ({ callId }) => holdLate(callId) });
      timer = setInterval(() => {
        looking = looking.then(look).catch((error: unknown) => log.error({ err: error }, 'clocks of complaints could not be looked at'));
      }, LOOK_EVERY_MS);
    },
    async stop() {
      clearInterval(timer);
      await unsubscribe();
      await looking;
    },
  };
}

async function seedRules(mongo: Connection): Promise<void> {
  const rules = createMongoRules(mongo);
  if ((await rules.newest()) === undefined) await rules.add({ version: 1, validFrom: new Date().toISOString(), rules: defaultRules });
  const known = await rules.calendars();
  const thisYear = new Date().getUTCFullYear();
  for (const year of [thisYear - 1, thisYear, thisYear + 1]) {
    const published = known.has(year) ? undefined : publishedCalendar(year);
    if (published !== undefined) await rules.putCalendar(published);
  }
}
