import { expect, test } from '@jest/globals';
import type { Clock } from '../../domain/time/clock.js';
import { silentLogger } from './logger.js';
import { holdRole, LEASE_MS, stillRuns, StartRefused, thisProcess, type Holder, type LeaseStore } from './role-lease.js';

const here: Holder = { machine: 'boot-1', host: 'one', pid: 100, startedAt: '5' };
const there: Holder = { machine: 'boot-2', host: 'two', pid: 100, startedAt: '5' };

/** A store and a clock of the test; `alive` are the processes that run. */
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

test('a process knows itself, and not one that has its number only', () => {
  const self = thisProcess();
  expect(stillRuns(self)).toBe(true);
  expect(stillRuns({ ...self, startedAt: '1' })).toBe(false);
  expect(stillRuns({ ...self, pid: 2 ** 22 - 1 })).toBe(false);
});
