import mongoose from 'mongoose';
import type { Config } from './config.js';

/** An election takes up to about 12 s; what is not written then is refused, and waits in the spool. */
const WRITTEN_WITHIN_MS = 20_000;

/** Beside the URI, and above it. */
export const mongoOptions = (config: Pick<Config, 'MONGODB_USER' | 'MONGODB_PASSWORD'>) => ({
  ...(config.MONGODB_USER === undefined ? {} : { user: config.MONGODB_USER, pass: config.MONGODB_PASSWORD ?? '' }),
  serverSelectionTimeoutMS: 5_000,
  autoIndex: true,
  maxPoolSize: 20,
  // A retry of a write that may have been applied is safe: the server deduplicates it.
  retryWrites: true,
  // A set with an arbiter asks one member by default, and an election takes back what that one alone has.
  w: 'majority' as const,
  journal: true,
  wtimeoutMS: WRITTEN_WITHIN_MS,
  readConcernLevel: 'majority' as const,
});

/** One connection per process; slices make their models on it, in their adapters. */
export async function connectMongo(config: Config): Promise<mongoose.Connection> {
  // With all roles in one process two of them may make the same model on this one connection.
  mongoose.set('overwriteModels', true);
  return mongoose.createConnection(config.MONGODB_URI, mongoOptions(config)).asPromise();
}
