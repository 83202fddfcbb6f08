import { readFileSync } from 'node:fs';
import { BackupProblem } from './problem.js';

/** From the file that is named, or from BACKUP_PASSPHRASE_FILE or BACKUP_PASSPHRASE. Never from an argument, which other users can read. */
export function passphraseOf(file: string | undefined, env: Readonly<Record<string, string | undefined>>): string {
  const named = file ?? env['BACKUP_PASSPHRASE_FILE'];
  if (named === undefined || named === '') {
    const given = env['BACKUP_PASSPHRASE'];
    if (given === undefined || given === '') throw new BackupProblem('no-passphrase');
    return given;
  }
  try {
    return readFileSync(named, 'utf8').trim();
  } catch (error) {
    throw new BackupProblem('passphrase-unreadable', { file: named, cause: (error as NodeJS.ErrnoException).code ?? '' });
  }
}
