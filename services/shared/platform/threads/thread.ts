import { once } from 'node:events';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';

const tsxFolder = (): URL => pathToFileURL(createRequire(import.meta.url).resolve('tsx/package.json'));

/** The argument of `node --import` that lets tests run TypeScript directly. */
export const typescriptLoader = (): string => new URL('dist/loader.mjs', tsxFolder()).href;

/**
 * Starts the file `name` next to `from` (its `import.meta.url`) as a thread. Compiled, it is a JavaScript file; run from source, the thread
 * first needs the loader for TypeScript.
 */
export function startThread(from: string, name: string, options: WorkerOptions = {}): Worker {
  if (!from.endsWith('.ts')) return new Worker(new URL(`./${name}.js`, from), options);
  const loader = new URL('dist/esm/api/index.mjs', tsxFolder()).href;
  const entry = new URL(`./${name}.ts`, from).href;
  const source = `import(${JSON.stringify(loader)}).then(({ register }) => { register(); return import(${JSON.stringify(entry)}); })`;
  return new Worker(source, { ...options, eval: true, execArgv: [] });
}

/**
 * Starts such a thread for one piece of work: its first message. Fails with the error of the thread, or when it ends without a message. The
 * thread has ended when this returns.
 */
export async function workOfThread<Reply>(from: string, name: string, options?: WorkerOptions): Promise<Reply> {
  const thread = startThread(from, name, options);
  try {
    const ended = once(thread, 'exit').then((): never => {
      throw new Error(`The thread ${name} ended without a reply`);
    });
    const [reply] = (await Promise.race([once(thread, 'message'), ended])) as [Reply];
    return reply;
  } finally {
    await thread.terminate();
  }
}
