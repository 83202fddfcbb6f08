import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { ProviderVisits } from '../ports.js';

const VISIT_MS = 600_000;
const Visit = z.object({ state: z.string(), nonce: z.string(), verifier: z.string() });
const keyOf = (key: string): string => `proofline:visit:${key}`;

/** Stored on the server, so that a browser can neither read nor repeat a visit. */
export const createValkeyVisits = (valkey: Redis): ProviderVisits => ({
  async keep(visit) {
    const key = randomBytes(32).toString('base64url');
    await valkey.set(keyOf(key), JSON.stringify(visit), 'PX', VISIT_MS);
    return key;
  },
  async take(key) {
    const text = key === '' ? null : await valkey.getdel(keyOf(key));
    return text === null ? undefined : Visit.parse(JSON.parse(text));
  },
});
