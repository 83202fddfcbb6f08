import { chmodSync, existsSync, mkdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { StartFailure } from '../start-failure.js';

/** The folders of one installation. All of its data is under `home`. */
export interface Home {
  readonly home: string;
  readonly run: string;
  readonly secrets: string;
  readonly logs: string;
  readonly valkey: string;
  readonly documents: string;
  readonly objects: string;
  readonly spool: string;
  readonly pcap: string;
  readonly prompts: string;
}

export function homeOf(home: string): Home {
  return {
    home,
    run: join(home, 'run'),
    secrets: join(home, 'secrets'),
    logs: join(home, 'logs'),
    valkey: join(home, 'valkey'),
    documents: join(home, 'documents'),
    objects: join(home, 'objects'),
    spool: join(home, 'spool'),
    pcap: join(home, 'pcap'),
    prompts: join(home, 'prompts'),
  };
}

/** Stands in a data folder while a backup is put back into it: half of one must not be started. */
export const UNFINISHED_RESTORE = 'RESTORE-NOT-FINISHED';

/** With less free space nothing is started: stores and spool would fail half-way. */
const LEAST_FREE_BYTES = 300_000_000;

/** Creates the missing folders. Everything in them is for this user alone: recordings, numbers and keys. */
export function makeHome(folders: Home): void {
  if (existsSync(join(folders.home, UNFINISHED_RESTORE))) throw new StartFailure('restore-unfinished', { folder: folders.home });
  try {
    for (const folder of Object.values<string>({ ...folders })) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    }
    chmodSync(folders.secrets, 0o700);
  } catch (error) {
    throw new StartFailure('no-right-to-home', { folder: folders.home, code: (error as NodeJS.ErrnoException).code ?? 'unknown' });
  }
  const { bavail, bsize } = statfsSync(folders.home);
  if (bavail * bsize < LEAST_FREE_BYTES) throw new StartFailure('disk-full', { folder: folders.home });
}
