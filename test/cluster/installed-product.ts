import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** A product that was installed from an earlier commit, in a folder of its own. */
export interface InstalledProduct extends AsyncDisposable {
  readonly root: string;
  readonly commit: string;
  /** Puts this build's files in the place of its own, while it runs. */
  upgrade(): void;
}

/** Builds an earlier commit with the packages of this one. */
export function installEarlier(revision: string): InstalledProduct {
  const git = (...args: readonly string[]): Buffer => execFileSync('git', args, { cwd: root, maxBuffer: 1e9 });
  const commit = git('rev-parse', '--short=8', revision).toString().trim();
  const folder = mkdtempSync(join(tmpdir(), 'earlier-'));
  execFileSync('tar', ['-x', '-C', folder], { input: git('archive', commit, 'services', 'infra', 'package.json', 'tsconfig.base.json') });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  execFileSync(process.execPath, [join(folder, 'infra', 'bootstrap', 'bundle.mjs')], { cwd: folder, stdio: 'ignore' });
  return {
    root: folder,
    commit,
    // Names of parts are made of their content: what a running process still loads stays where it is.
    upgrade: () => cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true, force: true }),
    async [Symbol.asyncDispose]() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
