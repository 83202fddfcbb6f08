import type { Words } from '../shared/domain/language.js';

export const backupParts = ['documents', 'objects'] as const;
export type BackupPart = (typeof backupParts)[number];

/** A nightly backup that was made. Times are UTC. */
export interface GoodBackup {
  readonly name: string;
  /** The moment that it shows. */
  readonly asOf: Date;
  readonly finishedAt: Date;
  readonly bytes: number;
  readonly files: number;
  /** Files that it shares with the backup before. */
  readonly linked: number;
  /** Stored objects that are not in it because they are damaged. */
  readonly damaged: number;
  readonly seconds: number;
  /** What lies on servers of the site's own and is not in it. */
  readonly elsewhere?: readonly BackupPart[] | undefined;
}

export interface FailedBackup {
  readonly at: Date;
  readonly reason: Words;
}

export interface BackupState {
  /** Since when backups are switched on. */
  readonly since: Date;
  readonly last?: GoodBackup | undefined;
  readonly failed?: FailedBackup | undefined;
  /** Whether the last good one still lies where it was put. */
  readonly isThere: boolean;
}

const HOUR_MS = 3_600_000;
/** A night and a half: one night that was missed is noticed before the next. */
export const LATE_AFTER_MS = 36 * HOUR_MS;

/** What is wrong with the backups, as an alarm says it; undefined when nothing is. */
export function backupProblem({ since, last, failed, isThere }: BackupState, now: Date): Words | undefined {
  if (failed !== undefined && (last === undefined || failed.at > last.finishedAt))
    return { en: `The last backup failed: ${failed.reason.en}`, zh: `最近一次备份失败：${failed.reason.zh}` };
  if (last !== undefined && !isThere)
    return { en: `The last backup is not in its folder any more: ${last.name}.`, zh: `最近一次备份已不在备份目录中：${last.name}。` };
  const newest = last?.asOf ?? since;
  if (now.getTime() - newest.getTime() <= LATE_AFTER_MS) return undefined;
  return last === undefined
    ? { en: 'No backup was made for 36 hours.', zh: '已超过 36 小时没有完成任何备份。' }
    : { en: `The last backup is older than 36 hours: ${last.name}.`, zh: `最近一次备份已超过 36 小时：${last.name}。` };
}
