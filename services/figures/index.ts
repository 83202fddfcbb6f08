import { DateTime } from 'luxon';
import type { Connection } from 'mongoose';
import { unhurried, type EventBus, type EventOf } from '../shared/events/catalogue.js';
import type { Config } from '../shared/platform/settings/config.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import { newId } from '../shared/platform/stores/new-id.js';
import { every } from '../shared/platform/processes/rounds.js';
import type { Service } from '../shared/platform/processes/service.js';
import { systemClock } from '../shared/platform/processes/system-clock.js';
import type { MembersOf, ReachOf } from '../shared/platform/reach/reach.js';
import type { Audit, Route } from '../shared/platform/http/route.js';
import type { Reads } from '../shared/records/reads.js';
import { createMongoChecks } from './adapters/mongo-checks.js';
import { createMongoNumberSites } from './adapters/mongo-number-sites.js';
import { createMongoSavedReports } from './adapters/mongo-saved-reports.js';
import { createMongoSums } from './adapters/mongo-sums.js';
import { createMongoVisits } from './adapters/mongo-visits.js';
import { createReportForms } from './adapters/report-forms.js';
import { createSiteDays } from './adapters/site-days.js';
import { createSlots } from './adapters/slots.js';
import { createDailyReadings } from './daily/daily-limit.js';
import { createDailyLines } from './daily/daily-lines.js';
import { createDailyRoutes, type DailyHttp } from './daily/http.js';
import { checkDay } from './day-check.js';
import { createListFiles, type ListFileNeeds } from './files/list-file.js';
import { createReportFiles, type ReportFileNeeds } from './files/report-file.js';
import { createFiguresHttp } from './http.js';
import { createListRoutes, type ListsHttp } from './lists/http.js';
import { createSiteKeeper, createSitesOf } from './number-sites.js';
import type { DayCheck } from './ports.js';
import { createReportReader } from './report-reader.js';
import type { Span } from './report.js';
import { fillResults } from './results.js';
import { createFigureRowsRoutes } from './rows/http.js';
import { createSavedRoutes, type SavedHttp } from './saved/http.js';
import { createReportMailer, type ReportMailerNeeds } from './saved/report-mailer.js';
import { createSumUp } from './sum-up.js';
import { createEntitlements, visitHandlers } from './visit-book.js';

const LOOK_EVERY_MS = 600_000;
const SITES_EVERY_MS = 60_000;
const SUM_EVERY_MS = 3_600_000;
const MAIL_EVERY_MS = 30_000;
/** Visits that were recorded within this time before a start may have missed the sums of their day. */
const NOTED_BEFORE_START_MS = 36 * 3_600_000;
/** Nearly all calls over midnight have ended by then. */
const CHECK_FROM_HOUR = 2;

export { createAgentFigures, type FiguresOfAgent } from './agent-figures.js';

export interface FiguresDependencies {
  readonly config: Pick<Config, 'SITE_TIME_ZONE' | 'FIGURES_KEEP_DAYS'>;
  readonly mongo: Connection;
  readonly reads: Pick<Reads, 'accounts' | 'agentStates' | 'calls' | 'contacts' | 'queues' | 'serviceNumbers' | 'visits'>;
  readonly bus: EventBus;
  readonly log: Logger;
}

