import { mkdirSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { lockFolder } from '../folder-lock.js';
import { dispatcher } from './commands/dispatch.js';
import type { Parts } from './commands/context.js';
import { Usage } from './commands/usage.js';
import { MongoError } from './bson/errors.js';
import { Catalog } from './engine/catalog.js';
import { Counters } from './engine/counters.js';
import { DataFileError } from '../data-file.js';
import { Environment } from './engine/environment.js';
import { Expiry } from './engine/expiry.js';
import { Modifier } from './engine/modifier.js';
import { Queries } from './engine/queries.js';
import { ReaderPool } from './engine/reader-pool.js';
import { Reader } from './engine/reader.js';
import { Records } from './engine/records.js';
import { Sessions } from './engine/sessions.js';
import { Writer } from './engine/writer.js';
import { credentialOf } from './wire/scram.js';
import { WireServer } from './wire/server.js';

export interface DocumentStoreOptions {
  /** Folder of the data; made when it is missing. */
  readonly folder: string;
  /** The address to listen on; only loopback when there is no user. Default 127.0.0.1. */
  readonly host?: string;
  /** 0, the default, takes a free port. */
  readonly port?: number;
  /** The one user. Without it only loopback is served. */
  readonly user?: { readonly name: string; readonly password: string };
  /** Writes are refused below this much free space. Default 64 MB. */
  readonly minFreeBytes?: number;
  /** How often TTL indexes are looked at. Default one second; MongoDB takes up to a minute. */
  readonly expiryIntervalMs?: number;
  /** Receives one line for what an operator should know: scans of large collections, faults. Never holds document contents. */
  readonly log?: (line: string) => void;
}

export interface DocumentStore {
  /** `mongodb://127.0.0.1:port/`, without the credential. */
  readonly uri: string;
  readonly port: number;
  /** Ends connections and closes the data; acknowledged writes are on disk already. */
  close(): Promise<void>;
}

/** Anything that keeps the store from starting; the message is one sentence for an operator. */
export class DocumentStoreError extends Error {
  override readonly name = 'DocumentStoreError';
}

const housekeepingMs = 5000;
const defaultMinFreeBytes = 64 * 1024 * 1024;

/**
 * Starts the embedded document store: MongoDB's wire protocol over a folder on this machine.
 *
 * @throws DocumentStoreError when the port is taken, the folder cannot be used or a foreign address is asked for without a user.
 */
export async function startDocumentStore(options: DocumentStoreOptions): Promise<DocumentStore> {
  const host = options.host ?? '127.0.0.1';
  if (options.user === undefined && !['127.0.0.1', '::1', 'localhost'].includes(host)) {
    throw new DocumentStoreError('Without a user the document store serves loopback addresses only; give a user and a password file.');
  }
  const log = options.log ?? ((): void => undefined);
  const { environment, lock } = await openFolder(options.folder);
  const catalog = new Catalog(environment, true);
  const counters = new Counters(environment);
  const records = new Records(environment, catalog, counters);
  const writer = new Writer(environment, catalog, counters);
  const pool = new ReaderPool(options.folder, (error) => log(`A reader thread failed: ${describe(error)}`));
  const parts: Parts = {
    records,
    modifier: new Modifier(records),
    writer,
    queries: new Queries(new Reader(environment, catalog), pool, counters, log),
    sessions: new Sessions(environment),
    usage: new Usage(),
    startedAt: new Date(),
    dataBytes: () => statSync(join(options.folder, 'data.mdb')).size,
    connectionCount: () => server.connectionCount,
  };
  const expiry = new Expiry(catalog, parts.modifier, writer, parts.sessions);
  const credential = options.user === undefined ? undefined : credentialOf(options.user.name, options.user.password);
  const server = new WireServer({
    handle: dispatcher(parts, credential),
    onFault: (message, error) => log(`${message}: ${describe(error)}`),
  });
  const checkSpace = async (): Promise<void> => {
    const { bavail, bsize } = await statfs(options.folder);
    const full = bavail * bsize < (options.minFreeBytes ?? defaultMinFreeBytes);
    writer.refuse(
      full ? new MongoError('OutOfDiskSpace', 'The disk is almost full; the store is read-only until there is space') : undefined,
    );
  };
  let port: number;
  try {
    await checkSpace();
    port = await server.listen(host, options.port ?? 0);
  } catch (error) {
    await environment.close();
    await lock.release();
    throw startError(error, host, options.port ?? 0);
  }
  const housekeeping = setInterval(() => {
    environment.checkReaders();
    pool.expire();
    checkSpace().catch((error: unknown) => log(`Free space could not be read: ${describe(error)}`));
  }, housekeepingMs);
  housekeeping.unref();
  let expiring: Promise<unknown> | undefined;
  let failedAtMs = -Infinity;
  /** A failure that persists is logged once a minute. */
  const failed = (error: unknown): void => {
    if (Date.now() - failedAtMs < 60_000) return;
    failedAtMs = Date.now();
    log(`Expired documents could not be removed: ${describe(error)}`);
  };
  const expiryTimer = setInterval(() => {
    expiring ??= expiry
      .run(Date.now())
      .catch(failed)
      .finally(() => (expiring = undefined));
  }, options.expiryIntervalMs ?? 1000);
  expiryTimer.unref();
  return {
    uri: `mongodb://${host.includes(':') ? `[${host}]` : host}:${port}/`,
    port,
    close: async () => {
      clearInterval(housekeeping);
      clearInterval(expiryTimer);
      await server.close();
      await pool.close();
      await expiring;
      await environment.close();
      await lock.release();
    },
  };
}

interface OpenFolder {
  readonly environment: Environment;
  readonly lock: { release(): Promise<void> };
}

async function openFolder(folder: string): Promise<OpenFolder> {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const lock = await lockFolder(folder);
    try {
      return { environment: new Environment(folder), lock };
    } catch (error) {
      await lock.release();
      throw error;
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM')
      throw new DocumentStoreError('There is no right to write in the data folder.');
    if (code === 'ENOSPC') throw new DocumentStoreError('The disk of the data folder is full.');
    if (error instanceof DataFileError) throw new DocumentStoreError(error.message);
    throw new DocumentStoreError(`The data folder cannot be opened: ${describe(error).replace(/\.$/, '')}.`);
  }
}

function startError(error: unknown, host: string, port: number): DocumentStoreError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return new DocumentStoreError(`The port ${port} on ${host} is taken by another program.`);
  if (code === 'EACCES') return new DocumentStoreError(`There is no right to listen on port ${port} of ${host}.`);
  if (code === 'EADDRNOTAVAIL') return new DocumentStoreError(`The address ${host} is not one of this machine.`);
  return new DocumentStoreError(`The document store cannot listen on ${host}: ${describe(error)}.`);
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown error';
}
