import type { FailedBackup, GoodBackup } from '../../../../services/backups/backup.js';
import { createBackupService } from '../../../../services/backups/backup-service.js';
import type { BackupFolder, BackupRuns, BackupTool, Outcome } from '../../../../services/backups/ports.js';
import { createAlarmCondition } from '../../../../services/shared/platform/processes/alarm-condition.js';
import { silentLogger } from '../../../../services/shared/platform/processes/logger.js';
import { createScheduler } from '../../../../services/shared/platform/processes/scheduler.js';
import type { Random } from '../../random.js';
import { Process, Scheduler } from '../../scheduler.js';
import type { Edge } from '../edge.js';
import { JobRows } from './job-rows.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const NIGHTS = 3;
/** The site's clock is eight hours ahead of UTC. */
const ZONE_MS = 8 * HOUR_MS;
const BEGIN_MS = Date.UTC(2026, 11, 1) - ZONE_MS;
/** Of the seeds that see this world at all. */
const SHARE = 0.3;
const AT_HOUR = 3;
const KEEP = 3;
const LOOK_MS = 5 * MINUTE_MS;
/** The longest backup here, a try that failed before it, and the process that held on to the night. */
const MADE_WITHIN_MS = 50 * MINUTE_MS;
const LONGEST_MS = 20 * MINUTE_MS;
/** Docs: an alarm when no good one is younger than this. */
const TOO_OLD_MS = 36 * HOUR_MS;
/** Seldom, for the sake of speed: the product looks after its alarm once a minute, and for due jobs three times a minute. */
const WATCH_MS = 3 * MINUTE_MS;
const JOBS_MS = 2 * MINUTE_MS;
const SHOWN_WITHIN_MS = 2 * WATCH_MS;

const troubles = ['kill', 'kill', 'terminate', 'down', 'disk', 'disk', 'removed', 'store', 'hangs'] as const;
const siteTimeOf = (atMs: number): { readonly date: string; readonly hour: number } => {
  const local = new Date(atMs + ZONE_MS);
  return { date: local.toISOString().slice(0, 10), hour: local.getUTCHours() };
};
const reason = { en: 'The disk has no room.', zh: '磁盘空间不足。' };

/** Some nights of one site: the role that makes backups is killed, told to end, away; the disk is full; somebody removes a backup. */
class BackupSite {
  wrong: string | undefined;
  readonly #scheduler: Scheduler;
  readonly #rows = new JobRows();
  #process: Process | undefined;
  #stop: () => void = () => undefined;
  #processes = 0;
  #isDiskFull = false;
  /** Of the tools that begin now none ends before that. */
  #hangsUntilMs = -Infinity;
  /** The tools that run now. */
  readonly #tools = new Set<object>();
  /** What lies in the folder, by name. */
  readonly #folder = new Map<string, GoodBackup>();
  /** Each that was ever whole: a name that is none of them was never made. */
  readonly #made = new Map<string, GoodBackup>();
  readonly #row: { since?: Date; last?: GoodBackup; failed?: FailedBackup } = {};
  /** Since when everything that a backup needs is there. */
  #wellSinceMs = BEGIN_MS;
  /** Since when somebody looks after the alarm. */
  #watchedSinceMs = BEGIN_MS;
  #alarm: string | undefined;
  #alarmSinceMs = BEGIN_MS;
  #due: { readonly is: boolean; readonly sinceMs: number } = { is: false, sinceMs: BEGIN_MS };

  constructor(private readonly random: Random) {
    this.#scheduler = new Scheduler(BEGIN_MS, random.fork());
  }

