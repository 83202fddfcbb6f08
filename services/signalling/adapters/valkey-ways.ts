import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { WayMemory } from '../way-memory.js';

const WAYS = 'signalling:ways';
const Kept = z.object({
  trunkId: z.string(),
  uri: z.string(),
  facts: z.object({
    ignores: z.boolean(),
    answeredMs: z.number().optional(),
    failedMs: z.number().optional(),
    saysTrying: z.literal(true).optional(),
  }),
});

/** One field for each way, in the live state: telephony that starts again knows which carriers ignore OPTIONS and which say 100. */
export const createValkeyWays = (valkey: Redis): WayMemory => ({
  async all() {
    return Object.values(await valkey.hgetall(WAYS)).map((text) => {
      const { trunkId, uri, facts } = Kept.parse(JSON.parse(text));
      const { ignores, answeredMs, failedMs, saysTrying } = facts;
      return {
        ...{ trunkId, uri },
        facts: {
          ignores,
          ...(answeredMs === undefined ? {} : { answeredMs }),
          ...(failedMs === undefined ? {} : { failedMs }),
          ...(saysTrying === undefined ? {} : { saysTrying }),
        },
      };
    });
  },
  async keep(trunkId, uri, facts) {
    const field = `${trunkId} ${uri}`;
    if (facts === undefined) await valkey.hdel(WAYS, field);
    else await valkey.hset(WAYS, field, JSON.stringify({ trunkId, uri, facts }));
  },
});
