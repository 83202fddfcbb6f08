import { mkdir } from 'node:fs/promises';
import { isIPv6, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { BlobStore } from './blobs.js';
import { Catalogue } from './catalogue.js';
import { lockFolder } from './folder-lock.js';
import { logToStderr, type Log } from './log.js';
import type { Credential } from './policy.js';
import { createObjectServer } from './server.js';

export type { Credential, Policy } from './policy.js';

export interface ObjectStoreOptions {
  /** Created when missing; one process at a time. */
  readonly dataFolder: string;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly credentials: readonly Credential[];
  /** Writes are refused with 507 when they would leave less than this free. Default 1 GiB. */
  readonly minFreeBytes?: number;
  readonly log?: Log;
}

export interface ObjectStore {
  /** `http://host:port` */
  readonly endpoint: string;
  /** Lets requests in progress end, for a few seconds at most, then closes. Safe to call twice. */
  stop(): Promise<void>;
}

const defaultMinFreeBytes = 1024 ** 3;
const drainMs = 5_000;

/** Serves the S3 protocol from a local folder. @throws Error when the folder or the port cannot be had */
export async function startObjectStore(options: ObjectStoreOptions): Promise<ObjectStore> {
  const { dataFolder, log = logToStderr } = options;
  if (options.credentials.length === 0) throw new Error('At least one credential is needed.');
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  const lock = await lockFolder(dataFolder);
  const blobs = new BlobStore(dataFolder, options.minFreeBytes ?? defaultMinFreeBytes);
  try {
    await blobs.start();
  } catch (error) {
    await lock.release();
    throw error;
  }
  const catalogue = new Catalogue(join(dataFolder, 'metadata'), (ids) => {
    for (const id of ids) {
      blobs.remove(id).catch((error: unknown) => {
        // The file is unnamed by now and the garbage collector will find it.
        log({ level: 'warn', event: 'file-not-removed', blobId: id, cause: (error as NodeJS.ErrnoException).code ?? 'unknown' });
      });
    }
  });
  const credentials = new Map(options.credentials.map((credential) => [credential.accessKey, credential]));
  const server = createObjectServer({ catalogue, blobs, credentials, log });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port, options.host, resolve);
    });
  } catch (error) {
    await catalogue.close();
    await lock.release();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    const timer = setTimeout(() => server.closeAllConnections(), drainMs);
    await closed;
    clearTimeout(timer);
    await catalogue.close();
    await lock.release();
  };
  return {
    endpoint: `http://${isIPv6(options.host) ? `[${options.host}]` : options.host}:${port}`,
    stop: () => (stopping ??= stop()),
  };
}
