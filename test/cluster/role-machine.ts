import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from '../support/machines.js';
import type { OutsideServers } from '../support/servers/outside-servers.js';
import type { Stack } from '../support/stack.js';
import { until } from '../support/until.js';

const root = join(import.meta.dirname, '..', '..');
/** What a site copies from its first machine to the others before their first start. */
const SECRETS = ['drachtio', 'token-key.pem', 'seat-key', 'master-key', 'admin-password'];
/** Where recorder and mixer are met, and the object store: as the other roles have it. */
const SHARED = [
  ...['S3_ENDPOINT', 'S3_ACCESS_KEY_FILE', 'S3_SECRET_KEY_FILE'],
  ...['RECORDER_PORT_MIN', 'RECORDER_PORT_MAX', 'MIXER_PORT_MIN', 'MIXER_PORT_MAX'],
];

/** A machine of its own for one role: its supervisor, and what that starts. */
export interface RoleMachine {
  readonly machine: Machine;
  /** Its data folder. */
  readonly home: string;
  readonly printed: () => string;
  /** Of its process of the role. */
  readonly log: () => string;
  start(): Promise<void>;
  /** Its supervisor and all that it started end without a word; the machine and what else runs there go on. */
  kill(): Promise<void>;
}

/** `env`: the servers of the site; `own`: what only this machine has. */
export function roleOn(
  machine: Machine,
  {
    role,
    servers,
    stack,
    env,
    own,
  }: {
    readonly role: 'api' | 'recorder' | 'telephony';
    readonly servers: OutsideServers;
    readonly stack: Stack;
    readonly env: Readonly<Record<string, string>>;
    readonly own: Readonly<Record<string, string>>;
  },
): RoleMachine {
  const home = join(servers.folder, machine.name);
  let printed = '';
  let running: ChildProcess | undefined;
  return {
    machine,
    home,
    printed: () => printed,
    log() {
      const file = join(home, 'logs', `${role}.log`);
      return existsSync(file) ? readFileSync(file, 'utf8') : '';
    },
    async start() {
      mkdirSync(join(home, 'secrets'), { recursive: true });
      for (const name of SECRETS) cpSync(join(stack.home, 'secrets', name), join(home, 'secrets', name));
      const given = Object.fromEntries(SHARED.map((name) => [name, stack.ready.env[name] ?? '']));
      const child = (running = machine.run(process.execPath, [join(root, 'dist', 'infra', 'supervisor', 'main.js')], {
        ...given,
        ...env,
        ...{ PROOFLINE_HOME: home, PROOFLINE_LAYOUT: 'roles', ROLES: role, PROOFLINE_ISOLATE: 'no' },
        ...{ LANG: 'C.UTF-8', STOP_DRAIN_S: '0', NODE_OPTIONS: '' },
        ...own,
      }));
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    },
    async kill() {
      if (running === undefined) return;
      const ended = once(running, 'exit');
      // With the first process of its space of process ids all others end.
      running.kill('SIGKILL');
      await ended;
    },
  };
}

/** Starts the first, and the second once the first serves and has what comes with that; then the second stands by. */
export async function serveAndStandBy(
  first: RoleMachine,
  second: RoleMachine,
  served = async (): Promise<unknown> => undefined,
): Promise<void> {
  await first.start();
  await until(first.log, (log) => log.includes('"msg":"ready"'), 60_000);
  await served();
  await second.start();
  // As docs/operations/several-machines.md says: people see it without reading a log.
  await until(second.printed, (printed) => printed.includes('stands by'), 60_000);
}
