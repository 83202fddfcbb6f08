import type { Redis } from 'ioredis';
import type { Connection } from 'mongoose';
import { createIdentity } from '../../../services/identity/index.js';
import { readConfig } from '../../../services/shared/platform/settings/config.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import type { Principal } from '../../../services/shared/domain/people/rights.js';

// The routes of accounts on real stores, called as the gateway calls them, with an audit log that is a collection of the test.

export const AUDITED = 'audited';
export const boss: Principal = {
  ...{ userId: 'boss', name: 'Boss', sessionId: 's', roles: ['admin', 'security-admin'] },
  scope: { queues: [], sites: [], clientUnits: [] },
};

/** What a process of its own needs to work on the same stores. */
export const importEnv = (uri: string, valkeyUrl: string, tokenKey: string): Record<string, string> => ({
  PROOFLINE_HOME: '/nonexistent',
  MONGODB_URI: uri,
  VALKEY_URL: valkeyUrl,
  S3_ENDPOINT: 'http://127.0.0.1:1',
  S3_ACCESS_KEY: 'unused unused',
  S3_SECRET_KEY: 'unused unused',
  S3_BUCKET: 'unused',
  DRACHTIO_URL: 'tcp://127.0.0.1:1',
  DRACHTIO_SECRET: 'unused unused',
  MASTER_KEY: Buffer.alloc(32, 1).toString('base64'),
  TOKEN_KEY: tokenKey,
  SEAT_KEY: Buffer.alloc(32, 2).toString('base64'),
  ADMIN_PASSWORD: 'unused unused unused',
});

export function importRoutes(env: Record<string, string>, mongo: Connection, valkey: Redis) {
  const { routes } = createIdentity({
    ...{ config: readConfig(env), mongo, valkey, log: silentLogger },
    audit: async ({ who, what, object }) => {
      await mongo.collection(AUDITED).insertOne({ who, what, object });
    },
    queuesOf: async () => [],
  });
  /** Calls a route; `asked` has what the request consists of. */
  return async (key: string, asked: { params?: object; query?: object; body?: object; bytes?: Uint8Array } = {}): Promise<unknown> => {
    const [method, path] = key.split(' ');
    const found = routes.find((route) => route.method === method?.toLowerCase() && route.path === path);
    if (found === undefined) throw new Error(`there is no route ${key}`);
    const { params = {}, query = {}, body = {}, bytes = new Uint8Array() } = asked;
    return found.handle({
      ...{ principal: boss, params, query, body, from: '127.0.0.1' },
      request: { headers: {}, originalUrl: '', get: () => undefined },
      response: {} as never,
      upload: { bytes: async () => Buffer.from(bytes), file: async () => ({}) } as never,
    });
  };
}
