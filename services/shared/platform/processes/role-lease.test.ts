import { expect, test } from '@jest/globals';
import type { Clock } from '../../domain/time/clock.js';
import { silentLogger } from './logger.js';
import { holdRole, LEASE_MS, QUICK_TERMS, stillRuns, StartRefused, thisProcess, type Holder, type LeaseStore } from './role-lease.js';
import { createTenure } from './tenure.js';

const here: Holder = { machine: 'boot-1', host: 'one', pid: 100, startedAt: '5' };
const there: Holder = { machine: 'boot-2', host: 'two', pid: 100, startedAt: '5' };

/** A store and a clock for the test; `alive` are the running processes. */
function site() {
  let now = 0;
  const kept = new Map<string, { holder: string; untilMs: number }>();
  const due: { atMs: number; everyMs: number | undefined; run: () => void }[] = [];
  const alive = new Set<Holder>();
  let away = false;
  const get = (name: string): string | undefined => {
    if (away) throw new Error('away');
    const found = kept.get(name);
    return found !== undefined && found.untilMs > now ? found.holder : undefined;
  };
  const store: LeaseStore = {
    async take(name, holder, ms) {
      const found = get(name);
      if (found !== undefined && found !== holder) return found;
      kept.set(name, { holder, untilMs: now + ms });
      return undefined;
    },
    async takeFrom(name, former, holder, ms) {
      if (get(name) !== former) return false;
      kept.set(name, { holder, untilMs: now + ms });
      return true;
    },
    async release(name, holder) {
      if (get(name) === holder) kept.delete(name);
    },
    async announce(name, ms) {
      if (away) throw new Error('away');
      kept.set(`${name} awaited`, { holder: '', untilMs: now + ms });
    },
    isAwaited: async (name) => get(`${name} awaited`) !== undefined,
  };
  const put = (ms: number, everyMs: number | undefined, run: () => void): (() => void) => {
    const entry = { atMs: now + ms, everyMs, run };
    due.push(entry);
    return () => {
      if (due.includes(entry)) due.splice(due.indexOf(entry), 1);
    };
  };
  const clock: Clock = { nowMs: () => now, after: (ms, run) => put(ms, undefined, run), every: (ms, run) => put(ms, ms, run) };
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const lost: string[] = [];
  return {
    alive,
    lost,
    away: (is: boolean) => (away = is),
    start: (self: Holder, standsBy?: (holder: Holder) => void) =>
      holdRole({
        ...(standsBy === undefined ? {} : { standsBy }),
        role: 'telephony',
        self,
        store,
        runs: (holder) => [...alive].some(({ pid, machine }) => pid === holder.pid && machine === holder.machine),
        lost: () => lost.push(self.host),
        clock,
        log: silentLogger,
      }),
    /** Of a role on which calls rest. Its holder is cut off from the store when `cut` says so. */
    startQuick(self: Holder) {
      let cut = false;
      let ended: number | undefined;
      const tenure = createTenure({ leaseMs: QUICK_TERMS.leaseMs, end: () => (ended ??= now), nowMs: () => now });
      const reached =
        <A extends unknown[], R>(ask: (...given: A) => Promise<R>) =>
        (...given: A): Promise<R> =>
          cut ? Promise.reject(new Error('away')) : ask(...given);
      const started = holdRole({
        ...{ role: 'telephony', self, terms: QUICK_TERMS, tenure, clock, log: silentLogger },
        store: {
          take: reached(store.take),
          takeFrom: reached(store.takeFrom),
          release: reached(store.release),
          announce: reached(store.announce),
          isAwaited: reached(store.isAwaited),
        },
        runs: () => true,
        standsBy: () => undefined,
        lost: () => lost.push(self.host),
      });
      let hasAtMs: number | undefined;
      void started.then(() => (hasAtMs = now));
      return { cut: () => (cut = true), endedAtMs: () => ended, hasAtMs: () => hasAtMs };
    },
    nowMs: () => now,
    async pass(ms: number): Promise<void> {
      for (const untilMs = now + ms; now < untilMs;) {
        now += 100;
        for (const entry of [...due])
          if (entry.atMs <= now) {
            if (entry.everyMs === undefined) due.splice(due.indexOf(entry), 1);
            else entry.atMs += entry.everyMs;
            entry.run();
          }
        await settle();
      }
    },
  };
}

test('a second process of the same machine is refused in one sentence', async () => {
  const { start, alive } = site();
  await start(here);
  alive.add(here);
  await expect(start({ ...here, pid: 101 })).rejects.toEqual(
    new StartRefused('The role telephony runs already, as process 100 on one, and may run only once.'),
  );
});

test('the successor of one that died starts at once', async () => {
  const { start } = site();
  await start(here);
  await start({ ...here, pid: 101 });
});

test('on another machine it starts when the lease has run out, and is refused while it is renewed', async () => {
  const { start, pass } = site();
  await start(here);
  const refused = expect(start(there)).rejects.toBeInstanceOf(StartRefused);
  await pass(LEASE_MS + 4_000);
  await refused;
});

test('a process that was told to end lets go of its role', async () => {
  const { start } = site();
  const release = await start(here);
  await release();
  await start(there);
});

test('a live state that does not answer refuses nobody; who has the role is seen when it is back', async () => {
  const { start, pass, away, alive, lost } = site();
  alive.add(here).add(there);
  away(true);
  await start(here);
  await start(there);
  await pass(1_000);
  away(false);
  await pass(4_000);
  expect(lost).toEqual(['two']);
});

test('one that stands by waits also while the live state is away, and has the role when its holder has gone', async () => {
  const { start, pass, away, alive, lost } = site();
  await start(here);
  alive.add(here);
  const seen: string[] = [];
  let has = false;
  void start({ ...here, pid: 101 }, ({ pid }) => seen.push(`by ${pid}`)).then(() => (has = true));
  await pass(30_000);
  expect({ has, seen }).toEqual({ has: false, seen: ['by 100'] });
  away(true);
  await pass(2_000);
  expect(has).toBe(false);
  away(false);
  await pass(1_000);
  alive.delete(here);
  alive.add({ ...here, pid: 101 });
  await pass(1_000);
  expect(has).toBe(true);
  await pass(4_000);
  expect(lost).toContain('one');
});

test('of a role on which calls rest the holder that is cut off ends before the one that waits has it, within 3 s', async () => {
  const { startQuick, pass, nowMs } = site();
  const [first, second] = [startQuick(here), startQuick(there)];
  await pass(5_000);
  expect({ first: first.endedAtMs(), second: second.hasAtMs() }).toEqual({ first: undefined, second: undefined });
  first.cut();
  const sinceMs = nowMs();
  await pass(4_000);
  const [endedMs, takenMs] = [first.endedAtMs() ?? Infinity, second.hasAtMs() ?? Infinity];
  expect(endedMs).toBeLessThan(takenMs);
  expect(takenMs - sinceMs).toBeLessThanOrEqual(3_000);
});

test('a holder that is cut off goes on when nobody waits for its role', async () => {
  const { startQuick, pass } = site();
  const only = startQuick(here);
  await pass(1_000);
  only.cut();
  await pass(600_000);
  expect(only.endedAtMs()).toBeUndefined();
});

test('a process knows itself, and not one that has its number only', () => {
  const self = thisProcess();
  expect(stillRuns(self)).toBe(true);
  expect(stillRuns({ ...self, startedAt: '1' })).toBe(false);
  expect(stillRuns({ ...self, pid: 2 ** 22 - 1 })).toBe(false);
});
