import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient, type MongoClientOptions } from 'mongodb';
import { startDocumentStore, type DocumentStoreOptions } from '../../../infra/embedded/documents/index.js';

const root = join(import.meta.dirname, '..', '..', '..');

export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'documents-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** A store in this process with a connected client; all of it is gone at the end of the scope. */
export async function temporaryStore(options: Partial<DocumentStoreOptions> = {}) {
  const folder = options.folder === undefined ? await temporaryFolder() : undefined;
  const log: string[] = [];
  const path = options.folder ?? folder?.path ?? '';
  const store = await startDocumentStore({ minFreeBytes: 0, log: (line) => log.push(line), ...options, folder: path });
  const uri =
    options.user === undefined
      ? store.uri
      : store.uri.replace('//', `//${options.user.name}:${encodeURIComponent(options.user.password)}@`);
  const client = await new MongoClient(uri, { serverSelectionTimeoutMS: 5000 }).connect();
  return {
    store,
    uri,
    client,
    db: client.db('test'),
    log,
    folder: path,
    async [Symbol.asyncDispose]() {
      await client.close();
      await store.close();
      await folder?.[Symbol.asyncDispose]();
    },
  };
}

/** The store as a process of its own, so that it can be killed. */
export async function spawnStore(
  folder: string,
  extra: readonly string[] = [],
): Promise<{ readonly process: ChildProcess; readonly uri: string }> {
  const main = join(root, 'infra/embedded/documents/main.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', main, '--listen', '127.0.0.1:0', '--data', folder, ...extra], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { process: child, uri: (JSON.parse(line.toString()) as { uri: string }).uri };
}

/** Runs one maintenance command of the store to its end. */
export async function runStore(
  arguments_: readonly string[],
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const main = join(root, 'infra/embedded/documents/main.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...arguments_], { cwd: root, env: { ...process.env, NODE_OPTIONS: '' } });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, out, err };
}

export async function connect(uri: string, options: MongoClientOptions = {}): Promise<MongoClient & AsyncDisposable> {
  const client = await new MongoClient(uri, { serverSelectionTimeoutMS: 5000, ...options }).connect();
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
}

/** The error a promise is refused with. */
export async function refusal(
  promise: Promise<unknown>,
): Promise<{ readonly code?: unknown; readonly codeName?: unknown; readonly message: string }> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('It was not refused');
}
