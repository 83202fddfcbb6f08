import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

export interface Ended {
  readonly code: number | null;
  readonly printed: string;
}

/** `npm run backup` or `npm run restore` on a data folder. */
export function startBackupTool(
  tool: 'backup' | 'restore-home',
  home: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const child = spawn(process.execPath, [join(root, 'dist', 'infra', 'backup', `${tool}.js`), ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'], PROOFLINE_HOME: home, LANG: 'C.UTF-8', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  return { child, ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, printed }))) };
}

export const runBackupTool = (...of: Parameters<typeof startBackupTool>): Promise<Ended> => startBackupTool(...of).ended;
