import type { Redis } from 'ioredis';
import type { GateCounts } from '../gate/gate-ports.js';
import type { Claims, DayCount } from '../ports.js';
import { GATE_FEED } from './valkey-gate-feed.js';
import type { TrunkId } from '../../shared/domain/ids.js';

const DAY_FIELDS = 4;
const TRIES_KEPT_MS = 86_400_000;
/** A day may have 25 hours. */
const LEGS_KEPT_MS = 90_000_000;

/**
 * The counts of a day: the live state's figure, or the document store's when that is higher because the live state has lost its own. A
 * process remembers the store's figure from before legs were given back.
 */
const COUNTED = `
local function counted(key, field, least)
  local back = tonumber(redis.call('HGET', key, 'back/' .. field) or '0')
  return math.max(tonumber(redis.call('HGET', key, field) or '0'), tonumber(least) - back)
end`;

/**
 * KEYS: attempts to the number and all legs to it, each as permits by time; the counts of the day; the feed of changes; what ended legs to
 * the number lasted, as `permit/milliseconds` by time. ARGV: now, the permit, the beginning of the day, the most legs a day, whether the leg
 * is an attempt, the position of the feed that the decision was based on (empty: none), the document store's counts of the day as a
 * minimum, its ceilings and its fields (four each), the most milliseconds to the number and the document store's count of them as a
 * minimum, then for each cap its time and its attempts. Answers `ok`, `changed`, `too-often` or `over-ceiling`; only `ok` counts the leg.
 */
const TAKE = `${COUNTED}
local now, permit, midnight, most, isTry, position = tonumber(ARGV[1]), ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5] == '1', ARGV[6]
if position ~= '' then
  local entries = redis.call('XRANGE', KEYS[4], position, '+', 'COUNT', 2)
  if #entries ~= 1 or entries[1][1] ~= position then return 'changed' end
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - 86400000)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', '(' .. midnight)
if isTry then
  for i = 21, #ARGV, 2 do
    if redis.call('ZCOUNT', KEYS[1], '(' .. (now - tonumber(ARGV[i])), '+inf') >= tonumber(ARGV[i + 1]) then return 'too-often' end
  end
end
if redis.call('ZCARD', KEYS[2]) >= most then return 'over-ceiling' end
redis.call('ZREMRANGEBYSCORE', KEYS[5], '-inf', '(' .. midnight)
local lasted = 0
for _, leg in ipairs(redis.call('ZRANGE', KEYS[5], 0, -1)) do lasted = lasted + tonumber(string.match(leg, '(%d+)$')) end
if math.max(lasted, tonumber(ARGV[20])) >= tonumber(ARGV[19]) then return 'over-ceiling' end
local counts = {}
for i = 1, ${DAY_FIELDS} do
  counts[i] = counted(KEYS[3], ARGV[14 + i], ARGV[6 + i])
  if counts[i] >= tonumber(ARGV[10 + i]) then return 'over-ceiling' end
end
redis.call('HSET', KEYS[3], ARGV[15], counts[1] + 1, ARGV[16], counts[2], ARGV[17], counts[3] + 1, ARGV[18], counts[4])
redis.call('PEXPIRE', KEYS[3], 172800000)
if isTry then
  redis.call('ZADD', KEYS[1], now, permit)
  redis.call('PEXPIRE', KEYS[1], ${TRIES_KEPT_MS})
end
redis.call('ZADD', KEYS[2], now, permit)
redis.call('PEXPIRE', KEYS[2], ${LEGS_KEPT_MS})
return 'ok'
`;

/** KEYS: the feed of changes. ARGV: a position. 1 when nothing came after it. */
const HOLDS = `
local entries = redis.call('XRANGE', KEYS[1], ARGV[1], '+', 'COUNT', 2)
return #entries == 1 and entries[1][1] == ARGV[1] and 1 or 0
`;

/**
 * KEYS: the counts of the day, what legs to the number lasted. ARGV: how long the leg lasted, then the document store's counts as a minimum
 * and the fields, each for the day and for the trunk; the leg's time and its permit (empty: nobody knows the number).
 */
