import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { beginTurn, TurnOver } from '../../../services/shared/platform/events/event-turns.js';
import { createValkeyBus } from '../../../services/shared/platform/events/valkey-bus.js';
import { createFencedWrites, createValkeyLeadership, lastToken } from '../../../services/shared/platform/events/valkey-leadership.js';
import type { Leadership } from '../../../services/shared/platform/processes/leadership.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import { until } from '../../support/until.js';
import { startValkey, stopProcess } from '../recording/recording-support.js';

// Who leads, on a real Valkey: the lease, its token, and what a superseded leader is refused.

const ROLE = 'routing';
const LEASE = `proofline:${ROLE}:lease`;
const at = new Date().toISOString();

let server: Awaited<ReturnType<typeof startValkey>>;
let valkey: Redis;
const opened: Leadership[] = [];

beforeAll(async () => {
  server = await startValkey();
  valkey = new Redis(server.url);
});
afterAll(async () => {
  for (const lease of opened) await lease.release();
  valkey.disconnect();
  await stopProcess(server.child);
});
beforeEach(async () => {
  for (const lease of opened.splice(0)) await lease.release();
  await valkey.flushall();
});

/**
 * A candidate on a machine of its own, unless `machine` says otherwise: nobody there sees whether its process lives. Machines and processes have
 * the same host name and process id. Its clock stands still when the test says so.
 */
function candidate(id: string, machine = id): { readonly lease: Leadership; readonly lost: () => boolean; stoodStill(ms: number): void } {
  let lost = false;
  let aheadMs = 0;
  const lease = createValkeyLeadership({
    valkey,
    role: ROLE,
    self: { machine, host: 'debian', pid: 4_000_000, startedAt: '1', id },
    runs: () => false,
    lost: () => (lost = true),
    nowMs: () => performance.now() + aheadMs,
  });
  opened.push(lease);
  return { lease, lost: () => lost, stoodStill: (ms) => void (aheadMs += ms) };
}

const published = async (bus: ReturnType<typeof createValkeyBus>, number: number): Promise<void> =>
  bus.publish('recording.started', { callId: `call-${number}`, at, ledgerNumber: number });

test('one leads, another waits; each turn has a larger token than the one before, also when the live state has lost everything', async () => {
  const [one, two, three] = [candidate('one'), candidate('two'), candidate('three')];
  await one.lease.acquire(() => undefined);
  const first = one.lease.token();
  expect(first).toBeGreaterThan(Date.now() - 60_000);
  expect(await lastToken(valkey, ROLE)).toBe(first);
  let waits = false;
  const second = two.lease.acquire(() => (waits = true));
  await until(() => waits, Boolean);
  expect(two.lease.isSure()).toBe(false);
  await one.lease.release();
  await second;
  expect(two.lease.token()).toBeGreaterThan(first);
  await valkey.flushall();
  // Tokens are milliseconds of the server's clock, and the second one may be ahead of it by one.
  await pause(5);
  await three.lease.acquire(() => undefined);
  expect(three.lease.token()).toBeGreaterThan(two.lease.token());
  await until(two.lost, Boolean);
});

test('a process of the same machine that has ended is followed at once; one that cannot be seen from here is waited for', async () => {
  const [ended, beside, elsewhere] = [candidate('ended', 'a machine'), candidate('beside', 'a machine'), candidate('elsewhere')];
  let waits = 0;
  await ended.lease.acquire(() => (waits += 1));
  await beside.lease.acquire(() => (waits += 1));
  expect(waits).toBe(0);
  const other = elsewhere.lease.acquire(() => (waits += 1));
  await until(() => waits, Boolean);
  await beside.lease.release();
  await other;
  expect(beside.lost()).toBe(false);
});

test('a lease that ran out while nobody took it goes on with its token', async () => {
  const one = candidate('one');
  await one.lease.acquire(() => undefined);
  const token = one.lease.token();
  await valkey.del(LEASE);
  one.stoodStill(10_000);
  expect(one.lease.isSure()).toBe(false);
  await one.lease.sure();
  expect(one.lease.isSure()).toBe(true);
  expect([one.lease.token(), await lastToken(valkey, ROLE)]).toEqual([token, token]);
  expect(one.lost()).toBe(false);
});

