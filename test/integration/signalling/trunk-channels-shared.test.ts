import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { createValkeyChannels } from '../../../services/signalling/index.js';
import { createSharedLoad, HELD_FOR_MS } from '../../../services/signalling/trunks/shared-load.js';
import { createTrunkLoad } from '../../../services/signalling/trunks/trunk-load.js';
import { Trunk } from '../../../services/shared/contracts/calls/flow.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import { newId } from '../../../services/shared/platform/stores/new-id.js';
import { systemClock } from '../../../services/shared/platform/processes/system-clock.js';
import { startValkey, stopProcess } from '../recording/recording-support.js';

// The channels and calls a second of a trunk, counted by two telephony processes on one Valkey, one of which is killed.

const trunk = (more: Partial<Trunk>): Trunk => Trunk.parse({ id: 'carrier', name: 'carrier', addresses: ['192.0.2.1'], ...more });
let valkeyServer: Awaited<ReturnType<typeof startValkey>>;
let valkey: Redis;
const stops: (() => void)[] = [];

beforeAll(async () => {
  valkeyServer = await startValkey();
  valkey = new Redis(valkeyServer.url);
});
afterAll(async () => {
  valkey.disconnect();
  await stopProcess(valkeyServer.child);
});
beforeEach(() => valkey.flushall());
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** A telephony process: its dialogs, and its sudden death. */
function telephony(of: Trunk, channels = createValkeyChannels(valkey)) {
  const dialogs = new Set<string>();
  const local = createTrunkLoad({ talking: () => dialogs.size, every: systemClock.every, nowMs: systemClock.nowMs });
  const load = createSharedLoad({
    ...{ local, channels, clock: systemClock, newToken: newId, log: silentLogger },
    dialogsOf: () => [...dialogs],
    trunks: () => [of],
  });
  load.start();
  stops.push(() => load.stop());
  return {
    ...{ load, dialogs, killed: () => load.stop() },
    async calls(dialogId: string, signal?: AbortSignal): Promise<boolean> {
      const end = await load.take(of, 'out', signal);
      if (end === undefined) return false;
      dialogs.add(dialogId);
      end();
      return true;
    },
  };
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

test('two processes together carry as many calls as the trunk has channels, and a call that ends gives its channel back to both', async () => {
  const [one, other] = [telephony(trunk({ channels: 3 })), telephony(trunk({ channels: 3 }))];
  const got = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => (n % 2 === 0 ? one : other).calls(`d${n}`)));
  expect(got.filter(Boolean)).toHaveLength(3);
  await pause(600);
  expect([one.load.view('carrier').calls, other.load.view('carrier').calls]).toEqual([3, 3]);
  const ended = one.dialogs.size > 0 ? one : other;
  const [first = ''] = ended.dialogs;
  ended.dialogs.delete(first);
  // Found free within the two seconds that a call waits for a channel.
  expect(await (ended === one ? other : one).calls('next')).toBe(true);
});

test('a call that ended during its set-up holds nothing', async () => {
  const [one, other] = [telephony(trunk({ channels: 1 })), telephony(trunk({ channels: 1 }))];
  for (let i = 0; i < 5; i += 1) {
    const end = await (i % 2 === 0 ? one : other).load.take(trunk({ channels: 1 }), 'out');
    expect(end).toBeDefined();
    end?.();
  }
  await pause(400);
  expect(await valkey.zcard('signalling:trunk:carrier:calls')).toBe(0);
});

test('calls of a killed process are counted until whoever comes after it has taken them over, and once; those that nobody takes over end', async () => {
  const one = telephony(trunk({ channels: 2 }));
  expect([await one.calls('kept'), await one.calls('lost')]).toEqual([true, true]);
  await pause(400);
  one.killed();
  const [next, other] = [telephony(trunk({ channels: 2 })), telephony(trunk({ channels: 2 }))];
  next.dialogs.add('kept');
  await pause(600);
  expect(await valkey.zrange('signalling:trunk:carrier:calls', '0', '-1')).toEqual(expect.arrayContaining(['kept', 'lost']));
  const beganMs = Date.now();
  expect(await other.calls('early')).toBe(false);
  await pause(HELD_FOR_MS - (Date.now() - beganMs));
  expect(await other.calls('late')).toBe(true);
  expect(await next.calls('over')).toBe(false);
}, 20_000);

test('calls a second are counted over both processes', async () => {
  const limited = trunk({ callsPerSecondOut: 4 });
  const [one, other] = [telephony(limited), telephony(limited)];
  const began: number[] = [];
  const startMs = Date.now();
  await Promise.all(
    Array.from({ length: 12 }, async (_, n) => {
      if (await (n % 2 === 0 ? one : other).calls(`d${n}`)) began.push(Date.now() - startMs);
    }),
  );
  began.sort((a, b) => a - b);
  // No second, whenever it begins, has more than four; a margin covers the time between the script and the clock here.
  for (let i = 4; i < began.length; i += 1) expect((began[i] ?? 0) - (began[i - 4] ?? 0)).toBeGreaterThan(800);
  expect(began.length).toBeGreaterThanOrEqual(8);
});

test('a caller who gives up takes no channel', async () => {
  const [one, other] = [telephony(trunk({ channels: 1 })), telephony(trunk({ channels: 1 }))];
  expect(await one.calls('first')).toBe(true);
  const gone = new AbortController();
  const asking = other.calls('second', gone.signal);
  gone.abort();
  expect(await asking).toBe(false);
  one.dialogs.clear();
  expect(await one.calls('third')).toBe(true);
});

test('without live state each process keeps to the ceiling by itself, and turns nobody away for it', async () => {
  const never = { take: () => new Promise<boolean>(() => undefined), hold: async () => Promise.reject(new Error('away')) };
  const alone = telephony(trunk({ channels: 2 }), never);
  expect([await alone.calls('a'), await alone.calls('b'), await alone.calls('c')]).toEqual([true, true, false]);
});
