import type { Redis } from 'ioredis';
import { HELD_FOR_MS, type SharedChannels } from '../trunks/shared-load.js';
import type { TrunkId } from '../../shared/domain/ids.js';

/**
 * KEYS: the calls of a trunk, each with the time at which it is forgotten. ARGV: how long a call is held, how many calls are held, their
 * tokens, then the tokens of ended calls. The clock is that of the live state, which all machines share.
 */
const HELD = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local lease, count = tonumber(ARGV[1]), tonumber(ARGV[2])
for i = 1, count do redis.call('ZADD', KEYS[1], now + lease, ARGV[2 + i]) end
local function over(last) for i = 3 + count, last do redis.call('ZREM', KEYS[1], ARGV[i]) end end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('PEXPIRE', KEYS[1], lease)
`;

const HOLD = `${HELD}
over(#ARGV)
return redis.call('ZCARD', KEYS[1])
`;

/**
 * KEYS as well: the calls that began in the last second. The last three of ARGV: the token, the limits of channels and of calls per second,
 * -1 for no limit. Returns 1 when the channel was taken.
 */
const TAKE = `${HELD}
local last = #ARGV - 3
over(last)
local token, channels, most = ARGV[last + 1], tonumber(ARGV[last + 2]), tonumber(ARGV[last + 3])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - 1000)
if channels >= 0 and redis.call('ZCARD', KEYS[1]) >= channels then return 0 end
if most >= 0 and redis.call('ZCARD', KEYS[2]) >= most then return 0 end
redis.call('ZADD', KEYS[1], now + lease, token)
redis.call('PEXPIRE', KEYS[1], lease)
if most >= 0 then
  redis.call('ZADD', KEYS[2], now, token)
  redis.call('PEXPIRE', KEYS[2], 2000)
end
return 1
`;

const NO_CEILING = -1;
const callsOf = (trunkId: TrunkId): string => `signalling:trunk:${trunkId}:calls`;
const begunOf = (trunkId: TrunkId, direction: string): string => `signalling:trunk:${trunkId}:begun:${direction}`;

/** One script checks and counts. A call is forgotten when nobody confirms it for 6 s. */
export const createValkeyChannels = (valkey: Redis): SharedChannels => ({
  async hold({ trunkId, held, over }) {
    return Number(await valkey.eval(HOLD, 1, callsOf(trunkId), HELD_FOR_MS, held.length, ...held, ...over));
  },
  async take({ trunkId, held, over, token, channels = NO_CEILING, direction, perSecond = NO_CEILING }) {
    const keys = [callsOf(trunkId), begunOf(trunkId, direction)];
    const ask = [token, channels, perSecond];
    return (await valkey.eval(TAKE, 2, ...keys, HELD_FOR_MS, held.length, ...held, ...over, ...ask)) === 1;
  },
});
