import { mkdir } from 'node:fs/promises';
import { isIPv6, type AddressInfo } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { BlobStore, syncFolder } from './storage/blobs.js';
import { Catalogue } from './storage/catalogue.js';
import { checkStore, type CheckReport } from './maintenance/check.js';
import { DataFileError } from '../data-file.js';
import { lockFolder } from '../folder-lock.js';
import { logToStderr, type Log } from './log.js';
import { collectGarbage, expire, scrub, type MaintenanceDependencies, type ScrubReport } from './maintenance/maintenance.js';
import type { Credential } from './rules/policy.js';
import { createObjectServer } from './server.js';

export type { Credential, Policy } from './rules/policy.js';
export type { CheckReport, Problem } from './maintenance/check.js';
export type { ScrubReport } from './maintenance/maintenance.js';

export interface ObjectStoreOptions {
  /** Created when missing; one process at a time. */
  readonly dataFolder: string;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly credentials: readonly Credential[];
  /** Writes are refused with 507 when they would leave less than this free. Default 1 GiB. */
  readonly minFreeBytes?: number;
  /** How many bytes per second re-hashing may read. Default 20 MiB/s. */
  readonly scrubBytesPerSecond?: number;
  readonly log?: Log;
}

export interface ObjectStore {
  /** `http://host:port` */
  readonly endpoint: string;
  /** Lets requests in progress end, for a few seconds at most, then closes. Safe to call twice. */
  stop(): Promise<void>;
  /** The work that otherwise runs by itself: each resolves when one full pass is done. */
  expire(nowMs?: number): Promise<number>;
  collectGarbage(nowMs?: number): Promise<{ uploads: number; files: number }>;
  scrub(): Promise<ScrubReport>;
}

const defaultMinFreeBytes = 1024 ** 3;
const defaultScrubBytesPerSecond = 20 * 1024 ** 2;
const drainMs = 5_000;
const sweepMs = 20;
const roundMs = 6 * 3_600_000;
const scrubEveryMs = 7 * 86_400_000;

interface OpenFolder {
  readonly catalogue: Catalogue;
  readonly blobs: BlobStore;
  close(): Promise<void>;
}

async function openFolder(dataFolder: string, minFreeBytes: number, log: Log): Promise<OpenFolder> {
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  const lock = await lockFolder(dataFolder);
  try {
    const blobs = new BlobStore(dataFolder, minFreeBytes);
    await blobs.start();
    const removeFiles = (ids: readonly string[]): void => {
      for (const id of ids) {
        blobs.remove(id).catch((error: unknown) => {
          // No metadata names the file any more, so the garbage collector will try again.
          log({ level: 'warn', event: 'file-not-removed', blobId: id, cause: (error as NodeJS.ErrnoException).code ?? 'unknown' });
        });
      }
    };
    const catalogue = new Catalogue(join(dataFolder, 'metadata'), () => blobs.requireRoomForMetadata(), removeFiles);
    // On the first start these folders are new: without this a loss of power could take them, and all that is in them.
    await syncFolder(dataFolder);
    await syncFolder(dirname(resolve(dataFolder)));
    return {
      catalogue,
      blobs,
      async close() {
        await catalogue.close();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    const { message } = error as Error;
    throw message.startsWith('MDB_') ? new DataFileError(`The metadata is damaged and cannot be opened (${message}).`) : error;
  }
}

/** Serves the S3 protocol from a local folder. @throws Error when the folder or the port cannot be used */
export async function startObjectStore(options: ObjectStoreOptions): Promise<ObjectStore> {
  const { log = logToStderr } = options;
  if (options.credentials.length === 0) throw new Error('At least one credential is needed.');
  const folder = await openFolder(options.dataFolder, options.minFreeBytes ?? defaultMinFreeBytes, log);
  const credentials = new Map(options.credentials.map((credential) => [credential.accessKey, credential]));
  const server = createObjectServer({ ...folder, credentials, log });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port, options.host, resolve);
    });
  } catch (error) {
    await folder.close();
    throw error;
  }
  const stopping = new AbortController();
  const dependencies: MaintenanceDependencies = { ...folder, log, signal: stopping.signal };
  const scrubOnce = () => scrub(dependencies, options.scrubBytesPerSecond ?? defaultScrubBytesPerSecond);
  const rounds = startRounds(dependencies, scrubOnce);
  const stop = async (): Promise<void> => {
    stopping.abort();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    // A connection kept alive after its last answer would hold the process until it times out.
    const sweep = setInterval(() => server.closeIdleConnections(), sweepMs);
    const timer = setTimeout(() => server.closeAllConnections(), drainMs);
    await Promise.all([closed, rounds.stopped()]);
    clearTimeout(timer);
    clearInterval(sweep);
    await folder.close();
  };
  const { port } = server.address() as AddressInfo;
  let stopped: Promise<void> | undefined;
  return {
    endpoint: `http://${isIPv6(options.host) ? `[${options.host}]` : options.host}:${port}`,
    stop: () => (stopped ??= stop()),
    expire: (nowMs = Date.now()) => expire(dependencies, nowMs),
    collectGarbage: (nowMs = Date.now()) => collectGarbage(dependencies, nowMs),
    scrub: scrubOnce,
  };
}

/** Once at the start and then four times a day: expiry and garbage, and the scrubber when its week is over. */
function startRounds(dependencies: MaintenanceDependencies, scrubOnce: () => Promise<unknown>): { stopped(): Promise<void> } {
  const { catalogue, log, signal } = dependencies;
  let running: Promise<void> | undefined;
  const round = async (): Promise<void> => {
    try {
      await expire(dependencies, Date.now());
      await collectGarbage(dependencies, Date.now());
      const last = Date.parse(String(catalogue.state('scrubbed-at') ?? ''));
      if (Number.isNaN(last) || Date.now() - last > scrubEveryMs) await scrubOnce();
    } catch (error) {
      if (!signal.aborted) log({ level: 'error', event: 'maintenance-failed', cause: error instanceof Error ? error.name : 'unknown' });
    }
  };
  const start = (): void => {
    running ??= round().finally(() => (running = undefined));
  };
  start();
  const timer = setInterval(start, roundMs);
  timer.unref();
  signal.addEventListener('abort', () => clearInterval(timer));
  return { stopped: async () => running };
}

/** Checks a data folder that no process serves. @throws Error when one does */
export async function checkObjectStore(dataFolder: string, deep: boolean, onProgress: (files: number) => void): Promise<CheckReport> {
  const folder = await openFolder(dataFolder, 0, logToStderr);
  try {
    return await checkStore(folder, deep, onProgress);
  } finally {
    await folder.close();
  }
}
