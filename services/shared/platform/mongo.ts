import mongoose from 'mongoose';
import type { Config } from './config.js';

/** One connection per process; slices make their models on it, in their adapters. */
export async function connectMongo(config: Config): Promise<mongoose.Connection> {
  // With all roles in one process two of them may make the same model on this one connection.
  mongoose.set('overwriteModels', true);
  const connection = mongoose.createConnection(config.MONGODB_URI, {
    ...(config.MONGODB_USER === undefined ? {} : { user: config.MONGODB_USER, pass: config.MONGODB_PASSWORD ?? '' }),
    serverSelectionTimeoutMS: 5_000,
    autoIndex: true,
    maxPoolSize: 20,
    // A retry of a write that may have been applied is safe: the server deduplicates it.
    retryWrites: true,
  });
  return connection.asPromise();
}
