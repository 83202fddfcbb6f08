import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { SignInLimits, Trier } from '../ports.js';

const FREE_TRIES_PER_PAIR = 5;
const FIRST_WAIT_S = 5;
const LONGEST_WAIT_S = 900;
const TRIES_PER_ADDRESS_AND_MINUTE = 30;
/**
 * After this many failed attempts on one name in an hour, from addresses that the person has not signed in from, such addresses must wait.
 */
const TRIES_PER_NAME_AND_HOUR = 50;
/** How long an address or a browser counts as a person's after a sign-in from it. */
export const KNOWN_S = 30 * 86_400;

/**
 * Three limits. First, one name from one place: after five failed attempts the wait doubles from 5 s to 15 min. The place is the browser in
 * which that person has signed in before, otherwise the address. So an attacker at a shared address slows down strangers there, but never
 * the person in their own browser (OWASP: device cookies). Second, one address with many names. Third, one name from many addresses. The
 * last two do not apply in a browser or at an address that the person has signed in from.
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
  const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');
  const blocked = (name: string, place: string): string => `proofline:wait:${name}|${place}`;
  const known = (name: string, from: string): string => `proofline:known:${name}|${from}`;
  const knownBrowser = (name: string, browser: string): string => `proofline:browser:${name}|${digest(browser)}`;

  async function placeOf({ name, from, browser }: Trier): Promise<{ readonly place: string; readonly isOwn: boolean }> {
    const [byBrowser, byAddress] = await Promise.all([
      browser === undefined || browser === '' ? 0 : valkey.exists(knownBrowser(name, browser)),
      valkey.exists(known(name, from)),
    ]);
    return { place: byBrowser === 1 ? `browser:${digest(browser ?? '')}` : from, isOwn: byBrowser === 1 || byAddress === 1 };
  }

  const left = async (limiter: RateLimiterRedis, key: string, points: number): Promise<number> => {
    const spent = await limiter.get(key);
    return spent !== null && spent.consumedPoints > points ? spent.msBeforeNext : 0;
  };

  return {
    async waitMs(trier) {
      const { name, from } = trier;
      const { place, isOwn } = await placeOf(trier);
      const [waiting, byAddress, byName] = await Promise.all([
        valkey.pttl(blocked(name, place)),
        left(address, from, TRIES_PER_ADDRESS_AND_MINUTE),
        left(anywhere, name, TRIES_PER_NAME_AND_HOUR),
      ]);
      return Math.max(0, waiting, ...(isOwn ? [] : [byAddress, byName]));
    },
    async failed(trier) {
      const { name, from } = trier;
      const { place, isOwn } = await placeOf(trier);
      // An exhausted limit rejects its promise; the rejection becomes visible in `waitMs`.
      await address.consume(from).catch(() => undefined);
      if (!isOwn) await anywhere.consume(name).catch(() => undefined);
      const { consumedPoints } = await pair.consume(`${name}|${place}`).catch(() => ({ consumedPoints: 1_000 }));
      const beyond = consumedPoints - FREE_TRIES_PER_PAIR;
      if (beyond >= 0) await valkey.set(blocked(name, place), '1', 'EX', Math.min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** beyond));
    },
    async succeeded(trier) {
      const { name, from, browser } = trier;
      const { place } = await placeOf(trier);
      await Promise.all([
        pair.delete(`${name}|${place}`),
        valkey.del(blocked(name, place)),
        valkey.set(known(name, from), '1', 'EX', KNOWN_S),
        ...(browser === undefined || browser === '' ? [] : [valkey.set(knownBrowser(name, browser), '1', 'EX', KNOWN_S)]),
      ]);
    },
  };
}
