import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { settingsOf, type Stores } from './evidence-stores-support.js';

/** What a child found: how long it took and how much memory it held at most. */
export interface Outcome {
  readonly seconds: number;
  readonly peakMb: number;
  /** The archive that was made. */
  readonly path?: string;
}

export interface PackOfPeriod {
  readonly kind: 'inspection' | 'annual';
  readonly from: string;
  readonly to: string;
}

export const packInChild = (stores: Stores, { kind, from, to }: PackOfPeriod): Promise<Outcome> =>
  inChild('pack', JSON.stringify({ settings: settingsOf(stores), kind, from, to }));
/** The sealed day sheets of the period, for the pack that is made next. */
export const sealInChild = (stores: Stores, { from, to }: PackOfPeriod): Promise<Outcome> =>
  inChild('seal', JSON.stringify({ settings: settingsOf(stores), from, to }));
/** `bytes`: a pack without rows; `content`: one whose figures are computed again. */
export const verifyInChild = (path: string, of: 'bytes' | 'content', drawn = false): Promise<Outcome> =>
  inChild('verify', JSON.stringify({ path, of, drawn }));

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
