import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { context, type OnLoadResult } from 'esbuild';
import { edited, type Edit } from './mutant.js';

export const ROOT = join(import.meta.dirname, '..', '..', '..');
const PROGRAM = join(ROOT, '.cache', 'mutants', 'trial.mjs');

export interface Builder {
  /** Writes the program that tries seeds with these edits in it, and resolves with its path. Nothing in the source changes. */
  build(edits: readonly Edit[]): Promise<string>;
  close(): Promise<void>;
}

/** One file starts four times as fast as hundreds that are translated one by one; what no fault touches is not translated again. */
export async function createBuilder(): Promise<Builder> {
  let edits: readonly Edit[] = [];
  const load = async ({ path }: { readonly path: string }): Promise<OnLoadResult | undefined> => {
    if (path.includes('/node_modules/')) return undefined;
    const text = edited(path, await readFile(path, 'utf8'), edits);
    return {
      loader: 'ts',
      contents: text
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path))),
    };
  };
  const building = await context({
    absWorkingDir: ROOT,
    entryPoints: ['test/simulation/mutants/trial.ts'],
    outfile: PROGRAM,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    keepNames: true,
    logLevel: 'error',
    banner: { js: "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);" },
    plugins: [{ name: 'fault', setup: (build) => build.onLoad({ filter: /\.ts$/, namespace: 'file' }, load) }],
  });
  return {
    async build(chosen) {
      edits = chosen;
      await building.rebuild();
      return PROGRAM;
    },
    close: () => building.dispose(),
  };
}
