import { createHash } from 'node:crypto';
import type { Connection } from 'mongoose';
import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import { unhurried, type EventBus } from '../../shared/events/catalogue.js';
import type { Config } from '../../shared/platform/settings/config.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import { createObjectSizes } from '../../shared/platform/stores/object-sizes.js';
import type { ObjectClient } from '../../shared/platform/stores/objects.js';
import type { Reads } from '../../shared/records/reads.js';
import type { ReachOf } from '../../shared/platform/reach/reach.js';
import type { Audit, Route } from '../../shared/platform/http/route.js';
import { createScheduler, type ScheduledJob } from '../../shared/platform/processes/scheduler.js';
import type { Service } from '../../shared/platform/processes/service.js';
import { siteTimeIn } from '../../shared/platform/processes/site-time.js';
import { createAesSealer, createMasterKeyWrapper } from '../archive/adapters/aes-sealer.js';
import { createCallIndex } from '../archive/adapters/call-index.js';
import { createMongoDeletions, createMongoLockProbes, createMongoRetention } from '../archive/adapters/mongo-keeping.js';
import { createMongoRecordings } from '../archive/adapters/mongo-recordings.js';
import { createMongoRightsRequests } from '../archive/adapters/mongo-rights-requests.js';
import { createS3Archive } from '../archive/adapters/s3-archive.js';
import { deleteDue, probeLock, refreshFacets, rewrapKeys, scrub, type KeeperDependencies } from '../archive/keeper.js';
import { Playback } from '../archive/playback.js';
import type { KeyWrapper } from '../archive/ports.js';
import { createKeepingHttp, type CustomerErasure } from '../keeping/http.js';
import { createArchiveWitness } from '../ledger/adapters/archive-witness.js';
import { createMongoLedger } from '../ledger/adapters/mongo-ledger.js';
import { createMongoSheets } from '../ledger/adapters/mongo-sheets.js';
import { createS3SheetAnchors, readSheetCopies } from '../ledger/adapters/s3-sheet-anchors.js';
import { createMongoClock } from '../ledger/adapters/mongo-clock.js';
import { readHostClock } from '../ledger/adapters/host-clock.js';
import { clockOf, createClockWatch, type TimeSource } from '../ledger/clock-watch.js';
import { closeDays } from '../ledger/day-closing.js';
import { createMongoReviews } from '../review/adapters/mongo-reviews.js';
import { createReviewFormsHttp } from '../review/forms/http.js';
import { createReviewHttp } from '../review/http.js';
import type { DayFacts } from '../ledger/ports.js';
import { checkLedger, checkSealedDays, type LedgerVerdict } from '../ledger/ledger-check.js';
import { every } from '../../shared/platform/processes/rounds.js';
import type { CallId } from '../../shared/domain/ids.js';

const CLOSE_EVERY_MS = 5 * 60_000;
const LOOK_EVERY_MS = 10_000;
const HOUR_MS = 3_600_000;
const SCRUB_AT_HOUR = 3;

const sha256Hex = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** The keys of MASTER_KEY and the earlier ones. */
export const masterKeys = ({ MASTER_KEY, MASTER_KEY_PREVIOUS }: Pick<Config, 'MASTER_KEY' | 'MASTER_KEY_PREVIOUS'>): KeyWrapper =>
  createMasterKeyWrapper([MASTER_KEY, ...MASTER_KEY_PREVIOUS]);

export interface KeeperOptions {
  readonly config: Config;
  readonly mongo: Connection;
  readonly objects: ObjectClient;
  readonly reads: Pick<Reads, 'calls'>;
  readonly bus: EventBus;
  readonly audit: Audit;
  readonly log: Logger;
}

/**
 * The scheduled work on recordings, for the `cases` role: day sheets, deletion at the end of retention, scrub, lock probe, keys, search
 * fields.
 */
