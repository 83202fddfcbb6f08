import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { GivenSettings } from '../../services/shared/platform/settings/config.js';
import type { Plan } from './plan/plan.js';
import type { Ports } from './plan/ports.js';
import { writePrivateFile } from './plan/secrets.js';

/** `run/ready.json`: there while the product runs, written last and removed first. Tools read it instead of guessing ports. */
export interface ReadyFile {
  readonly version: string;
  readonly home: string;
  readonly layout: 'roles' | 'one';
  /** UTC, ISO 8601. */
  readonly readyAt: string;
  readonly supervisorPid: number;
  /** Whether other users of this machine are kept from the inner ports. */
  readonly isolation: Plan['isolation'];
  readonly urls: Readonly<Record<string, string>>;
  readonly ports: Ports;
  readonly processes: readonly { readonly name: string; readonly pid: number | undefined; readonly roles?: readonly string[] }[];
  /** The environment that the site and the supervisor gave to the roles; secrets appear in it as paths of files only. */
  readonly env: Readonly<Record<string, string>>;
  /** Secrets that the site set in the environment itself: no file has them, so a tool needs them in its own environment. */
  readonly secretsInEnvironment: readonly string[];
}

export interface RunningProcess {
  readonly plan: Plan['processes'][number];
  readonly pid: number | undefined;
}

export function readyFileOf(
  facts: Pick<ReadyFile, 'version' | 'home' | 'layout' | 'readyAt' | 'ports'>,
  plan: Plan,
  running: readonly RunningProcess[],
  given: GivenSettings,
): ReadyFile {
  return {
    ...facts,
    supervisorPid: process.pid,
    isolation: plan.isolation,
    urls: plan.urls,
    processes: running.map(({ plan: { name, env }, pid }) => ({
      name,
      pid,
      ...(env['ROLES'] === undefined ? {} : { roles: env['ROLES'].split(',') }),
    })),
    env: { ...given.values, ...plan.roleEnv },
    secretsInEnvironment: given.secretsInEnvironment,
  };
}

const fileIn = (runFolder: string): string => join(runFolder, 'ready.json');

export const writeReadyFile = (runFolder: string, content: ReadyFile): void =>
  writePrivateFile(fileIn(runFolder), `${JSON.stringify(content, undefined, 2)}\n`);

export const removeReadyFile = (runFolder: string): void => rmSync(fileIn(runFolder), { force: true });