/** Stores the visits, in the cases role, and checks them every night. */
export function createFigures({ config, mongo, reads, bus, log }: FiguresDependencies): Service {
  const now = (): Date => new Date();
  const visits = createMongoVisits(mongo);
  const checks = createMongoChecks(mongo);
  const entitlements = createEntitlements(reads);
  const sums = createMongoSums(mongo);
  /** Intervals that were larger than their rows, counted since the last alarm, by the site's date. */
  const overstated = new Map<string, number>();
  const dateOf = (atMs: number): string => DateTime.fromMillis(atMs, { zone: config.SITE_TIME_ZONE }).toISODate() ?? '';
  const onOverstated = (atMs: number): void => void overstated.set(dateOf(atMs), (overstated.get(dateOf(atMs)) ?? 0) + 1);
  const filling = (span: Span): Promise<void> => fillResults({ reads, visits }, span);
  const sumUp = createSumUp({ reads, sums, dayOf: createSlots('day', config.SITE_TIME_ZONE), onOverstated, fillResults: filling, now });
  const summing = every(SUM_EVERY_MS, sumClosed, 'closed intervals could not be summed up', log);
  let summedAt = new Date(now().getTime() - NOTED_BEFORE_START_MS);
  let stopped = false;
  const keepSites = createSiteKeeper(siteNeeds({ mongo, reads, zone: config.SITE_TIME_ZONE, now }));
  const sites = every(SITES_EVERY_MS, keepSites, 'the sites of numbers could not be stored for reports', log);
  const round = every(LOOK_EVERY_MS, checkYesterday, 'the figures of yesterday could not be checked', log);
  let stop: () => Promise<void> = async () => undefined;

  async function sumClosed(): Promise<void> {
    const since = summedAt;
    const begun = now();
    await sumUp.sumRecent();
    await sumUp.sumMissing(since, () => stopped);
    await raiseOverstated();
    summedAt = begun;
    const before = sumUp.keptFrom(config.FIGURES_KEEP_DAYS);
    const removed = (await visits.removeBefore(before)) + (await sums.removeBefore(before));
    if (removed > 0) log.info({ rows: removed }, 'visits and sums past their retention time were removed');
  }

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
    const { unaccounted = 0 } = check;
    if (check.differences.length > 0 || unaccounted > 0) await raise(check);
    // The records of calls have just been read: late ones go into the sums of the day.
    const changed = await sumUp.sumDay({ fromMs: day.toMillis(), untilMs: day.plus({ days: 1 }).toMillis() });
    if (changed > 0) log.info({ date, intervals: changed }, 'the sums of a day have a new revision');
    if (check.added > 0) log.warn({ date, rows: check.added }, 'visits were added from the records of their calls');
    await raiseOverstated();
  }

  /** Sums that were larger than their rows are computed again, and reported. */
  async function raiseOverstated(): Promise<void> {
    for (const [date, intervals] of overstated) {
      log.error({ date, intervals }, 'stored sums were higher than their rows');
      await checks.overstated(date, intervals);
      await bus.publish('notice.raised', {
        at: now().toISOString(),
        code: 'figures-differ',
        subject: date,
        text: {
          'zh-CN': `${date} 有 ${String(intervals)} 个时段的汇总大于其明细，已按明细重算，当日报表待核实。`,
          en: `Stored sums of ${String(intervals)} intervals of ${date} were higher than their rows. They were counted again; the figures of that day are in question.`,
        },
      });
      overstated.delete(date);
    }
  }

  async function raise({ date, differences, unaccounted = 0 }: DayCheck): Promise<void> {
    log.error({ date, rows: differences.length, unaccounted }, 'visits and the records of calls differ');
    const rows = String(Math.max(differences.length, unaccounted));
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
      stop = await bus.subscribe('figures', visitHandlers({ visits, entitlements, reads, now }), unhurried);
      round.start();
      summing.start();
      sites.start();
    },
    async stop() {
      stopped = true;
      await Promise.all([round.stop(), summing.stop(), sites.stop()]);
      await stop();
    },
    health: async () => ({ ok: true }),
  };
}

const siteNeeds = ({
  mongo,
  reads,
  zone,
  now,
}: Pick<FiguresDependencies, 'mongo'> & {
  readonly reads: Pick<Reads, 'serviceNumbers'>;
  readonly zone: string;
  readonly now: () => Date;
}) => ({
  store: createMongoNumberSites(mongo),
  registered: async () =>
    new Map(
      (await reads.serviceNumbers.find({}, { fields: ['site'] })).flatMap(({ _id, site }) => (site === undefined ? [] : [[_id, site]])),
    ),
  today: () => DateTime.fromJSDate(now(), { zone }).startOf('day').toJSDate(),
});

/** What reports need from the rest of the product. */
export interface ReportDependencies extends Pick<FiguresDependencies, 'mongo'>, Pick<DailyHttp, 'elementsOf'> {
  readonly reads: FiguresDependencies['reads'] & DailyHttp['reads'] & Pick<Reads, 'registerEntries'>;
  readonly config: Pick<Config, 'SITE_TIME_ZONE' | 'WEB_ORIGIN'>;
  readonly headingOf: ReportFileNeeds['headingOf'];
  readonly membersOf: MembersOf;
  readonly teamsOf: NonNullable<ReportFileNeeds['teamsOf']>;
  readonly resultNames: NonNullable<ReportFileNeeds['resultNames']>;
}

