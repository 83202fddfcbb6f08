import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

/**
 * Starts the module `name` beside the module `from` (its `import.meta.url`) as a thread. Compiled, it is a file with the ending `.js`; run from
 * its source, the thread first needs the loader for TypeScript.
 */
export function startThread(from: string, name: string): Worker {
  if (!from.endsWith('.ts')) return new Worker(new URL(`./${name}.js`, from));
  const loader = new URL('dist/esm/api/index.mjs', pathToFileURL(createRequire(from).resolve('tsx/package.json'))).href;
  const entry = new URL(`./${name}.ts`, from).href;
  const source = `import(${JSON.stringify(loader)}).then(({ register }) => { register(); return import(${JSON.stringify(entry)}); })`;
  return new Worker(source, { eval: true, execArgv: [] });
}
