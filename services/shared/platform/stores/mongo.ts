import mongoose from 'mongoose';
import { CallCentreError } from '../../domain/failure.js';
import type { Config } from '../settings/config.js';
import type { Logger } from '../processes/logger.js';
import { indexesAtOnce } from './indexes.js';

mongoose.plugin(indexesAtOnce);

/** An election takes up to about 12 s. Writes that fail meanwhile are refused and wait in the spool. */
const WRITTEN_WITHIN_MS = 20_000;

/** These options override the URI. */
export const mongoOptions = (config: Pick<Config, 'MONGODB_USER' | 'MONGODB_PASSWORD'>) => ({
  ...(config.MONGODB_USER === undefined ? {} : { user: config.MONGODB_USER, pass: config.MONGODB_PASSWORD ?? '' }),
  serverSelectionTimeoutMS: 5_000,
  autoIndex: true,
  // A collection comes with its indexes, or with its first row.
  autoCreate: false,
  maxPoolSize: 20,
  // A retry of a write that may have been applied is safe: the server deduplicates it.
  retryWrites: true,
  // By default a set with an arbiter acknowledges after one member, and an election rolls back what only that member has.
  w: 'majority' as const,
  journal: true,
  wtimeoutMS: WRITTEN_WITHIN_MS,
  readConcernLevel: 'majority' as const,
});

/** One connection for each process. Slices create their models on it, in their adapters. */
export async function connectMongo(config: Config): Promise<mongoose.Connection> {
  // With all roles in one process, two roles may create the same model on this connection.
  mongoose.set('overwriteModels', true);
  return mongoose.createConnection(config.MONGODB_URI, mongoOptions(config)).asPromise();
}

const TRIED_AGAIN_MS = 500;
/** Before the first connection every operation fails at once. Afterwards it waits for a store that is holding an election. */
const AWAY_ANSWER_MS = 50;
const USUAL_ANSWER_MS = 10_000;

/** Errors of the driver and of mongoose that mean: the store cannot be reached, or has no primary now. */
const AWAY = new Set([
  'MongoServerSelectionError',
  'MongooseServerSelectionError',
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoNotConnectedError',
  'MongoTopologyClosedError',
  'MongoPoolClearedError',
  'MongoPoolClosedError',
]);

/** The servers, as the driver sees them. */
const TAKES_WRITES: ReadonlySet<string> = new Set(['Standalone', 'Mongos', 'RSPrimary', 'LoadBalancer']);

/** Whether an operation failed because the store is down; false when the store itself refused it. */
export function isStoreAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return AWAY.has(error.name) || (error.name === 'MongooseError' && error.message.includes('buffering timed out'));
}

/** The same error, or `service-unavailable` when the store is down: the request was right and may be sent again shortly. */
export const orStoreAway = (error: unknown): unknown =>
  isStoreAway(error)
    ? new CallCentreError('service-unavailable', 'The document store is not answering. Please try again shortly.', { cause: error })
    : error;

/** The document store as a process sees it. The process may start before the store. */
export interface DocumentStore {
  readonly mongo: mongoose.Connection;
  isThere(): boolean;
  /**
   * Awaits `work` when the store has been reached. Otherwise resolves at once, and `work` runs as soon as the store is reached, in the
   * order of the calls.
   */
  onceThere(work: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/**
 * One connection for each process. When the store is down, `mayStartWithout` decides: without it this fails as `connectMongo` does. With it
 * the connection is tried until it succeeds, and operations fail quickly until then. `failed`: called when work that had waited for the
 * store failed.
 */
export async function openDocumentStore({
  config,
  mayStartWithout,
  failed,
  log,
}: {
  readonly config: Pick<Config, 'MONGODB_URI' | 'MONGODB_USER' | 'MONGODB_PASSWORD'>;
  readonly mayStartWithout: () => Promise<boolean>;
  readonly failed: (error: unknown) => void;
  readonly log: Logger;
}): Promise<DocumentStore> {
  // With all roles in one process, two roles may create the same model on this connection.
  mongoose.set('overwriteModels', true);
  const mongo = mongoose.createConnection();
  const waiting: (() => Promise<void>)[] = [];
  let wasReached = false;
  let isThere = false;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;

  async function connect(bufferTimeoutMS: number): Promise<void> {
    // An option that the types of mongoose lack.
    const options = { ...mongoOptions(config), bufferTimeoutMS };
    await mongo.openUri(config.MONGODB_URI, options);
    isThere = true;
    // The state that mongoose reports does not change when routers of a sharded cluster are lost.
    mongo.getClient().on('topologyDescriptionChanged', ({ newDescription: { servers } }) => {
      isThere = [...servers.values()].some(({ type }) => TAKES_WRITES.has(type));
    });
  }

  async function reached(): Promise<void> {
    mongo.set('bufferTimeoutMS', USUAL_ANSWER_MS);
    log.info({}, 'the document store is reachable');
    for (let work = waiting.shift(); work !== undefined; work = waiting.shift()) await work();
    wasReached = true;
  }

  function tryAgain(): void {
    timer = setTimeout(() => {
      connect(AWAY_ANSWER_MS).then(
        () => reached().catch(failed),
        (error: unknown) => {
          log.debug({ err: error }, 'the document store is still unreachable');
          if (!isClosed) tryAgain();
        },
      );
    }, TRIED_AGAIN_MS);
  }

  try {
    await connect(USUAL_ANSWER_MS);
    wasReached = true;
  } catch (error) {
    if (!isStoreAway(error) || !(await mayStartWithout())) throw error;
    log.warn({ err: error }, 'the document store is unreachable; this process starts with the settings it last knew');
    mongo.set('bufferTimeoutMS', AWAY_ANSWER_MS);
    tryAgain();
  }

  return {
    mongo,
    isThere: () => isThere,
    async onceThere(work) {
      if (wasReached) await work();
      else waiting.push(work);
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await mongo.close();
    },
  };
}