export function createRecordingKeeper(
  options: KeeperOptions & { readonly commands: CommandBus; readonly facts: DayFacts; readonly timeSource: TimeSource },
): Service {
  const { config, mongo, objects, bus, commands, log } = options;
  const deps = keeperOf(options);
  const clock = createMongoClock(mongo);
  const watch = createClockWatch({
    ...{ memory: clock, read: readHostClock, limitMs: config.CLOCK_DRIFT_LIMIT_MS, audit: options.audit, log },
  });
  const watched = every(LOOK_EVERY_MS, () => watch.look(), 'the clock could not be compared', log);
  const closing = {
    ledger: createMongoLedger(mongo),
    sheets: createMongoSheets(mongo),
    anchors: createS3SheetAnchors({ objects, bucket: config.S3_BUCKET, keepDays: config.AUDIT_KEEP_DAYS }),
    facts: options.facts,
    audit: options.audit,
    recordOf: (callId: CallId) => deps.calls.find(callId),
    async auditHead() {
      const { number, hash } = await commands.send('audit.head', {});
      return number === undefined || hash === undefined ? undefined : { number, hash };
    },
    clock: () => clockOf(clock, options.timeSource),
    clockCarried: clock.carried,
    sha256: sha256Hex,
    timeZone: config.SITE_TIME_ZONE,
    log,
  };
  let unsubscribe: () => Promise<void> = async () => undefined;
  let working: Promise<unknown> = Promise.resolve();

  /** One job at a time. */
  function inTurn(work: () => Promise<unknown>): Promise<unknown> {
    const done = working.then(work);
    working = done.catch(() => undefined);
    return done;
  }
  const closed = every(CLOSE_EVERY_MS, () => inTurn(() => closeDays(closing, new Date())), 'days could not be closed', log);
  const hourly = (name: string, work: () => Promise<unknown>): ScheduledJob => ({
    name,
    timetable: { everyMs: HOUR_MS },
    run: () => inTurn(work),
  });
  const scheduler = createScheduler({
    name: 'recording-jobs',
    jobs: [
      hourly('recording-lock-probe', () => probeLock(deps, new Date())),
      hourly('recording-delete-due', () => deleteDue(deps, new Date())),
      hourly('recording-re-wrap', () => rewrapKeys(deps)),
      {
        name: 'recording-scrub',
        timetable: { dailyFromHour: SCRUB_AT_HOUR },
        run: () => inTurn(async () => log.info({ ...(await scrub(deps, new Date())) }, 'stored recordings were opened and compared')),
      },
    ],
    mongo,
    siteTimeOf: siteTimeIn(config.SITE_TIME_ZONE),
    log,
  });

  return {
    name: 'recording-keeper',
    async start() {
      unsubscribe = await bus.subscribe(
        'recording-keeper',
        {
          'recording.archived': async ({ callId, hasFacets }) => {
            if (!hasFacets) await refreshFacets(deps, callId);
          },
          'agent.state-changed': async ({ callId, from }) => {
            if (callId !== undefined && from === 'wrap-up') await refreshFacets(deps, callId);
          },
          'survey.recorded': async ({ callId, score }) => {
            if (score !== undefined) await deps.recordings.learn(callId, { score });
          },
          'contact.disposed': ({ callId, disposition }) => deps.recordings.learn(callId, { disposition }),
          'complaint.opened': async ({ callId, complaintId }) => {
            if (callId !== undefined) await deps.recordings.addComplaint(callId, complaintId);
          },
        },
        unhurried,
      );
      watched.start();
      closed.start();
      await scheduler.start();
    },
    async stop() {
      await watched.stop();
      await closed.stop();
      await scheduler.stop();
      await unsubscribe();
      await working;
    },
  };
}

/** The parts that the scheduled jobs use, for tools and tests that run one of them. */
export function keeperOf({ config, mongo, objects, reads, bus, audit, log }: KeeperOptions): KeeperDependencies {
  const keys = masterKeys(config);
  const archive = createS3Archive(objects, config.S3_BUCKET, config.S3_REGION);
  return {
    recordings: createMongoRecordings(mongo),
    archive,
    calls: createCallIndex(reads.calls),
    deletions: createMongoDeletions(mongo),
    probes: createMongoLockProbes(mongo),
    playback: new Playback({ archive, sealer: createAesSealer(keys), steadyMs: () => performance.now() }),
    keys,
    sha256: sha256Hex,
    bus,
    audit,
    log,
    random: Math.random,
  };
}