function createReports({
  config: { SITE_TIME_ZONE: zone },
  mongo,
  reads,
  elementsOf,
  headingOf,
  membersOf,
  teamsOf,
  resultNames,
}: ReportDependencies) {
  const now = (): Date => new Date();
  const days = createSiteDays(zone);
  const sitesOf = createSitesOf(siteNeeds({ mongo, reads, zone, now }));
  const readReport = createReportReader({ reads, sums: createMongoSums(mongo), membersOf, sitesOf, zone, slotsOf: createSlots, now });
  const readings = createDailyReadings(systemClock);
  const withDaily = createDailyLines({ reads, elementsOf, readings, zone, slotsOf: createSlots, now });
  const render = createReportForms();
  return {
    render,
    readReport,
    sitesOf,
    withDaily,
    readings,
    days,
    now,
    resultNames,
    makeFile: createReportFiles({ readReport, withDaily, reads, days, teamsOf, resultNames, headingOf, render, now }),
  };
}

/** The reports and lists, in the api role. */
export function createFigureRoutes({
  reachOf,
  audit,
  places,
  commands,
  breakReasons,
  ...needs
}: ReportDependencies & { readonly reachOf: ReachOf; readonly audit: Audit } & Pick<ListsHttp, 'places' | 'commands'> &
  Pick<SavedHttp, 'addressesOf'> &
  Pick<ListFileNeeds, 'breakReasons'> & { readonly messages: { canSend(way: 'mail'): boolean } }): Route[] {
  const [{ reads, mongo, elementsOf, addressesOf, messages }, reports] = [needs, createReports(needs)];
  const makeListFile = createListFiles({ ...reports, reads, headingOf: needs.headingOf, breakReasons });
  return [
    ...createFiguresHttp({ ...reports, reads, checks: createMongoChecks(mongo), reachOf, audit, membersOf: needs.membersOf }),
    ...createFigureRowsRoutes({
      ...reports,
      reads,
      reachOf,
      membersOf: needs.membersOf,
      zone: needs.config.SITE_TIME_ZONE,
      slotsOf: createSlots,
    }),
    ...createDailyRoutes({ ...reports, reads, elementsOf, reachOf }),
    ...createListRoutes({ reads, days: reports.days, now: reports.now, makeFile: makeListFile, reachOf, places, commands, audit }),
    ...createSavedRoutes({
      store: createMongoSavedReports(mongo),
      reads,
      addressesOf,
      canMail: () => messages.canSend('mail'),
      hasLinks: needs.config.WEB_ORIGIN !== undefined,
      audit,
      newId,
      now: reports.now,
    }),
  ];
}

/** Mails saved reports that are due, in the cases role. */
export function createReportMails({
  bus,
  log,
  origin,
  ...needs
}: ReportDependencies &
  Pick<ReportMailerNeeds, 'addressesOf' | 'queue' | 'reachOf' | 'workdays' | 'audit' | 'origin' | 'log'> & {
    readonly bus: EventBus;
  }): Service {
  const reports = createReports(needs);
  const mailer = createReportMailer({
    ...needs,
    ...{ origin, log, days: reports.days, makeFile: reports.makeFile, now: reports.now },
    store: createMongoSavedReports(needs.mongo),
    async alarm({ id, name }, unsent, people) {
      await bus.publish('notice.raised', {
        at: reports.now().toISOString(),
        code: 'report-not-sent',
        subject: id,
        people: [...people],
        text: {
          'zh-CN': `报表“${name}”有 ${String(unsent)} 位收件人未收到。`,
          en: `${String(unsent)} receivers did not get the report “${name}”.`,
        },
      });
    },
  });
  let stopped = false;
  const round = every(MAIL_EVERY_MS, () => mailer.round(() => stopped), 'reports could not be mailed', log);
  let unsubscribe: () => Promise<void> = async () => undefined;
  return {
    name: 'report-mails',
    async start() {
      const settled = async ({ messageId, topic, topicId, state }: EventOf<'message.settled'>): Promise<void> => {
        if (topic === 'report' && state === 'failed') await mailer.refused(topicId, messageId);
      };
      unsubscribe = await bus.subscribe('report-mails', { 'message.settled': settled }, unhurried);
      round.start();
    },
    async stop() {
      stopped = true;
      await round.stop();
      await unsubscribe();
    },
  };
}
