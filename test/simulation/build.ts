import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { context, type OnLoadResult } from 'esbuild';
import { edited, type Edit } from './mutants/mutant.js';

export const ROOT = join(import.meta.dirname, '..', '..');

/**
 * How Node.js runs a program that tries many seeds: the code is broad, so that what is compiled once would soon be forgotten and compiled
 * again; and seeds make much that lives briefly, for which the collector needs room.
 */
export const SEED_FLAGS: readonly string[] = ['--no-flush-bytecode', '--min-semi-space-size=16', '--max-semi-space-size=32'];

export interface Builder {
  /** Writes the program with these edits in it, and resolves with its path. Nothing in the source changes. */
  build(edits: readonly Edit[]): Promise<string>;
  close(): Promise<void>;
}

/**
 * Makes one file of a program of the simulation: it starts four times as fast as hundreds that are translated one by one, and what no fault
 * touches is not translated again.
 * @param entry the program's source, from the root of the repository
 * @param program where the file is written, from there as well
 */
export async function createBuilder(entry: string, program: string): Promise<Builder> {
  const outfile = join(ROOT, program);
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
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
    sourcemap: 'inline',
    sourcesContent: false,
    banner: { js: "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);" },
    plugins: [{ name: 'fault', setup: (build) => build.onLoad({ filter: /\.ts$/, namespace: 'file' }, load) }],
  });
  return {
    async build(chosen) {
      edits = chosen;
      await building.rebuild();
      return outfile;
    },
    close: () => building.dispose(),
  };
}