const LASTED = `
for i = 1, 2 do
  local before = math.max(tonumber(redis.call('HGET', KEYS[1], ARGV[3 + i]) or '0'), tonumber(ARGV[1 + i]))
  redis.call('HSET', KEYS[1], ARGV[3 + i], before + tonumber(ARGV[1]))
end
redis.call('PEXPIRE', KEYS[1], 172800000)
if ARGV[7] ~= '' then
  redis.call('ZADD', KEYS[2], ARGV[6], ARGV[7] .. '/' .. ARGV[1])
  redis.call('PEXPIRE', KEYS[2], ${LEGS_KEPT_MS})
end
`;

/**
 * KEYS: the counts of the day. ARGV: the fields of the trunk, the document store's counts for them as a minimum, and the trunk's ceilings.
 * 1 when the leg was counted.
 */
const MOVED = `${COUNTED}
local calls = counted(KEYS[1], ARGV[1], ARGV[3])
local lasted = math.max(tonumber(redis.call('HGET', KEYS[1], ARGV[2]) or '0'), tonumber(ARGV[4]))
if calls >= tonumber(ARGV[5]) or lasted >= tonumber(ARGV[6]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], calls + 1, ARGV[2], lasted)
redis.call('PEXPIRE', KEYS[1], 172800000)
return 1
`;

/**
 * KEYS: for each leg, the attempts to its number, all legs to it and what they lasted. ARGV: for each leg, its time, its permit, whether it
 * is an attempt, and how long it lasted (0: it has not ended).
 * The next script that counts removes what is too old.
 */
const RESTORE = `
for i = 1, #KEYS, 3 do
  local n = (i - 1) / 3 * 4
  local at, permit = ARGV[n + 1], ARGV[n + 2]
  if ARGV[n + 3] == '1' then
    redis.call('ZADD', KEYS[i], 'NX', at, permit)
    redis.call('PEXPIRE', KEYS[i], ${TRIES_KEPT_MS})
  end
  redis.call('ZADD', KEYS[i + 1], 'NX', at, permit)
  redis.call('PEXPIRE', KEYS[i + 1], ${LEGS_KEPT_MS})
  if tonumber(ARGV[n + 4]) > 0 then
    redis.call('ZADD', KEYS[i + 2], at, permit .. '/' .. ARGV[n + 4])
    redis.call('PEXPIRE', KEYS[i + 2], ${LEGS_KEPT_MS})
  end
end
`;
/** Takes one call from each of these fields of the day. */
const GIVE_BACK = `
local function giveBack(key, field)
  if tonumber(redis.call('HGET', key, field) or '0') > 0 then redis.call('HINCRBY', key, field, -1) end
  redis.call('HINCRBY', key, 'back/' .. field, 1)
  redis.call('PEXPIRE', key, 172800000)
end`;
/**
 * KEYS: attempts to the number, all legs to it, the counts of the day. ARGV: the permit, the fields of the day and of the trunk. 1 when the
 * leg had been counted.
 */
const RELEASE = `${GIVE_BACK}
redis.call('ZREM', KEYS[1], ARGV[1])
if redis.call('ZREM', KEYS[2], ARGV[1]) == 0 then return 0 end
giveBack(KEYS[3], ARGV[2])
giveBack(KEYS[3], ARGV[3])
return 1
`;
/** KEYS: the counts of the day. ARGV: the field of the trunk. */
const MOVED_ON = `${GIVE_BACK}
giveBack(KEYS[1], ARGV[1])
`;
/** A script blocks the live state while it runs. */
const RESTORED_AT_ONCE = 250;

