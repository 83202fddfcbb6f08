import type { Redis } from 'ioredis';
import { CallCentreError } from '../../domain/failure.js';
import type { Principal } from '../../domain/people/rights.js';
import type { EventBus } from '../../events/catalogue.js';
import type { NumberHash } from './number-hash.js';
import type { UserId } from '../../domain/ids.js';

/**
 * How many whole numbers one person may look at, or ask for, in an hour: working on cases takes a few, copying a list takes many
 * (regulation item 59).
 */
export const LOOK_UPS_AN_HOUR = 60;
const HOUR_MS = 3_600_000;

/**
 * Counts the distinct numbers that a person was shown or searched for within the last hour: the result of a search reveals as much about a
 * masked number as the number itself. `key` names a number and is kept for an hour. `known` was counted before; `over` was not counted;
 * `over-first` is the first `over` in the hour, so that one alarm is raised and not hundreds.
 */
export interface LookUpCounter {
  count(userId: UserId, key: string, nowMs: number): Promise<'known' | 'new' | 'over-first' | 'over'>;
}

/** Counts for all processes together; the count outlives this process. */
export function createValkeyLookUpCounter(valkey: Redis, most = LOOK_UPS_AN_HOUR): LookUpCounter {
  const script = `
    redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[2] - ARGV[3])
    if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 'known' end
    if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[4]) then
      return redis.call('SET', KEYS[2], '1', 'PX', ARGV[3], 'NX') and 'over-first' or 'over'
    end
    redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
    redis.call('PEXPIRE', KEYS[1], ARGV[3])
    return 'new'`;
  return {
    async count(userId, key, nowMs) {
      const keys = [`proofline:look-ups:${userId}`, `proofline:look-ups-over:${userId}`];
      const answer = await valkey.eval(script, keys.length, ...keys, key, nowMs, HOUR_MS, most);
      return answer as 'known' | 'new' | 'over-first' | 'over';
    },
  };
}

/** Called before a whole number is shown or searched for. Fails with `too-many-requests` above the limit. */
export interface NumberLookUps {
  /** True when it counts as a new look-up, false when this number was already counted within the hour. */
  take(principal: Principal | undefined, number: string): Promise<boolean>;
}

export function createNumberLookUps({
  counter,
  hashNumber,
  bus,
  nowMs = Date.now,
}: {
  readonly counter: LookUpCounter;
  readonly hashNumber: NumberHash;
  readonly bus: Pick<EventBus, 'publish'>;
  readonly nowMs?: () => number;
}): NumberLookUps {
  async function raiseAlarm({ userId, name }: Principal): Promise<void> {
    await bus.publish('notice.raised', {
      at: new Date(nowMs()).toISOString(),
      code: 'many-look-ups',
      subject: userId,
      text: {
        en: `${name} asked for more than ${LOOK_UPS_AN_HOUR} full numbers within an hour.`,
        'zh-CN': `${name} 一小时内查看或查询完整号码超过 ${LOOK_UPS_AN_HOUR} 个。`,
      },
    });
  }

  return {
    async take(principal, number) {
      if (principal === undefined) throw new CallCentreError('not-signed-in', 'Please sign in.');
      const hash = hashNumber(number);
      // For a caller who withheld the number there is nothing to see.
      if (hash === undefined) return false;
      const outcome = await counter.count(principal.userId, hash, nowMs());
      if (outcome === 'known') return false;
      if (outcome === 'new') return true;
      if (outcome === 'over-first') await raiseAlarm(principal);
      throw new CallCentreError(
        'too-many-requests',
        `One person may see or search for at most ${LOOK_UPS_AN_HOUR} full numbers within an hour.`,
        { details: { limit: 'numbers', most: LOOK_UPS_AN_HOUR } },
      );
    },
  };
}
