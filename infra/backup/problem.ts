/** Why a backup, a check of one or a restore ended; `words.ts` has a sentence for each. */
export type BackupProblemCode =
  | 'usage-backup'
  | 'usage-restore'
  | 'no-passphrase'
  | 'passphrase-unreadable'
  | 'weak-passphrase'
  | 'wrong-passphrase'
  | 'nothing-to-back-up'
  | 'inside-home'
  | 'backup-going-on'
  | 'no-right'
  | 'disk-full'
  | 'not-a-backup'
  | 'not-finished'
  | 'other-format'
  | 'file-missing'
  | 'file-altered'
  | 'home-not-empty'
  | 'documents-damaged'
  | 'objects-damaged';

/** Ends the tool with one sentence for people. */
export class BackupProblem extends Error {
  override readonly name = 'BackupProblem';
  constructor(
    readonly code: BackupProblemCode,
    readonly facts: Readonly<Record<string, string | number>> = {},
  ) {
    super(code);
  }
}

/** The problem that an error of the file system is, or the error itself. */
export function problemOf(error: unknown, folder: string): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  if (['ENOSPC', 'EDQUOT'].includes(code)) return new BackupProblem('disk-full', { folder });
  if (['EACCES', 'EPERM', 'EROFS', 'ENOTDIR'].includes(code)) return new BackupProblem('no-right', { folder, cause: code });
  return error;
}
