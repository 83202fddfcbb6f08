import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection } from 'mongoose';
import type { EventBus } from '../shared/events/catalogue.js';
import type { Config } from '../shared/platform/settings/config.js';
import { createAlarmCondition } from '../shared/platform/processes/alarm-condition.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import { every } from '../shared/platform/processes/rounds.js';
import { createScheduler } from '../shared/platform/processes/scheduler.js';
import type { Service } from '../shared/platform/processes/service.js';
import { siteTimeIn } from '../shared/platform/processes/site-time.js';
import { createBackupFolder, createBackupProcess } from './adapters/backup-process.js';
import { createMongoBackupRuns } from './adapters/mongo-backup-runs.js';
import { backupProblem } from './backup.js';
import { createBackupService, stateOf } from './backup-service.js';

/** One look is a row and a name in a folder: whoever puts the backup back need not wait a minute for the alarm to go. */
const WATCH_EVERY_MS = 10_000;
const READY_EVERY_MS = 1_000;

const now = (): Date => new Date();

type BackupConfig = Pick<Config, 'BACKUP_DIR' | 'BACKUP_AT_HOUR' | 'BACKUP_KEEP' | 'SITE_TIME_ZONE' | 'PROOFLINE_HOME'>;

export interface BackupDependencies {
  readonly config: BackupConfig;
  readonly mongo: Connection;
  readonly bus: Pick<EventBus, 'publish'>;
  readonly log: Logger;
  /** The script of the tool that makes a backup. */
  readonly script: URL;
}

/** The nightly backup and its alarm, in the cases role. A site that names no folder has neither. */
export function createBackups({ config, mongo, bus, log, script }: BackupDependencies): Service {
  const { BACKUP_DIR: folder, PROOFLINE_HOME: home } = config;
  const condition = createAlarmCondition({ bus, code: 'backup-missing' });
  if (folder === undefined) {
    // One that was raised before the site switched backups off has ended.
    const cleared = every(WATCH_EVERY_MS, () => condition.is(undefined), 'an alarm could not be cleared', log);
    return { name: 'backups', start: async () => cleared.start(), stop: () => cleared.stop() };
  }
  const runs = createMongoBackupRuns(mongo);
  const tool = createBackupProcess({ script, folder, keep: config.BACKUP_KEEP });
  const service = createBackupService({ runs, folder: createBackupFolder(folder), tool, condition, now, log });
  const watching = every(WATCH_EVERY_MS, () => service.watch(), 'the alarm about backups could not be published', log);
  const scheduler = createScheduler({
    name: 'backup-jobs',
    jobs: [{ name: 'backup', timetable: { dailyFromHour: config.BACKUP_AT_HOUR }, run: () => service.makeOne() }],
    mongo,
    siteTimeOf: siteTimeIn(config.SITE_TIME_ZONE),
    log,
  });
  let begun = false;
  // The tool reads there which stores are of this machine: written when the whole product is ready.
  const isReady = (): Promise<boolean> =>
    access(join(home, 'run', 'ready.json')).then(
      () => true,
      () => false,
    );
  const beginning = every(
    READY_EVERY_MS,
    async () => {
      if (begun || !(await isReady())) return;
      begun = true;
      await scheduler.start();
    },
    'the backup job could not be started',
    log,
  );
  return {
    name: 'backups',
    async start() {
      await runs.switchedOn(now());
      watching.start();
      beginning.start();
    },
    async stop() {
      tool.stop();
      await beginning.stop();
      await watching.stop();
      await scheduler.stop();
    },
  };
}

/** The state of the nightly backups, for the page of the system. */
export function createBackupReader({ config, mongo }: Pick<BackupDependencies, 'config' | 'mongo'>) {
  const { BACKUP_DIR, BACKUP_AT_HOUR: atHour, BACKUP_KEEP: keep } = config;
  const runs = createMongoBackupRuns(mongo);
  return async () => {
    if (BACKUP_DIR === undefined) return { ok: true, on: false };
    const state = await stateOf({ runs, folder: createBackupFolder(BACKUP_DIR), now });
    const problem = backupProblem(state, now());
    const { last } = state;
    return {
      ok: problem === undefined,
      on: true,
      folder: BACKUP_DIR,
      atHour,
      keep,
      ...(problem === undefined ? {} : { problem }),
      ...(last === undefined ? {} : { last: { ...last, asOf: last.asOf.toISOString(), finishedAt: last.finishedAt.toISOString() } }),
    };
  };
}