  async run(): Promise<string | undefined> {
    const { random } = this;
    const scheduler = this.#scheduler;
    this.#start();
    const many = random.int(1, 6);
    for (let at = 0; at < many; at += 1) {
      // Most of it in the nights, when a backup may be under way.
      const night = random.int(0, NIGHTS - 1) * DAY_MS + AT_HOUR * HOUR_MS;
      const ms = random.chance(0.7) ? night + random.int(-5 * MINUTE_MS, HOUR_MS) : random.int(HOUR_MS, NIGHTS * DAY_MS);
      scheduler.after(ms, () => this.#trouble());
    }
    for (let at = 1; at * LOOK_MS < NIGHTS * DAY_MS; at += 1) scheduler.after(at * LOOK_MS, () => this.#look());
    await scheduler.runUntil(BEGIN_MS + NIGHTS * DAY_MS, () => this.wrong !== undefined);
    return this.wrong;
  }

  #fail(text: string): void {
    this.wrong ??= `${text}, ${((this.#scheduler.nowMs - BEGIN_MS) / HOUR_MS).toFixed(2)} h after the first midnight`;
  }

  #start(): void {
    if (this.#process?.alive === true) return;
    const scheduler = this.#scheduler;
    this.#processes += 1;
    const process = new Process(`cases#${this.#processes}`, scheduler);
    this.#process = process;
    const now = (): Date => new Date(scheduler.nowMs);
    const asked = <T>(work: () => T): Promise<T> => process.later(1 + this.random.unit() * 20, work);
    const stored = <T>(work: () => T): Promise<T> =>
      asked(() => {
        if (this.#rows.isAway) throw new Error('the document store is away');
        return work();
      });
    const row = this.#row;
    const runs: BackupRuns = {
      read: () => stored(() => ({ ...row })),
      switchedOn: (at) => stored(() => void (row.since ??= at)),
      good: (last) => stored(() => void (row.last = last)),
      failed: (failed) => stored(() => void (row.failed = failed)),
    };
    const folder: BackupFolder = { holds: async (name) => this.#folder.has(name) };
    const tool = this.#tool(process);
    const publish = async (name: string, { code }: { readonly code?: string }): Promise<void> => {
      if (code === 'backup-missing') this.#told(name === 'notice.raised');
    };
    const condition = createAlarmCondition({ bus: { publish } as never, code: 'backup-missing', nowMs: () => scheduler.nowMs });
    const needs = { runs, folder, now };
    const service = createBackupService({ ...needs, tool, condition, log: silentLogger });
    const jobs = createScheduler({
      name: 'backup-jobs',
      jobs: [{ name: 'backup', timetable: { dailyFromHour: AT_HOUR }, run: () => service.makeOne() }],
      mongo: this.#rows.connection(asked),
      ...{ siteTimeOf, log: silentLogger, clock: process.clock, lookEveryMs: JOBS_MS },
    });
    this.#stop = () => {
      tool.stop();
      void jobs.stop();
    };
    const begin = (): void =>
      void runs.switchedOn(now()).then(
        () => jobs.start(),
        () => process.clock.after(1_000, begin),
      );
    begin();
    process.clock.every(WATCH_MS, () => void service.watch().catch(() => undefined));
  }

  /** As `npm run backup` does it: under another name until it is whole, the oldest beyond the number removed; it ends with its process. */
  #tool(process: Process): BackupTool {
    const { random } = this;
    const scheduler = this.#scheduler;
    let cancel: ((outcome: Outcome) => void) | undefined;
    let isStopped = false;
    return {
      make: () =>
        new Promise((resolve) => {
          if (isStopped) {
            resolve({ kind: 'stopped' });
            return;
          }
          const self = {};
          if (this.#tools.size > 0) this.#fail('two backups are made at once');
          this.#tools.add(self);
          const asOf = new Date(scheduler.nowMs);
          cancel = (outcome) => {
            if (!this.#tools.delete(self)) return;
            if (process.alive) resolve(outcome);
          };
          scheduler.after(Math.max(random.int(10_000, LONGEST_MS), this.#hangsUntilMs - scheduler.nowMs), () => {
            if (!this.#tools.has(self)) return;
            cancel?.(this.#isDiskFull ? { kind: 'failed', reason } : { kind: 'good', backup: this.#finish(asOf) });
          });
        }),
      stop: () => {
        isStopped = true;
        cancel?.({ kind: 'stopped' });
      },
    };
  }

  #finish(asOf: Date): GoodBackup {
    const finishedAt = new Date(this.#scheduler.nowMs);
    const backup = { name: `proofline-${asOf.toISOString()}`, asOf, finishedAt, bytes: 1, files: 1, linked: 0, damaged: 0, seconds: 1 };
    this.#folder.set(backup.name, backup);
    this.#made.set(backup.name, backup);
    for (const name of [...this.#folder.keys()].sort().slice(0, -KEEP)) this.#folder.delete(name);
    return backup;
  }

  #told(raised: boolean): void {
    this.#alarm = raised ? 'raised' : undefined;
    this.#alarmSinceMs = this.#scheduler.nowMs;
  }

  #look(): void {
    const nowMs = this.#scheduler.nowMs;
    if (this.#process?.alive !== true || this.#rows.isAway) this.#watchedSinceMs = nowMs;
    if (this.#watchedSinceMs === nowMs || this.#isDiskFull || this.#hangsUntilMs > nowMs) this.#wellSinceMs = nowMs;
    const { last, failed } = this.#row;
    if (last !== undefined && !this.#made.has(last.name)) this.#fail(`${last.name} is written down as good and was never made`);
    this.#judgeNight(nowMs);
    // What the page of the system and the alarm are to say, from what was made, failed and removed.
    const newestMs = (last?.asOf ?? this.#row.since)?.getTime() ?? nowMs;
    const isBad =
      (failed !== undefined && failed.at.getTime() > (last?.finishedAt.getTime() ?? -Infinity)) ||
      (last !== undefined && !this.#folder.has(last.name)) ||
      nowMs - newestMs > TOO_OLD_MS;
    if (isBad !== this.#due.is) this.#due = { is: isBad, sinceMs: nowMs };
    const isSettled = nowMs - Math.max(this.#due.sinceMs, this.#watchedSinceMs, this.#alarmSinceMs) > SHOWN_WITHIN_MS;
    if (isSettled && isBad !== (this.#alarm !== undefined))
      this.#fail(
        isBad ? 'no good backup is there, and no alarm stands' : 'a good backup is there, and the alarm that one is missing stands',
      );
  }

  /** Once all is well for long enough after the hour, the night has its backup. */
  #judgeNight(nowMs: number): void {
    const midnightMs = nowMs - ((nowMs - BEGIN_MS) % DAY_MS);
    const hourMs = midnightMs + AT_HOUR * HOUR_MS;
    if (nowMs - Math.max(hourMs, this.#wellSinceMs) < MADE_WITHIN_MS) return;
    if ((this.#row.last?.asOf.getTime() ?? 0) < hourMs)
      this.#fail('the night has no backup, though all was well for long enough after its hour');
  }

  #trouble(): void {
    const { random } = this;
    const scheduler = this.#scheduler;
    const kind = random.pick(troubles);
    const lastsMs = random.pick([random.int(1_000, 10 * MINUTE_MS), random.int(HOUR_MS, 60 * HOUR_MS)]);
    this.#wellSinceMs = scheduler.nowMs;
    this.#watchedSinceMs = scheduler.nowMs;
    if (kind === 'removed') {
      const name = [...this.#folder.keys()].sort().at(-1);
      if (name !== undefined) this.#folder.delete(name);
    } else if (kind === 'disk') {
      this.#isDiskFull = true;
      scheduler.after(lastsMs, () => (this.#isDiskFull = false));
    } else if (kind === 'hangs') {
      this.#hangsUntilMs = Math.max(this.#hangsUntilMs, scheduler.nowMs + lastsMs);
    } else if (kind === 'store') {
      this.#rows.isAway = true;
      scheduler.after(random.int(1_000, 10 * MINUTE_MS), () => (this.#rows.isAway = false));
    } else this.#ends(kind, kind === 'down' ? lastsMs : random.int(300, 5_000));
  }

  #ends(how: 'kill' | 'terminate' | 'down', backAfterMs: number): void {
    const scheduler = this.#scheduler;
    const process = this.#process;
    if (process?.alive !== true) return;
    const end = (): void => {
      process.kill();
      this.#tools.clear();
      scheduler.after(backAfterMs, () => this.#start());
    };
    if (how !== 'terminate') {
      end();
      return;
    }
    this.#stop();
    scheduler.after(500, end);
  }
}

export const backups: Edge = {
  name: 'backups',
  sentence:
    'docs/operations/backup.md: each night from its hour on one backup is made, by one tool at a time, and again when it failed; what is written down as good was made; the alarm stands when the last one failed, when none is younger than 36 hours and when the last one is not in its folder, and not otherwise.',
  run: async (random) => (random.chance(SHARE) ? new BackupSite(random).run() : undefined),
};
