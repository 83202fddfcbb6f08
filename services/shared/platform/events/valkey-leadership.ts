import type { Redis } from 'ioredis';
import type { Leadership } from '../processes/leadership.js';
import { hasEnded, stillRuns, type Holder } from '../processes/role-lease.js';
import { systemClock } from '../processes/system-clock.js';

/**
 * Together with the interval of a standby (`TAKE_EVERY_MS`) and the time of its reads, another process decides within 3 s of the last sign
 * of life.
 */
const LEASE_MS = 2_000;
const TAKE_EVERY_MS = 100;
/** The beginning of the answer to a write whose token is too small. */
const SUPERSEDED = 'SUPERSEDED';

/** The key of the largest token of a role. */
export const tokenKey = (role: string): string => `proofline:${role}:token`;

/**
 * Takes the lease, also from a `former` holder, and the next token in one step. The token follows the server's clock where that is ahead,
 * so it grows even when the live state has lost everything, or lost the newest writes in a failover.
 */
const TAKE = `local found = redis.call('get', KEYS[1])
if found and found ~= ARGV[1] and found ~= ARGV[3] then return {'', found} end
local last = redis.call('get', KEYS[2])
if found ~= ARGV[1] or not last then
  local now = redis.call('time')
  last = string.format('%.0f', math.max(tonumber(last or '0') + 1, now[1] * 1000 + math.floor(now[2] / 1000)))
  redis.call('set', KEYS[2], last)
end
redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2])
return {last, ''}`;
/** A lease that expired without being taken continues, with its token. */
const RENEW = `local found = redis.call('get', KEYS[1])
local last = redis.call('get', KEYS[2])
if (found and found ~= ARGV[1]) or (last and tonumber(last) > tonumber(ARGV[3])) then return 0 end
redis.call('set', KEYS[2], ARGV[3])
redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;
const RELEASE = `if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end`;
const FENCE = `local last = redis.call('get', KEYS[1])
if last and tonumber(last) > tonumber(ARGV[1]) then return redis.error_reply('${SUPERSEDED} a later leader has taken over') end
`;

interface LeadershipOptions {
  readonly valkey: Redis;
  readonly role: string;
  /** `id` tells two leaderships of one process apart. */
  readonly self: Holder & { readonly id: string };
  /** Whether a holder on this machine still runs. */
  readonly runs?: (holder: Holder) => boolean;
  readonly lost: () => void;
  /** A monotonic clock, in milliseconds. */
  readonly nowMs?: () => number;
}

/**
 * The leadership of a role by a lease in Valkey, which is renewed three times during its life. `lost` is called once, when another process
 * leads.
 */
export function createValkeyLeadership({
  valkey,
  role,
  self,
  runs = stillRuns,
  lost,
  nowMs = () => performance.now(),
}: LeadershipOptions): Leadership {
  const holder = JSON.stringify(self);
  const lease = `proofline:${role}:lease`;
  const tokens = tokenKey(role);
  let token = 0;
  let sureUntilMs = -Infinity;
  let waiting: (() => void)[] = [];
  let renewing: Promise<void> | undefined;
  let stopRenewing = (): void => undefined;
  let over = false;
  let released = false;

  const isSure = (): boolean => !over && nowMs() < sureUntilMs;

  /** Counted from the question: this process may have stood still between the question and the answer. */
  function confirmed(askedMs: number): void {
    sureUntilMs = askedMs + LEASE_MS;
    if (!isSure()) return;
    const sure = waiting;
    waiting = [];
    for (const tell of sure) tell();
  }

  function superseded(): void {
    if (over) return;
    over = true;
    stopRenewing();
    lost();
  }

  /** Undefined when the lease was taken, otherwise its holder. */
  async function take(former = ''): Promise<string | undefined> {
    const askedMs = nowMs();
    const [granted, other] = (await valkey.eval(TAKE, 2, lease, tokens, holder, LEASE_MS, former)) as [string, string];
    if (granted === '') return other;
    token = Number(granted);
    confirmed(askedMs);
    return undefined;
  }

  async function isTaken(): Promise<boolean> {
    const other = await take();
    return other === undefined || (hasEnded(other, self, runs) && (await take(other)) === undefined);
  }

  async function renew(): Promise<void> {
    const askedMs = nowMs();
    // The live state is away or hangs: it is asked again. Until then nothing is decided, and without the live state nothing could be.
    const answer = await valkey.eval(RENEW, 2, lease, tokens, holder, LEASE_MS, token).catch(() => undefined);
    if (answer === 0) superseded();
    else if (answer === 1) confirmed(askedMs);
  }
  function renewOnce(): void {
    renewing ??= renew().finally(() => {
      renewing = undefined;
      // This answer came late and belongs to a question from before this process stood still.
      if (waiting.length > 0 && !over && !released) systemClock.after(0, renewOnce);
    });
  }

  return {
    async acquire(standsBy) {
      for (let turn = 0; !(await isTaken()); turn += 1) {
        if (turn === 0) standsBy();
        await new Promise<void>((resolve) => systemClock.after(TAKE_EVERY_MS, resolve));
        if (released) throw new Error('stopped before it held the lease');
      }
      stopRenewing = systemClock.every(LEASE_MS / 3, renewOnce);
    },
    token: () => token,
    isSure,
    sure: () =>
      isSure()
        ? Promise.resolve()
        : new Promise((resolve) => {
            waiting.push(resolve);
            if (!over) renewOnce();
          }),
    superseded,
    isOver: () => over,
    async release() {
      released = true;
      stopRenewing();
      await valkey.eval(RELEASE, 1, lease, holder).catch(() => undefined);
    },
  };
}

/** Writes of a leader. The live state refuses them once it has issued a larger token. */
export function createFencedWrites({
  valkey,
  role,
  leadership: { token, superseded },
}: {
  readonly valkey: Redis;
  readonly role: string;
  readonly leadership: Pick<Leadership, 'token' | 'superseded'>;
}) {
  const key = tokenKey(role);
  /** False when the write was refused. */
  async function write(body: string, keys: readonly string[], values: readonly string[]): Promise<boolean> {
    try {
      await valkey.eval(FENCE + body, keys.length + 1, key, ...keys, token(), ...values);
      return true;
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith(SUPERSEDED))) throw error;
      superseded();
      return false;
    }
  }
  return {
    /** `kept`: field, value, field, value, and so on. */
    hash: (name: string, kept: readonly string[], gone: readonly string[]) =>
      write(
        `for at = 3, 2 + tonumber(ARGV[2]), 2 do redis.call('hset', KEYS[2], ARGV[at], ARGV[at + 1]) end
for at = 3 + tonumber(ARGV[2]), #ARGV do redis.call('hdel', KEYS[2], ARGV[at]) end`,
        [name],
        [String(kept.length), ...kept, ...gone],
      ),
    set: (name: string, value: string, seconds: number) =>
      write(`redis.call('set', KEYS[2], ARGV[2], 'EX', ARGV[3])`, [name], [value, String(seconds)]),
  };
}

export type FencedWrites = ReturnType<typeof createFencedWrites>;

/** The largest token ever issued for a role; 0 when there was none. */
export const lastToken = async (valkey: Redis, role: string): Promise<number> => Number((await valkey.get(tokenKey(role))) ?? 0);
