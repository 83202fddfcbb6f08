import type { Logger } from '../shared/platform/processes/logger.js';
import type { AlarmCondition } from '../shared/platform/processes/alarm-condition.js';
import { backupProblem, type BackupState } from './backup.js';
import type { BackupFolder, BackupRuns, BackupTool } from './ports.js';

export interface BackupNeeds {
  readonly runs: BackupRuns;
  readonly folder: BackupFolder;
  readonly now: () => Date;
}

export async function stateOf({ runs, folder, now }: BackupNeeds): Promise<BackupState> {
  const { since, last, failed } = await runs.read();
  return { since: since ?? now(), last, failed, isThere: last !== undefined && (await folder.holds(last.name)) };
}

/** Makes the backup of a night, writes down how it went, and keeps the alarm about backups. */
export function createBackupService(
  needs: BackupNeeds & { readonly tool: BackupTool; readonly condition: AlarmCondition; readonly log: Logger },
) {
  const { runs, tool, condition, now, log } = needs;

  async function watch(): Promise<void> {
    const problem = backupProblem(await stateOf(needs), now());
    await condition.is(problem === undefined ? undefined : { text: { en: problem.en, 'zh-CN': problem.zh } });
  }

  return {
    watch,
    /** Fails when no backup was made, so that it is tried again. */
    async makeOne(): Promise<void> {
      const outcome = await tool.make();
      if (outcome.kind === 'stopped') throw new Error('the process stops: the next one makes the backup');
      if (outcome.kind === 'good') {
        await runs.good(outcome.backup);
        const { name, bytes, files, seconds, damaged } = outcome.backup;
        log.info({ name, bytes, files, seconds, damaged }, 'a backup was made');
      } else await runs.failed({ at: now(), reason: outcome.reason });
      await watch();
      if (outcome.kind === 'failed') throw new Error(`no backup was made: ${outcome.reason.en}`);
    },
  };
}
