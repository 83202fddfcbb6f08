import type { Redis } from 'ioredis';
import { STREAM } from './event-stream.js';

/** A later turn of the subscriber has begun. */
export class TurnOver extends Error {
  override readonly name = 'TurnOver';
}

/** The consumer group of one turn of a subscriber that leads. */
export const turnGroup = (subscriber: string, token: number): string => `${subscriber}@${token}`;

/**
 * Ends every earlier turn and continues where the latest of them stood: before the first event that it was given and had not acknowledged,
 * otherwise after the last one it was given. The group of an earlier turn is then gone: a reader that waits on it, or wakes later, is given
 * nothing, and its acknowledgements count for nobody. A group without a token comes from an earlier version.
 */
const BEGIN = `local own, token, first = ARGV[1] .. '@' .. ARGV[2], tonumber(ARGV[2]), ARGV[3]
local latest, from = -1, first
local older = {}
if redis.call('exists', KEYS[1]) == 1 then
  for _, fields in ipairs(redis.call('xinfo', 'groups', KEYS[1])) do
    local group = {}
    for at = 1, #fields, 2 do group[fields[at]] = fields[at + 1] end
    local name = group['name']
    local its = nil
    if name == ARGV[1] then its = 0
    elseif string.sub(name, 1, #ARGV[1] + 1) == ARGV[1] .. '@' then its = tonumber(string.sub(name, #ARGV[1] + 2)) end
    if its and its > token then return redis.error_reply('TURNOVER a later turn has begun') end
    if its and its == token then return 'known' end
    if its then
      older[#older + 1] = name
      if its > latest then
        latest = its
        from = group['last-delivered-id']
        local pending = redis.call('xpending', KEYS[1], name)
        if pending[1] > 0 then
          local ms, count = string.match(pending[2], '^(%d+)-(%d+)$')
          if count == '0' then from = string.format('%.0f', tonumber(ms) - 1) .. '-18446744073709551615'
          else from = ms .. '-' .. string.format('%.0f', tonumber(count) - 1) end
        end
      end
    end
  end
end
redis.call('xgroup', 'create', KEYS[1], own, from, 'mkstream')
for _, name in ipairs(older) do redis.call('xgroup', 'destroy', KEYS[1], name) end
return 'begun'`;

/** Fails with `TurnOver` when a later turn has begun. `first`: where a new subscriber begins, `0` or `$`. */
export async function beginTurn(
  valkey: Redis,
  { subscriber, token, first }: { readonly subscriber: string; readonly token: number; readonly first: string },
): Promise<void> {
  await valkey.eval(BEGIN, 1, STREAM, subscriber, token, first).catch((error: unknown) => {
    if (error instanceof Error && error.message.startsWith('TURNOVER')) throw new TurnOver('a later turn of this subscriber has begun');
    throw error;
  });
}
