import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'minio';
import { startObjectStore, type Credential, type ObjectStoreOptions } from '../../../infra/embedded/objects/index.js';

export const admin: Credential = { accessKey: 'test-admin', secretKey: 'test-admin-secret', policy: 'admin' };
export const writer: Credential = { accessKey: 'test-writer', secretKey: 'test-writer-secret', policy: 'writer' };
export const reader: Credential = { accessKey: 'test-reader', secretKey: 'test-reader-secret', policy: 'reader' };

/** For client functions that are declared void but return a promise. */
export const settled = async (call: () => unknown): Promise<void> => {
  await call();
};

export function clientOf(endpoint: string, { accessKey, secretKey }: Pick<Credential, 'accessKey' | 'secretKey'>): Client {
  const { hostname, port, protocol } = new URL(endpoint);
  const useSSL = protocol === 'https:';
  return new Client({ endPoint: hostname, port: Number(port) || (useSSL ? 443 : 80), useSSL, accessKey, secretKey, region: 'us-east-1' });
}

export async function temporaryFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'objects-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** A store in this process with three credentials, gone with its folder at the end of the scope. */
export async function temporaryStore(options: Partial<ObjectStoreOptions> = {}) {
  const folder = options.dataFolder === undefined ? await temporaryFolder() : undefined;
  const dataFolder = options.dataFolder ?? folder?.path ?? '';
  const log: { event: string }[] = [];
  const store = await startObjectStore({
    host: '127.0.0.1',
    port: 0,
    credentials: [admin, writer, reader],
    minFreeBytes: 0,
    log: (entry) => log.push(entry),
    ...options,
    dataFolder,
  });
  return {
    store,
    dataFolder,
    log,
    endpoint: store.endpoint,
    client: clientOf(store.endpoint, admin),
    async [Symbol.asyncDispose]() {
      await store.stop();
      await folder?.[Symbol.asyncDispose]();
    },
  };
}

export async function readAll(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export async function collect<T>(stream: AsyncIterable<unknown>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item as T);
  return items;
}

/** The S3 error code of a refusal, or 'none'. */
export async function refusal(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return 'none';
  } catch (error) {
    return (error as { code?: string }).code ?? 'unknown';
  }
}

export interface StoreProcess {
  readonly process: ChildProcess;
  readonly endpoint: string;
  kill(signal: NodeJS.Signals): Promise<number | null>;
}

const command = ['--import', 'tsx', join(import.meta.dirname, '../../../infra/embedded/objects/main.ts')];

/** The store as its own process, as a site runs it; resolves when it is ready. */
export async function spawnStore(dataFolder: string, more: readonly string[] = []): Promise<StoreProcess> {
  const child = spawnMain([
    '--listen',
    '127.0.0.1:0',
    '--data',
    dataFolder,
    '--access-key',
    admin.accessKey,
    '--secret-key',
    admin.secretKey,
    '--min-free-bytes',
    '0',
    ...more,
  ]);
  let text = '';
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  const { endpoint } = JSON.parse(text) as { endpoint: string };
  return {
    process: child,
    endpoint,
    async kill(signal) {
      const exited = once(child, 'exit');
      child.kill(signal);
      const [code] = (await exited) as [number | null];
      return code;
    },
  };
}

export const spawnMain = (args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [...command, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
