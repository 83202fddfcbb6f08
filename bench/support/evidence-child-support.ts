import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { settingsOf, type Stores } from './evidence-stores-support.js';

/** What a child found: how long it took and how much memory it held at most. */
export interface Outcome {
  readonly seconds: number;
  readonly peakMb: number;
}

export interface PackOfPeriod {
  readonly kind: 'inspection' | 'annual';
  readonly from: string;
  readonly to: string;
}

export const packInChild = (stores: Stores, { kind, from, to }: PackOfPeriod): Promise<Outcome> =>
  inChild('pack', JSON.stringify({ settings: settingsOf(stores), kind, from, to }));
export const verifyInChild = (path: string): Promise<Outcome> => inChild('verify', path);

async function inChild(what: string, input: string): Promise<Outcome> {
  const root = join(import.meta.dirname, '..', '..');
  execFileSync(process.execPath, ['infra/bootstrap/bundle.mjs', 'bench/support/evidence-child.mjs'], { cwd: root, stdio: 'inherit' });
  const child = fork(join(root, 'dist', 'bench', 'support', 'evidence-child.js'), [what, input], { execArgv: ['--enable-source-maps'] });
  const [message] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`The child of the benchmark ended with ${String(code)}.`))),
  ])) as [Outcome];
  if (child.exitCode === null) await once(child, 'exit');
  return message;
}
