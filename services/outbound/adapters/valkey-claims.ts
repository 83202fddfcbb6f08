import type { Redis } from 'ioredis';
import type { Claims } from '../ports.js';

/**
 * KEYS: tries of the number and all legs to it, each the permits by time. ARGV: now, the permit, the day's beginning, legs a day at the most, whether it is a
 * try, then for each cap its time and its tries. Answers `ok`, `too-often` or `over-ceiling`; only `ok` counts the leg.
 */
const TAKE = `
local now, permit, midnight, most, isTry = tonumber(ARGV[1]), ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5] == '1'
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - 86400000)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', '(' .. midnight)
if isTry then
  for i = 6, #ARGV, 2 do
    if redis.call('ZCOUNT', KEYS[1], '(' .. (now - tonumber(ARGV[i])), '+inf') >= tonumber(ARGV[i + 1]) then return 'too-often' end
  end
end
if redis.call('ZCARD', KEYS[2]) >= most then return 'over-ceiling' end
if isTry then
  redis.call('ZADD', KEYS[1], now, permit)
  redis.call('PEXPIRE', KEYS[1], 86400000)
end
redis.call('ZADD', KEYS[2], now, permit)
redis.call('PEXPIRE', KEYS[2], 90000000)
return 'ok'
`;

const keysOf = (numberHash: string): [string, string] => [`outbound:tries:${numberHash}`, `outbound:legs:${numberHash}`];

/** Who is first to a number, over all processes: one script looks and counts. What has been before stands in the attempts, which are asked too. */
export function createValkeyClaims(valkey: Redis): Claims {
  return {
    async take({ numberHash, permitId, at, midnight, mostADay, caps }) {
      const limits = caps.flatMap(({ withinMs, tries }) => [withinMs, tries]);
      const isTry = caps.length > 0 ? '1' : '0';
      const answer = await valkey.eval(
        TAKE,
        2,
        ...keysOf(numberHash),
        at.getTime(),
        permitId,
        midnight.getTime(),
        mostADay,
        isTry,
        ...limits,
      );
      return answer === 'ok' ? undefined : answer === 'too-often' ? 'too-often' : 'over-ceiling';
    },
    async release({ numberHash, permitId }) {
      const [tries, legs] = keysOf(numberHash);
      await valkey.multi().zrem(tries, permitId).zrem(legs, permitId).exec();
    },
  };
}
