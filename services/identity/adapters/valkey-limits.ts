import type { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { SignInLimits } from '../ports.js';

const FREE_TRIES_PER_NAME = 5;
const FIRST_WAIT_S = 5;
const LONGEST_WAIT_S = 900;
const TRIES_PER_ADDRESS_AND_MINUTE = 30;

/**
 * After five wrong tries on one name from one address the wait doubles from 5 s to 15 min. The name alone is never locked (anybody could
 * lock a colleague out); an address that tries many names is slowed as a whole.
 */
export function createValkeyLimits(valkey: Redis): SignInLimits {
  const common = { storeClient: valkey, useRedisPackage: false } as const;
  const pair = new RateLimiterRedis({ ...common, keyPrefix: 'proofline:wrong', points: 1_000, duration: 86_400 });
  const address = new RateLimiterRedis({
    ...common,
    keyPrefix: 'proofline:address',
    points: TRIES_PER_ADDRESS_AND_MINUTE,
    duration: 60,
    blockDuration: 60,
  });
  const blocked = (name: string, from: string): string => `proofline:wait:${name}|${from}`;
  return {
    async waitMs(name, from) {
      const [waiting, spent] = await Promise.all([valkey.pttl(blocked(name, from)), address.get(from)]);
      const addressWait = spent !== null && spent.consumedPoints > TRIES_PER_ADDRESS_AND_MINUTE ? spent.msBeforeNext : 0;
      return Math.max(0, waiting, addressWait);
    },
    async failed(name, from) {
      await address.consume(from).catch(() => undefined);
      const { consumedPoints } = await pair.consume(`${name}|${from}`).catch(() => ({ consumedPoints: 1_000 }));
      const over = consumedPoints - FREE_TRIES_PER_NAME;
      if (over >= 0) await valkey.set(blocked(name, from), '1', 'EX', Math.min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** over));
    },
    async succeeded(name, from) {
      await Promise.all([pair.delete(`${name}|${from}`), valkey.del(blocked(name, from))]);
    },
  };
}
