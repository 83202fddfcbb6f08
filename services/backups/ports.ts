import type { Words } from '../shared/domain/language.js';
import type { FailedBackup, GoodBackup } from './backup.js';

export interface BackupRuns {
  read(): Promise<{
    readonly since?: Date | undefined;
    readonly last?: GoodBackup | undefined;
    readonly failed?: FailedBackup | undefined;
  }>;
  switchedOn(at: Date): Promise<void>;
  good(backup: GoodBackup): Promise<void>;
  failed(failure: FailedBackup): Promise<void>;
}

export type Outcome =
  | { readonly kind: 'good'; readonly backup: GoodBackup }
  | { readonly kind: 'failed'; readonly reason: Words }
  /** This process stops: the next one makes the backup. */
  | { readonly kind: 'stopped' };

/** Makes one backup by the tool of the command line. */
export interface BackupTool {
  make(): Promise<Outcome>;
  stop(): void;
}

/** The folder that the site named for its backups. */
export interface BackupFolder {
  holds(name: string): Promise<boolean>;
}
