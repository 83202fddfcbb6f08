import type { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { SignInLimits } from '../ports.js';

const FREE_TRIES_PER_PAIR = 5;
const FIRST_WAIT_S = 5;
const LONGEST_WAIT_S = 900;
const TRIES_PER_ADDRESS_AND_MINUTE = 30;
/** Wrong tries on one name in an hour, from addresses that the person has not signed in from, after which such addresses wait. */
const TRIES_PER_NAME_AND_HOUR = 50;
/** How long an address that a person signed in from counts as theirs. */
const KNOWN_S = 30 * 86_400;

/**
 * Three limits. One name from one address: after five wrong tries the wait doubles from 5 s to 15 min. One address with many names, and
 * one name from many addresses, are slowed as a whole; but neither keeps a person out at an address that the person has signed in from
 * before: colleagues behind the same address still sign in while somebody guesses there, and nobody can lock a colleague out.
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
  const anywhere = new RateLimiterRedis({ ...common, keyPrefix: 'proofline:name', points: TRIES_PER_NAME_AND_HOUR, duration: 3_600 });
  const blocked = (name: string, from: string): string => `proofline:wait:${name}|${from}`;
  const known = (name: string, from: string): string => `proofline:known:${name}|${from}`;

  const left = async (limiter: RateLimiterRedis, key: string, points: number): Promise<number> => {
    const spent = await limiter.get(key);
    return spent !== null && spent.consumedPoints > points ? spent.msBeforeNext : 0;
  };

  return {
    async waitMs(name, from) {
      const [waiting, knows, byAddress, byName] = await Promise.all([
        valkey.pttl(blocked(name, from)),
        valkey.exists(known(name, from)),
        left(address, from, TRIES_PER_ADDRESS_AND_MINUTE),
        left(anywhere, name, TRIES_PER_NAME_AND_HOUR),
      ]);
      return Math.max(0, waiting, ...(knows === 1 ? [] : [byAddress, byName]));
    },
    async failed(name, from) {
      // A limit that is spent is refused by its promise; the refusal shows in `waitMs`.
      await address.consume(from).catch(() => undefined);
      if ((await valkey.exists(known(name, from))) === 0) await anywhere.consume(name).catch(() => undefined);
      const { consumedPoints } = await pair.consume(`${name}|${from}`).catch(() => ({ consumedPoints: 1_000 }));
      const beyond = consumedPoints - FREE_TRIES_PER_PAIR;
      if (beyond >= 0) await valkey.set(blocked(name, from), '1', 'EX', Math.min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** beyond));
    },
    async succeeded(name, from) {
      await Promise.all([
        pair.delete(`${name}|${from}`),
        valkey.del(blocked(name, from)),
        valkey.set(known(name, from), '1', 'EX', KNOWN_S),
      ]);
    },
  };
}