test('one that stood still is not sure of its lead, learns at once that it is over, and writes nothing any more', async () => {
  const [one, two] = [candidate('one'), candidate('two')];
  const writesOf = ({ lease }: typeof one) => createFencedWrites({ valkey, role: ROLE, leadership: lease });
  await one.lease.acquire(() => undefined);
  expect(await writesOf(one).hash('agents', ['anna', 'ready', 'bert', 'ready'], [])).toBe(true);
  one.stoodStill(10_000);
  await valkey.del(LEASE);
  await two.lease.acquire(() => undefined);
  expect(await writesOf(two).hash('agents', ['anna', 'on-call'], ['bert'])).toBe(true);

  let wentOn = false;
  expect(one.lease.isSure()).toBe(false);
  void one.lease.sure().then(() => (wentOn = true));
  await until(one.lost, Boolean);
  expect(one.lease.isOver()).toBe(true);
  expect(await writesOf(one).hash('agents', ['anna', 'ready'], [])).toBe(false);
  expect(await writesOf(one).set('last', 'anna', 60)).toBe(false);
  expect(await valkey.hgetall('agents')).toEqual({ anna: 'on-call' });
  expect(await valkey.exists('last')).toBe(0);
  expect(await writesOf(two).set('last', 'bert', 60)).toBe(true);
  expect(wentOn).toBe(false);
});

test('a write that is refused tells the leader that it leads no longer', async () => {
  const one = candidate('one');
  await one.lease.acquire(() => undefined);
  await valkey.set(`proofline:${ROLE}:token`, one.lease.token() + 1);
  expect(await createFencedWrites({ valkey, role: ROLE, leadership: one.lease }).hash('agents', ['anna', 'ready'], [])).toBe(false);
  expect(one.lost()).toBe(true);
});

test('a later turn has what an earlier one was given and did not acknowledge; the earlier is given nothing more', async () => {
  const [slow, next] = [createValkeyBus({ url: server.url, log: silentLogger }), createValkeyBus({ url: server.url, log: silentLogger })];
  try {
    const [first, second]: [number[], number[]] = [[], []];
    let over = false;
    let blocked: (() => void) | undefined;
    const stuck = new Promise<void>((resolve) => (blocked = resolve));
    await slow.subscribe(
      'leader',
      {
        'recording.started': async ({ ledgerNumber }) => {
          first.push(ledgerNumber);
          if (ledgerNumber === 2) await stuck;
        },
      },
      { turn: { token: 100, superseded: () => (over = true) } },
    );
    for (const number of [1, 2, 3]) await published(slow, number);
    await until(
      () => first.join(),
      (taken) => taken === '1,2',
    );
    // What was handled is acknowledged a quarter of a second later, or with the next read.
    const secondId = ((await valkey.xrange('proofline:events', '-', '+')) as [string, string[]][])[1]?.[0];
    await until(
      async () => (await valkey.xpending('proofline:events', 'leader@100'))[1],
      (oldest) => oldest === secondId,
    );

    await next.subscribe(
      'leader',
      { 'recording.started': ({ ledgerNumber }) => void second.push(ledgerNumber) },
      { turn: { token: 101, superseded: () => undefined } },
    );
    for (const number of [4, 5]) await published(next, number);
    await until(
      () => second.join(),
      (taken) => taken === '2,3,4,5',
    );
    blocked?.();
    await until(() => over, Boolean);
    await published(next, 6);
    await until(
      () => second.length,
      (count) => count === 5,
    );
    // 3 was read with 2 and is handled by both: an event is handled at least once.
    expect(first.filter((number) => number > 3)).toEqual([]);
    await expect(beginTurn(valkey, { subscriber: 'leader', token: 100, first: '$' })).rejects.toBeInstanceOf(TurnOver);
  } finally {
    await Promise.all([slow.close(), next.close()]);
  }
});

test('a turn goes on where the group of an earlier version stood', async () => {
  const bus = createValkeyBus({ url: server.url, log: silentLogger });
  try {
    const taken: number[] = [];
    const handlers = { 'recording.started': ({ ledgerNumber }: { readonly ledgerNumber: number }) => void taken.push(ledgerNumber) };
    const leave = await bus.subscribe('leader', handlers);
    await published(bus, 1);
    await until(
      () => taken.length,
      (count) => count === 1,
    );
    await leave();
    await published(bus, 2);
    await bus.subscribe('leader', handlers, { turn: { token: 7, superseded: () => undefined } });
    await until(
      () => taken.join(),
      (all) => all === '1,2',
    );
    expect(((await valkey.xinfo('GROUPS', 'proofline:events')) as string[][]).map((group) => group[1])).toEqual(['leader@7']);
  } finally {
    await bus.close();
  }
});