/** The heads of the audit log that the sealed sheets carry outside the database. */
export async function sealedAuditHeads(
  objects: ObjectClient,
  bucket: string,
): Promise<{ readonly number: number; readonly hash: string; readonly at: string }[]> {
  const sheets = await readSheetCopies(objects, bucket);
  return sheets.flatMap(({ auditHead, sealedAt }) => (auditHead === undefined ? [] : [{ ...auditHead, at: sealedAt }]));
}

/** For `npm run ledger -- --check` and its route. `seed` and `whole` choose which recordings are opened. */
export function checkRecordingLedger({
  config,
  mongo,
  objects,
  facts,
  seed = 'proofline',
  whole = false,
  now = () => new Date(),
}: {
  readonly config: Pick<Config, 'S3_BUCKET' | 'S3_REGION' | 'MASTER_KEY' | 'MASTER_KEY_PREVIOUS'>;
  readonly mongo: Connection;
  readonly objects: ObjectClient;
  readonly facts: DayFacts;
  readonly seed?: string;
  readonly whole?: boolean;
  readonly now?: () => Date;
}): Promise<LedgerVerdict> {
  const recordings = createMongoRecordings(mongo);
  return checkLedger({
    ledger: createMongoLedger(mongo),
    sheets: createMongoSheets(mongo),
    anchors: { all: () => readSheetCopies(objects, config.S3_BUCKET) },
    sha256: sha256Hex,
    draw: { now: now(), seed, whole },
    facts,
    recordings: createArchiveWitness({
      recordings,
      deletions: createMongoDeletions(mongo),
      archive: createS3Archive(objects, config.S3_BUCKET, config.S3_REGION),
      sizeOf: createObjectSizes(objects, config.S3_BUCKET),
      keys: masterKeys(config),
      now,
    }),
  });
}

/** For `npm run audit -- --check`: the sealed days against the stores, without the archive. */
export const checkRecordingDays = ({
  config,
  mongo,
  objects,
  facts,
}: {
  readonly config: Pick<Config, 'S3_BUCKET'>;
  readonly mongo: Connection;
  readonly objects: ObjectClient;
  readonly facts: DayFacts;
}): ReturnType<typeof checkSealedDays> =>
  checkSealedDays({
    ledger: createMongoLedger(mongo),
    sheets: createMongoSheets(mongo),
    anchors: { all: () => readSheetCopies(objects, config.S3_BUCKET) },
    facts,
    sha256: sha256Hex,
  });

export function keepingRoutes({
  config,
  mongo,
  objects,
  audit,
  reachOf,
  facts,
  customers,
}: Omit<KeeperOptions, 'bus' | 'log' | 'reads'> & {
  readonly reachOf: ReachOf;
  readonly facts: DayFacts;
  readonly customers: CustomerErasure;
}): Route[] {
  const recordings = createMongoRecordings(mongo);
  const now = (): Date => new Date();
  const keeping = createKeepingHttp({
    recordings,
    archive: createS3Archive(objects, config.S3_BUCKET, config.S3_REGION),
    deletions: createMongoDeletions(mongo),
    probes: createMongoLockProbes(mongo),
    retention: createMongoRetention(mongo),
    requests: createMongoRightsRequests(mongo),
    ledger: createMongoLedger(mongo),
    sheets: createMongoSheets(mongo),
    customers,
    check: (seed) => checkRecordingLedger({ config, mongo, objects, facts, ...(seed === undefined ? {} : { seed }) }),
    reachOf,
    audit,
    now,
  });
  const reviewing = { reviews: createMongoReviews(mongo), recordings, reachOf, audit, now };
  return [...keeping, ...createReviewFormsHttp(reviewing), ...createReviewHttp(reviewing)];
}
