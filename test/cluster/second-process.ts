import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { stopProcess } from '../integration/recording/recording-support.js';
import type { Stack } from '../support/stack.js';
import { until } from '../support/until.js';

const root = join(import.meta.dirname, '..', '..');

export interface SecondProcess extends AsyncDisposable {
  readonly pid: number;
  readonly printed: () => string;
}

/**
 * Another process of a role, with the settings that the product gave its own; resolves once it says that it stands by. `secrets`: settings
 * of the site that the product writes nowhere.
 */
export async function startSecond(
  stack: Stack,
  role: 'routing' | 'cases',
  secrets: Readonly<Record<string, string>> = {},
): Promise<SecondProcess> {
  const child = spawn(process.execPath, [join(root, 'dist', 'services', 'main.js')], {
    cwd: root,
    env: { ...process.env, ...secrets, ...stack.ready.env, LOG_LEVEL: 'info', ROLES: role, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const ended = once(child, 'exit').then(() => {
    throw new Error(`the second ${role} ended:\n${printed}`);
  });
  ended.catch(() => undefined);
  await Promise.race([
    until(
      () => printed,
      (text) => text.includes('stands by'),
      60_000,
    ),
    ended,
  ]);
  return {
    pid: child.pid ?? 0,
    printed: () => printed,
    async [Symbol.asyncDispose]() {
      // A suspended process hears no order to end.
      child.kill('SIGCONT');
      await stopProcess(child, 'SIGKILL');
    },
  };
}