const MINUTE_MS = 60_000;
const keysOf = (numberHash: string): [string, string] => [`outbound:tries:${numberHash}`, `outbound:legs:${numberHash}`];
const lastedKey = (numberHash: string): string => `outbound:lasted:${numberHash}`;
const dayKey = (day: string): string => `outbound:day:${day}`;
const countsOf = ({ calls, lastedMs, trunkCalls, trunkLastedMs }: DayCount): number[] => [calls, lastedMs, trunkCalls, trunkLastedMs];
const fieldsOf = (trunkId: TrunkId): string[] => ['calls', 'lasted', `calls/${trunkId}`, `lasted/${trunkId}`];

/**
 * Decides, across all processes, which leg is first to a number, what is left of a day, and whether the facts behind a decision still hold:
 * one script checks and counts. If the live state loses data, the attempts and the counts are still in the document store: the legs are
 * restored before a gate decides from memory, and a gate without memory asks the store as well.
 */
export function createValkeyClaims(valkey: Redis): Claims & GateCounts {
  return {
    async take({ numberHash, permitId, at, midnight, mostADay, caps, position = '', day, trunkId, least, leastToNumberMs, ceilings }) {
      const { numberMinutesADay, callsADay, minutesADay, trunkCallsADay, trunkMinutesADay } = ceilings;
      const answer = await valkey.eval(
        TAKE,
        5,
        ...keysOf(numberHash),
        dayKey(day),
        GATE_FEED,
        lastedKey(numberHash),
        at.getTime(),
        permitId,
        midnight.getTime(),
        mostADay,
        caps.length > 0 ? '1' : '0',
        position,
        ...countsOf(least),
        ...[callsADay, minutesADay * MINUTE_MS, trunkCallsADay, trunkMinutesADay * MINUTE_MS],
        ...fieldsOf(trunkId),
        ...[numberMinutesADay * MINUTE_MS, leastToNumberMs],
        ...caps.flatMap(({ withinMs, tries }) => [withinMs, tries]),
      );
      if (answer === 'ok') return undefined;
      return answer === 'changed' || answer === 'too-often' ? answer : 'over-ceiling';
    },
    async restore(legs) {
      for (let from = 0; from < legs.length; from += RESTORED_AT_ONCE) {
        const some = legs.slice(from, from + RESTORED_AT_ONCE);
        await valkey.eval(
          RESTORE,
          some.length * 3,
          ...some.flatMap(({ numberHash }) => [...keysOf(numberHash), lastedKey(numberHash)]),
          ...some.flatMap(({ at, permitId, isTry, lastedMs }) => [at.getTime(), permitId, isTry ? '1' : '0', Math.round(lastedMs)]),
        );
      }
    },
    holds: async (position) => (await valkey.eval(HOLDS, 1, GATE_FEED, position)) === 1,
    async lasted({ day, trunkId, lastedMs, least, numberHash, permitId, at }) {
      const [, ofDay = '', , ofTrunk = ''] = fieldsOf(trunkId);
      const ofNumber = [at.getTime(), numberHash === '' ? '' : permitId];
      const counts = [least.lastedMs, least.trunkLastedMs, ofDay, ofTrunk];
      await valkey.eval(LASTED, 2, dayKey(day), lastedKey(numberHash), Math.round(lastedMs), ...counts, ...ofNumber);
    },
    async moved({ day, trunkId, least, ceilings }) {
      const { trunkCallsADay, trunkMinutesADay } = ceilings;
      const [, , calls = '', lasted = ''] = fieldsOf(trunkId);
      const limits = [least.trunkCalls, least.trunkLastedMs, trunkCallsADay, trunkMinutesADay * MINUTE_MS];
      return (await valkey.eval(MOVED, 1, dayKey(day), calls, lasted, ...limits)) === 1;
    },
    async release({ numberHash, permitId, day, trunkId }) {
      const [calls = '', , ofTrunk = ''] = fieldsOf(trunkId);
      return (await valkey.eval(RELEASE, 3, ...keysOf(numberHash), dayKey(day), permitId, calls, ofTrunk)) === 1;
    },
    async giveBack({ day, trunkId }) {
      const [, , ofTrunk = ''] = fieldsOf(trunkId);
      await valkey.eval(MOVED_ON, 1, dayKey(day), ofTrunk);
    },
  };
}
