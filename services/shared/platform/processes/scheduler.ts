import { randomUUID } from 'node:crypto';
import type { Connection } from 'mongoose';
import type { Clock } from '../../domain/time/clock.js';
import type { Logger } from './logger.js';
import { occasionOf, type SiteTime, type Timetable } from './occasion.js';
import type { Service } from './service.js';
import { systemClock } from './system-clock.js';

export interface ScheduledJob {
  /** Unique in the product; it is the id of the job's row. */
  readonly name: string;
  readonly timetable: Timetable;
  readonly run: () => Promise<unknown>;
}

interface JobRow {
  readonly _id: string;
  /** The newest occasion for which it ran, and when that run was done. */
  readonly occasion?: string;
  readonly ranAt?: Date;
  /** The process that runs it; until that time nobody else does. */
  readonly holder?: string;
  readonly heldUntil?: Date;
  readonly failedAt?: Date;
}

const LOOK_EVERY_MS = 20_000;
const HELD_MS = 60_000;
const TRIED_AGAIN_MS = 5 * 60_000;
const DUPLICATE_KEY = 11_000;

/**
 * Runs jobs by the clock. The last run of each is stored, so that a restart neither forgets nor repeats it, and the process that runs a job
 * holds it, so that two processes never do. A job that failed is tried again after some minutes. One job at a time.
 */
export function createScheduler({
  name,
  jobs,
  mongo,
  siteTimeOf,
  log,
  clock = systemClock,
  now = () => new Date(clock.nowMs()),
  lookEveryMs = LOOK_EVERY_MS,
}: {
  readonly name: string;
  readonly jobs: readonly ScheduledJob[];
  readonly mongo: Connection;
  readonly siteTimeOf: (atMs: number) => SiteTime;
  readonly log: Logger;
  readonly clock?: Pick<Clock, 'nowMs' | 'every'>;
  readonly now?: () => Date;
  readonly lookEveryMs?: number;
}): Service {
  const rows = mongo.collection<JobRow>('scheduled_jobs');
  const holder = randomUUID();
  const later = (ms: number): Date => new Date(now().getTime() + ms);
  let stopLooking = (): void => undefined;
  let looking: Promise<void> | undefined;
  let stopped = false;

  /** False when the job has already run for this occasion, or somebody is running it. */
  async function take(job: string, occasion: string): Promise<boolean> {
    const due = { _id: job, occasion: { $ne: occasion }, $or: [{ heldUntil: { $exists: false } }, { heldUntil: { $lte: now() } }] };
    try {
      const { matchedCount, upsertedCount } = await rows.updateOne(due, { $set: { holder, heldUntil: later(HELD_MS) } }, { upsert: true });
      return matchedCount + upsertedCount === 1;
    } catch (error) {
      // The row exists and is not due.
      if (error instanceof Error && 'code' in error && error.code === DUPLICATE_KEY) return false;
      throw error;
    }
  }

  async function runDue({ name: job, timetable, run }: ScheduledJob): Promise<void> {
    const occasion = occasionOf(timetable, now().getTime(), siteTimeOf);
    if (!(await take(job, occasion))) return;
    const letGo = clock.every(
      HELD_MS / 3,
      () =>
        void rows
          .updateOne({ _id: job, holder }, { $set: { heldUntil: later(HELD_MS) } })
          .catch((error: unknown) => log.warn({ err: error, job }, 'the lease of a job could not be renewed')),
    );
    try {
      await run();
      await rows.updateOne({ _id: job, holder }, { $set: { occasion, ranAt: now() }, $unset: { heldUntil: '', holder: '', failedAt: '' } });
    } catch (error) {
      log.warn({ err: error, job }, 'a scheduled job failed; it is tried again');
      await rows.updateOne({ _id: job, holder }, { $set: { failedAt: now(), heldUntil: later(TRIED_AGAIN_MS) } });
    } finally {
      letGo();
    }
  }

  async function look(): Promise<void> {
    for (const job of jobs) {
      if (stopped) return;
      await runDue(job).catch((error: unknown) => log.error({ err: error, job: job.name }, 'a scheduled job could not be checked'));
    }
  }
  const turn = (): void => {
    looking ??= look().finally(() => (looking = undefined));
  };

  return {
    name,
    async start() {
      turn();
      stopLooking = clock.every(lookEveryMs, turn);
    },
    async stop() {
      stopped = true;
      stopLooking();
      await looking;
    },
  };
}
