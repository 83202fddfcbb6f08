import type { Redis } from 'ioredis';
import type { LeaseStore } from '../processes/role-lease.js';

/** Takes or renews the lease in one step: nobody can come between the check and the write. */
const TAKE = `local found = redis.call('get', KEYS[1])
if not found or found == ARGV[1] then redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2]) return false end
return found`;
const TAKE_FROM = `if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('set', KEYS[1], ARGV[2], 'PX', ARGV[3]) return 1`;
const RELEASE = `if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end`;
const awaitedKey = (name: string): string => `${name}:awaited`;
/** A live state that hangs is treated like one that is down. */
const ANSWER_WITHIN_MS = 2_000;

export function createValkeyLeases(valkey: Redis): LeaseStore {
  const answered = async <T>(answer: Promise<T>): Promise<T> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('live state does not answer')), ANSWER_WITHIN_MS);
    });
    return Promise.race([answer, late]).finally(() => clearTimeout(timer));
  };
  return {
    take: async (name, holder, ms) => ((await answered(valkey.eval(TAKE, 1, name, holder, ms))) as string | null) ?? undefined,
    takeFrom: async (name, former, holder, ms) => (await answered(valkey.eval(TAKE_FROM, 1, name, former, holder, ms))) === 1,
    async release(name, holder) {
      await answered(valkey.eval(RELEASE, 1, name, holder));
    },
    async announce(name, ms) {
      await answered(valkey.set(awaitedKey(name), '1', 'PX', ms));
    },
    isAwaited: async (name) => (await answered(valkey.exists(awaitedKey(name)))) === 1,
  };
}
