import type { Redis } from 'ioredis';
import type { SecretCipher } from '../../../shared/platform/stores/secret-cipher.js';
import {
  LEG_BYTES,
  MOST_ORDERS,
  TRACE_BYTES,
  TRACE_HOURS,
  TracedLeg,
  TracedMessage,
  TraceOrder,
  type TraceStore,
} from '../../trace/trace.js';

const KEEP_MS = TRACE_HOURS * 3_600_000;
const ORDERS = 'proofline:sip-trace:orders';
const INDEX = 'proofline:sip-trace:index';
const SIZES = 'proofline:sip-trace:sizes';
const FACTS = 'proofline:sip-trace:facts';
const LEG = 'proofline:sip-trace:leg:';
/** The overhead of a stored message besides its text. */
const COST = 64;

/**
 * KEYS: the orders. ARGV: now as ISO 8601, the largest number of orders, the id, the order, how long the orders are kept. Drops orders that
 * have expired or cannot be read; 0 when as many as are allowed are in force.
 */
const KEEP_ORDER = `
local held = redis.call('HGETALL', KEYS[1])
for i = 1, #held, 2 do
  local read, order = pcall(cjson.decode, held[i + 1])
  if not read or type(order) ~= 'table' or type(order['until']) ~= 'string' or order['until'] <= ARGV[1] then redis.call('HDEL', KEYS[1], held[i]) end
end
if redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[3], ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return 1`;

/**
 * Appends to one leg and enforces the limits: expired legs go first, then the oldest ones until everything fits. `sizes` has the bytes of
 * each leg, `<leg>:lost` the dropped messages, and `*` the sum.
 */
const APPEND = `
local index, sizes, facts = KEYS[1], KEYS[2], KEYS[3]
local now, keepMs, limit, legLimit, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local prefix, leg, lost = ARGV[6], ARGV[7], tonumber(ARGV[9])
local function drop(id)
  redis.call('HINCRBY', sizes, '*', -tonumber(redis.call('HGET', sizes, id) or '0'))
  redis.call('DEL', prefix .. id)
  redis.call('HDEL', sizes, id, id .. ':lost')
  redis.call('HDEL', facts, id)
  redis.call('ZREM', index, id)
end
for _, id in ipairs(redis.call('ZRANGEBYSCORE', index, '-inf', now - keepMs)) do drop(id) end
local added = 0
local isNew = not redis.call('ZSCORE', index, leg)
if isNew then
  redis.call('ZADD', index, now, leg)
  redis.call('HSET', facts, leg, ARGV[8])
  added = string.len(ARGV[8]) + cost
end
local held = tonumber(redis.call('HGET', sizes, leg) or '0')
for i = 10, #ARGV do
  local size = string.len(ARGV[i]) + cost
  if held + added + size > legLimit then lost = lost + 1
  else
    redis.call('RPUSH', prefix .. leg, ARGV[i])
    added = added + size
  end
end
-- Its first messages may have been lost, and then the list begins later than the leg.
if redis.call('PTTL', prefix .. leg) == -1 then redis.call('PEXPIRE', prefix .. leg, keepMs) end
redis.call('HINCRBY', sizes, leg, added)
if lost > 0 then redis.call('HINCRBY', sizes, leg .. ':lost', lost) end
local total = redis.call('HINCRBY', sizes, '*', added)
while total > limit do
  local oldest = redis.call('ZRANGE', index, 0, 0)[1]
  if not oldest then break end
  drop(oldest)
  total = tonumber(redis.call('HGET', sizes, '*'))
end
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, keepMs) end
return total`;

/**
 * Traces in the live state, shared by all processes and limited in size. Each message is sealed with the master key and bound to its leg.
 */
export function createValkeyTraces({
  valkey,
  cipher,
  nowMs,
  limitBytes = TRACE_BYTES,
  legBytes = LEG_BYTES,
}: {
  readonly valkey: Redis;
  readonly cipher: SecretCipher;
  readonly nowMs: () => number;
  readonly limitBytes?: number;
  readonly legBytes?: number;
}): TraceStore {
  const orderOf = (text: string): TraceOrder[] => {
    const read = TraceOrder.safeParse(JSON.parse(text));
    return read.success && Date.parse(read.data.until) > nowMs() ? [read.data] : [];
  };

  return {
    orders: async () => Object.values(await valkey.hgetall(ORDERS)).flatMap(orderOf),
    async keepOrder(order) {
      const now = new Date(nowMs()).toISOString();
      return (await valkey.eval(KEEP_ORDER, 1, ORDERS, now, MOST_ORDERS, order.id, JSON.stringify(order), KEEP_MS)) === 1;
    },
    dropOrder: async (id) => (await valkey.hdel(ORDERS, id)) > 0,
    async append({ leg, messages, lost }) {
      const sealed = messages.map((message) => cipher.seal(JSON.stringify(message), leg.legId));
      const limits = [nowMs(), KEEP_MS, limitBytes, legBytes, COST];
      await valkey.eval(APPEND, 3, INDEX, SIZES, FACTS, ...limits, LEG, leg.legId, JSON.stringify(leg), lost, ...sealed);
    },
    async legs() {
      const ids = await valkey.zrevrangebyscore(INDEX, '+inf', nowMs() - KEEP_MS);
      if (ids.length === 0) return [];
      const [facts, sizes] = await Promise.all([valkey.hgetall(FACTS), valkey.hgetall(SIZES)]);
      return ids.flatMap((id) => {
        const read = TracedLeg.safeParse(JSON.parse(facts[id] ?? 'null'));
        return read.success ? [{ leg: read.data, bytes: Number(sizes[id] ?? 0), lost: Number(sizes[`${id}:lost`] ?? 0) }] : [];
      });
    },
    async leg(legId) {
      const [score, facts, lost, sealed] = await Promise.all([
        valkey.zscore(INDEX, legId),
        valkey.hget(FACTS, legId),
        valkey.hget(SIZES, `${legId}:lost`),
        valkey.lrange(LEG + legId, 0, -1),
      ]);
      const read = TracedLeg.safeParse(JSON.parse(facts ?? 'null'));
      if (!read.success || score === null || Number(score) < nowMs() - KEEP_MS) return undefined;
      const messages = sealed.map((text) => TracedMessage.parse(JSON.parse(cipher.open(text, legId))));
      return { leg: read.data, messages: messages.toSorted((a, b) => a.atUs - b.atUs), lost: Number(lost ?? 0) };
    },
  };
}
