import { createHash, randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { DateTime } from 'luxon';
import type { Connection } from 'mongoose';
import type { CommandBus } from '../shared/contracts/calls/commands.js';
import { isWeekday } from '../shared/domain/time/calendar-date.js';
import type { Principal } from '../shared/domain/people/rights.js';
import { unhurried, type EventBus } from '../shared/events/catalogue.js';
import type { Config } from '../shared/platform/settings/config.js';
import type { ExportKind, ExportQuery } from '../shared/platform/reach/export-kind.js';
import { createFigureBook, figureBookRoutes, type FigureBook } from '../shared/platform/stores/figure-book.js';
import type { NumberLookUps } from '../shared/platform/reach/number-look-ups.js';
import type { ObjectClient } from '../shared/platform/stores/objects.js';
import { renderDocx } from '../shared/platform/paper/docx-renderer.js';
import { renderPdf } from '../shared/platform/paper/pdf-renderer.js';
import { mailHasher, type NumberHash } from '../shared/platform/reach/number-hash.js';
import { productVersion } from '../shared/platform/settings/product-version.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import type { ReachesObject } from '../shared/platform/reach/reach.js';
import { every } from '../shared/platform/processes/rounds.js';
import type { Audit, Route } from '../shared/platform/http/route.js';
import { createSecretCipher } from '../shared/platform/stores/secret-cipher.js';
import type { Service } from '../shared/platform/processes/service.js';
import { caseSheet } from './adapters/case-sheet.js';
import { withLiveCalls } from './adapters/live-calls-of-number.js';
import { createMailFolder } from './adapters/mail-folder.js';
import { readLines, readMail } from './adapters/file-readers.js';
import type { Reads } from '../shared/records/reads.js';
import { createCallsOfNumber, type ServiceNumbers } from './adapters/calls-of-number.js';
import { createMongoComplaints } from './adapters/mongo-complaints.js';
import { createMongoImports } from './adapters/mongo-imports.js';
import { createMongoRules } from './adapters/mongo-rules.js';
import { rehashComplainants as rehash } from './adapters/number-forms.js';
import { createAlarmCondition } from '../shared/platform/processes/alarm-condition.js';
import { createCalendarWatch } from './clock/calendar-watch.js';
import { publishedCalendar } from './adapters/published-calendar.js';
import { createCaseFiles } from './adapters/s3-case-files.js';
import { createValkeyFormLimits } from './adapters/valkey-form-limits.js';
import { createBoardRoutes } from './boards/http.js';
import { seesCase, WHOLE_CENTRE, type CaseScope } from './cases/case-scope.js';
import { createClockWatch, holdOf } from './clock/clock-watch.js';
import { createComplaintService, type ComplaintService } from './complaint-service.js';
import { defaultRules } from './clock/deadline-rule.js';
import { isWorkingDay, type Calendar } from './clock/working-days.js';
import { createFileRoutes } from './files/http.js';
import { createCaseRoutes } from './http.js';
import { createIntakeRoutes } from './intake/http.js';
import { createMailIntake } from './intake/mail-intake.js';
import type {
  CallsOfNumber,
  ComplaintStore,
  DoNotCall,
  LicenceHolder,
  Messenger,
  PeopleOfCases,
  RecordingHolds,
  RuleStore,
} from './ports.js';
import { createRuleRoutes } from './rules/http.js';
import { countFigures, FIGURES_VERSION, SERVICE_CALLS_SINCE, type ComplaintFigures } from './statistics.js';
import type { CallId } from '../shared/domain/ids.js';

export type { DoNotCall, LicenceHolder, Messenger, RecordingHolds } from './ports.js';

/** A due clock fires within 5 s. */
const LOOK_EVERY_MS = 2_000;
const FIGURES_EVERY_MS = 600_000;
/** After this time without a report the outbox is asked for the end of an answer. */
const ASK_AFTER_MS = 30_000;
const DAY_MS = 86_400_000;

export interface ComplaintDependencies {
  readonly config: Config;
  readonly mongo: Connection;
  readonly objects: ObjectClient;
  readonly reads: Pick<Reads, 'calls'>;
  readonly commands: CommandBus;
  readonly bus: EventBus;
  readonly audit: Audit;
  readonly holds: RecordingHolds;
  readonly doNotCall: DoNotCall;
  readonly messages: Messenger;
  readonly licenceHolder: LicenceHolder;
  readonly serviceNumbers: ServiceNumbers;
  /** The same keyed hash that call records contain. */
  readonly hashNumber: NumberHash;
  readonly lookUps: NumberLookUps;
}

interface Parts {
  readonly complaints: ComplaintStore;
  readonly rules: RuleStore;
  readonly calls: CallsOfNumber;
  readonly service: ComplaintService;
  readonly mail: ReturnType<typeof createMailIntake>;
}

function partsOf(needs: ComplaintDependencies): Parts {
  const {
    config,
    mongo,
    objects,
    reads,
    commands,
    bus,
    audit,
    holds,
    doNotCall,
    messages,
    licenceHolder,
    serviceNumbers,
    hashNumber,
    lookUps,
  } = needs;
  const zone = config.SITE_TIME_ZONE;
  const complaints = createMongoComplaints(mongo);
  const rules = createMongoRules(mongo);
  const calls = withLiveCalls(createCallsOfNumber(reads.calls, serviceNumbers), commands);
  const now = (): Date => new Date();
  const digest = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');
  const service = createComplaintService({
    complaints,
    rules,
    calls,
    holds,
    doNotCall,
    bus,
    audit,
    now,
    hashNumber,
    lookUps,
    hashMail: mailHasher(config.MASTER_KEY),
    digest,
    files: createCaseFiles(mongo, objects, config.S3_BUCKET),
    print: { docx: renderDocx, pdf: renderPdf },
    holder: licenceHolder,
    version: productVersion(),
    appealContact: config.COMPLAINT_APPEAL_CONTACT,
    imports: createMongoImports(mongo),
    messenger: messages,
    sealer: sealerOf(config),
    newId: randomUUID,
    dateOf: dateIn(zone),
    timeOf: (at) => DateTime.fromJSDate(at, { zone }).toFormat('yyyy-MM-dd HH:mm'),
    endOf: (date) => DateTime.fromISO(date, { zone }).endOf('day').toJSDate(),
    defaultProvince: config.SITE_PROVINCE,
    holdAfterCloseMs: config.COMPLAINT_HOLD_DAYS * DAY_MS,
  });
  return { complaints, rules, calls, service, mail: createMailIntake({ service, complaints, read: readMail, digest, now }) };
}

/** Runs once, after an upgrade. People who opened cases before are then found by the normal form of the number. */
export const rehashComplainants = (
  mongo: Connection,
  config: Pick<Config, 'MASTER_KEY' | 'MASTER_KEY_PREVIOUS'>,
  hashNumber: NumberHash,
): Promise<void> => rehash(mongo, sealerOf(config), hashNumber);

const sealerOf = (config: Pick<Config, 'MASTER_KEY' | 'MASTER_KEY_PREVIOUS'>) =>
  createSecretCipher([config.MASTER_KEY, ...config.MASTER_KEY_PREVIOUS], 'complainants');

const dateIn =
  (zone: string) =>
  (at: Date): string =>
    DateTime.fromJSDate(at, { zone }).toISODate() ?? '';

/** Figures of a period as of a moment, counted from the rows. */
function counterOf(complaints: ComplaintStore, calls: CallsOfNumber) {
  return async (
    from: Date,
    to: Date,
    asOf: Date,
    scope: CaseScope = WHOLE_CENTRE,
    version = FIGURES_VERSION,
  ): Promise<ComplaintFigures> => {
    const figures = countFigures(asOf);
    for await (const complaint of complaints.received(from, to, scope)) figures.add(complaint);
    return figures.total(await calls.count(from, to, asOf, scope, version < SERVICE_CALLS_SINCE ? 'all' : 'service'));
  };
}

function bookOf(
  { config, mongo }: Pick<ComplaintDependencies, 'config' | 'mongo'>,
  { complaints, calls }: Pick<Parts, 'complaints' | 'calls'>,
) {
  return createFigureBook<ComplaintFigures>({
    mongo,
    collection: 'complaint_figures',
    formulaVersion: FIGURES_VERSION,
    zone: config.SITE_TIME_ZONE,
    now: () => new Date(),
    count: (from, to, asOf, version) => counterOf(complaints, calls)(from, to, asOf, WHOLE_CENTRE, version),
  });
}

export function createComplaintRoutes(
  needs: ComplaintDependencies & {
    readonly valkey: Redis;
    readonly people: PeopleOfCases;
    readonly reachesCall: ReachesObject['call'];
  },
): Route[] {
  const { config, audit, hashNumber, valkey } = needs;
  const parts = partsOf(needs);
  const { complaints, rules, calls, service, mail } = parts;
  const bounds = () => {
    const now = DateTime.now().setZone(config.SITE_TIME_ZONE);
    return { now: now.toJSDate(), todayEnd: now.endOf('day').toJSDate(), weekEnd: now.endOf('week').toJSDate() };
  };
  return [
    ...createCaseRoutes({ service, complaints, people: needs.people, holder: needs.licenceHolder, reachesCall: needs.reachesCall }),
    ...createFileRoutes(service),
    ...createIntakeRoutes({
      service,
      mail,
      limits: createValkeyFormLimits(valkey),
      readLines,
      now: () => new Date(),
      dateOf: dateIn(config.SITE_TIME_ZONE),
    }),
    ...createBoardRoutes({ complaints, audit, hashNumber, bounds, count: counterOf(complaints, calls) }),
    ...figureBookRoutes(bookOf(needs, parts), {
      path: '/complaints/figures',
      audit,
    }),
    ...createRuleRoutes({ rules, audit }),
  ];
}

/** Whether a person reaches a case: those of the person's client units and queues. */
export function createComplaintReach({ mongo }: Pick<ComplaintDependencies, 'mongo'>): ReachesObject['complaint'] {
  const complaints = createMongoComplaints(mongo);
  return async ({ scope }, id) => {
    const found = await complaints.byId(id);
    return found !== undefined && seesCase(scope, found);
  };
}

/** The stored figures of months and years, for the evidence. */
export const createComplaintFigures = (needs: ComplaintDependencies): Pick<FigureBook<ComplaintFigures>, 'newest'> =>
  bookOf(needs, partsOf(needs));

const EXPORT_ROWS = 10_000;

/** Cases received in a period, as CSV with masked numbers. They belong to no queue, so an export for one queue is empty. */
export function createComplaintExport({ mongo }: Pick<ComplaintDependencies, 'mongo'>): ExportKind {
  const complaints = createMongoComplaints(mongo);
  const wholeTime = { now: new Date(0), todayEnd: new Date(0), weekEnd: new Date(0) };
  const search = ({ from, to, agentId }: ExportQuery, { scope }: Principal, limit: number) =>
    complaints.search(
      {
        receivedFrom: from,
        receivedTo: to,
        scope,
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

/** Changes in cases that time and other parts cause, in the cases role. At the start it loads rules and the published calendars. */
export function createComplaintWorker(needs: ComplaintDependencies & { readonly log: Logger }): Service {
  const { config, mongo, bus, holds, messages, log } = needs;
  const parts = partsOf(needs);
  const { complaints, service, mail } = parts;
  const now = (): Date => new Date();
  const look = createClockWatch({ complaints, holds, bus, now, log });
  const calendarWatch = createCalendarWatch({
    calendars: () => createMongoRules(mongo).calendars(),
    today: () => dateIn(config.SITE_TIME_ZONE)(now()),
    condition: createAlarmCondition({ bus, code: 'calendar-missing' }),
  });
  const book = bookOf(needs, parts);
  const folder =
    config.COMPLAINT_MAIL_FOLDER === undefined
      ? undefined
      : createMailFolder({ folder: config.COMPLAINT_MAIL_FOLDER, intake: mail, bus, log });

  /** A complaint that is opened during its call exists before the recording. The hold is set when the recording is stored. */
  async function holdLate(callId: CallId): Promise<void> {
    for (const complaint of await complaints.ofCall(callId)) await holds.hold([callId], holdOf(complaint));
  }

  /** Handles the ends of sent answers that no event reported, and answers whose message was never recorded. */
  async function settleForgotten(): Promise<void> {
    const waiting = await complaints.withSending(new Date(now().getTime() - ASK_AFTER_MS), 200);
    const states = await messages.states(waiting.flatMap(({ sending }) => sending?.messageId ?? []));
    for (const { id, sending } of waiting) {
      if (sending === undefined) continue;
      const known = states.find(({ messageId }) => messageId === sending.messageId);
      if (known === undefined) await service.messageSettled(id, sending.messageId, 'failed', 'not-queued');
      else if (known.state !== 'waiting') await service.messageSettled(id, sending.messageId, known.state, known.reason);
    }
  }

  const rounds = [
    every(LOOK_EVERY_MS, look, 'the complaint deadlines could not be checked', log),
    every(LOOK_EVERY_MS, calendarWatch, 'the working calendars could not be checked', log),
    every(LOOK_EVERY_MS, () => service.carryOn(), 'the imports of complaints could not be continued', log),
    every(LOOK_EVERY_MS, settleForgotten, 'the delivery of answers could not be checked', log),
    every(FIGURES_EVERY_MS, () => service.sweepFiles(), 'the files that belong to no case could not be deleted', log),
    every(FIGURES_EVERY_MS, () => book.fill(), 'figures of complaints could not be stored', log),
    ...(folder === undefined ? [] : [every(LOOK_EVERY_MS, () => folder.look(), 'the mail folder could not be read', log)]),
  ];
  let unsubscribe: () => Promise<void> = async () => undefined;
  return {
    name: 'complaints',
    async start() {
      await seedRules(mongo);
      await folder?.open();
      unsubscribe = await bus.subscribe(
        'complaints',
        {
          'recording.archived': ({ callId }) => holdLate(callId),
          'message.settled': async ({ messageId, topic, topicId, state, reason }) => {
            if (topic === 'complaint-answer') await service.messageSettled(topicId, messageId, state, reason);
          },
        },
        unhurried,
      );
      for (const round of rounds) round.start();
    },
    async stop() {
      await unsubscribe();
      await Promise.all(rounds.map((round) => round.stop()));
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

/** Whether a date is a working day: by the entered calendar, else by what the package knows about its year, else by its weekday. */
export function createWorkdayReader(mongo: Connection): () => Promise<(date: string) => boolean> {
  const published = new Map<number, Calendar>();
  function publishedOf(year: number): Calendar {
    const known = published.get(year);
    if (known !== undefined) return known;
    const found = publishedCalendar(year);
    const calendar: Calendar = new Map(found === undefined ? [] : [[year, found]]);
    published.set(year, calendar);
    return calendar;
  }
  return async () => {
    const entered = await createMongoRules(mongo).calendars();
    return (date) => isWorkingDay(date, entered) ?? isWorkingDay(date, publishedOf(Number(date.slice(0, 4)))) ?? isWeekday(date);
  };
}

/** The calendars of the legal clocks, for parts that need opening hours. */
export const createCalendarReader =
  (mongo: Connection): (() => Promise<Calendar>) =>
  () =>
    createMongoRules(mongo).calendars();

/** The bytes of a file of a case, for packs; undefined when there is no such file. */
export function createCaseFileBodies({
  mongo,
  objects,
  config,
}: Pick<ComplaintDependencies, 'mongo' | 'objects' | 'config'>): (fileId: string) => Promise<Uint8Array | undefined> {
  const files = createCaseFiles(mongo, objects, config.S3_BUCKET);
  return async (fileId) => {
    const file = await files.byId(fileId);
    return file === undefined ? undefined : files.read(file);
  };
}
