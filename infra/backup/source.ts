import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { givenSettings } from '../../services/shared/platform/settings/config.js';
import { homeOf, type Home } from '../supervisor/plan/home.js';
import { readSettings } from '../supervisor/plan/settings.js';
import { secretFiles } from '../supervisor/plan/secrets.js';
import { BackupProblem } from './problem.js';

/** What there is to back up on this machine. */
export interface Source {
  readonly home: Home;
  /** Of this installation, and of no other; the same after a restore. */
  readonly site: string;
  /** What the site set, without secrets. */
  readonly settings: Readonly<Record<string, string>>;
  readonly secretsInEnvironment: readonly string[];
  /** Stores that run on servers of the site's own: their data is not on this machine. */
  readonly elsewhere: { readonly documents: boolean; readonly objects: boolean };
}

const Ready = z.object({
  env: z.record(z.string(), z.string()),
  secretsInEnvironment: z.array(z.string()),
  urls: z.record(z.string(), z.string()),
});

/** Made of the master key, which no other installation has and from which nobody can get back to it. */
export function siteOf(masterKey: string): string {
  return createHash('sha256').update(`proofline backup\n${masterKey.trim()}`).digest('hex').slice(0, 16);
}

/** @throws BackupProblem `nothing-to-back-up` */
export function sourceOf(env: NodeJS.ProcessEnv): Source {
  const settings = readSettings(env);
  const home = homeOf(settings.home);
  const masterKey = join(home.secrets, secretFiles.master);
  if (!existsSync(masterKey)) throw new BackupProblem('nothing-to-back-up', { folder: settings.home });
  const site = siteOf(readFileSync(masterKey, 'utf8'));
  const running = join(home.run, 'ready.json');
  if (existsSync(running)) {
    const { env: given, secretsInEnvironment, urls } = Ready.parse(JSON.parse(readFileSync(running, 'utf8')));
    const elsewhere = { documents: urls['documents'] === undefined, objects: urls['objects'] === undefined };
    return { home, site, settings: given, secretsInEnvironment, elsewhere };
  }
  const { values, secretsInEnvironment } = givenSettings(env);
  const { documents, objects } = settings.elsewhere;
  return { home, site, settings: values, secretsInEnvironment, elsewhere: { documents, objects } };
}
