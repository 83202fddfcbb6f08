import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { Stack } from './stack.js';

const root = join(import.meta.dirname, '..', '..');

/** One of the tools of the command line on the product of a test, with no more environment than `env`. */
export const runTool = (
  stack: Stack,
  tool: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number; readonly printed: string }> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [join(root, 'dist', 'infra', 'tools', `${tool}.js`), ...args],
      { cwd: root, env: { PATH: process.env['PATH'], PROOFLINE_HOME: stack.home, ...env } },
      (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, printed: stdout + stderr }),
    );
  });

export interface Proof {
  readonly ok: boolean;
  readonly stages: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
}

/** A proof call, as the page orders it. */
export async function proofOf(stack: Stack): Promise<Proof> {
  const { status, body } = await stack.http('POST', '/api/proof-call', { token: await stack.signIn('admin') });
  if (status !== 200) throw new Error(`the proof call answered ${status}`);
  return body as Proof;
}
