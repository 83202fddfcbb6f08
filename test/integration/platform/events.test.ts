import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { Redis } from 'ioredis';
import pino from 'pino';
import { unhurried, type Handlers, type Pace } from '../../../services/shared/events/catalogue.js';
import { placeOf } from '../../../services/shared/platform/events/event-stream.js';
import { eventsSetAside, type SetAsideEvent } from '../../../services/shared/platform/events/set-aside.js';
import { createValkeyBus } from '../../../services/shared/platform/events/valkey-bus.js';
import { openValkey } from '../../../services/shared/platform/events/valkey-client.js';
import { openLine } from '../../support/servers/live-state-line.js';
import { until } from '../../support/until.js';
import { startValkey } from '../recording/recording-support.js';

// Events between roles, on the real live state.

const log = pino({ level: 'silent' });
const at = new Date().toISOString();
let valkey: { url: string; child: ChildProcess };
let bus: ReturnType<typeof createValkeyBus>;

beforeAll(async () => {
  valkey = await startValkey();
  bus = createValkeyBus({ url: valkey.url, log });
});
afterAll(async () => {
  await bus.close();
  valkey.child.kill();
});

const started = (callId: string, ledgerNumber: number): Promise<void> => bus.publish('recording.started', { callId, at, ledgerNumber });
/** How many events a subscriber would be given again, or has not been given yet. */
async function waiting(subscriber: string): Promise<number> {
  const redis = new Redis(valkey.url);
  const [inHand] = (await redis.xpending('proofline:events', subscriber)) as [number];
  const after = await redis.xrange('proofline:events', `(${await placeOf(redis, subscriber)}`, '+');
  redis.disconnect();
  return inHand + after.length;
}

/** The stream's ids of the newest events. */
async function newestIds(count: number): Promise<string[]> {
  const redis = new Redis(valkey.url);
  const entries = await redis.xrevrange('proofline:events', '+', '-', 'COUNT', count);
  redis.disconnect();
  return entries.map(([id]) => id);
}

/** A promise that the test resolves when it is time. */
function latch(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((keep) => (resolve = keep));
  return { promise, resolve: () => resolve() };
}

/** The recorder reads at this pace, alone. */
const gathered: Pace = { gatherMs: 100 };
const paces: [string, Pace][] = [
  ['in order', {}],
  ['gathered', gathered],
  ['read together', unhurried],
];

test.each(paces)('events of one call come in order and are acknowledged, also those that nobody handles (%s)', async (name, pace) => {
  const subscriber = `orders ${name}`;
  const heard: string[] = [];
  const allTold = latch();
  const stop = await bus.subscribe(
    subscriber,
    {
      'recording.started': async ({ callId, ledgerNumber }) => {
        // The first event of a call takes longest: it waits until all others are there.
        if (ledgerNumber === 1) await allTold.promise;
        heard.push(`${callId}${ledgerNumber}`);
      },
    },
    pace,
  );
  for (let number = 1; number <= 5; number += 1)
    for (const callId of ['a', 'b']) {
      await started(callId, number);
      await bus.publish('recording.resumed', { callId, at });
    }
  allTold.resolve();
  await until(() => heard.length === 10, Boolean);
  for (const callId of ['a', 'b'])
    expect(heard.filter((text) => text.startsWith(callId))).toEqual([1, 2, 3, 4, 5].map((n) => `${callId}${n}`));
  expect(
    await until(
      () => waiting(subscriber),
      (count) => count === 0,
    ),
  ).toBe(0);
  await stop();
});

test.each(paces.slice(1))('what a subscriber had in hand when it stopped comes again (%s)', async (name, pace) => {
  const [first, held] = [latch(), latch()];
  const stop = await bus.subscribe(
    `stops ${name}`,
    {
      'recording.started': () => {
        first.resolve();
        return held.promise;
      },
    },
    pace,
  );
  for (let number = 1; number <= 3; number += 1) await started('c', number);
  await first.promise;
  const stopping = stop();
  held.resolve();
  await stopping;
  const again: number[] = [];
  const stopAgain = await bus.subscribe(
    `stops ${name}`,
    { 'recording.started': ({ ledgerNumber }) => void again.push(ledgerNumber) },
    pace,
  );
  await until(() => again.includes(3), Boolean);
  expect(again.slice(-2)).toEqual([2, 3]);
  await stopAgain();
});

test.each(paces)('a subscriber that dies between handling and acknowledging gets the event again (%s)', async (name, pace) => {
  const subscriber = `dies ${name}`;
  const line = await openLine(valkey.url);
  const handled = [latch(), latch()];
  const dying = createValkeyBus({ url: line.url, log });
  await dying.subscribe(
    subscriber,
    {
      'recording.started': ({ ledgerNumber }) => {
        if (ledgerNumber === 2) line.cut();
        handled[ledgerNumber - 1]?.resolve();
      },
    },
    pace,
  );
  await started('e', 1);
  await handled[0]?.promise;
  await until(
    () => waiting(subscriber),
    (count) => count === 0,
  );
  await started('e', 2);
  await started('e', 3);
  const heard: number[] = [];
  const hears: Handlers = { 'recording.started': ({ ledgerNumber }) => void heard.push(ledgerNumber) };
  await handled[1]?.promise;
  await dying.close();
  line.close();
  const stop = await bus.subscribe(subscriber, hears, pace);
  await until(() => heard.includes(3), Boolean);
  expect(heard).toEqual([2, 3]);
  await stop();
});

test.each(paces)('a subscriber that is stopped leaves nothing that it handled (%s)', async (name, pace) => {
  const subscriber = `leaves ${name}`;
  const heard: number[] = [];
  const second = latch();
  const hears: Handlers = {
    'recording.started': ({ ledgerNumber }) => {
      heard.push(ledgerNumber);
      if (ledgerNumber === 2) second.resolve();
    },
  };
  const stop = await bus.subscribe(subscriber, hears, pace);
  await started('f', 1);
  await started('f', 2);
  await second.promise;
  await stop();
  await until(
    () => waiting(subscriber),
    (count) => count === 0,
  );
  const stopAgain = await bus.subscribe(subscriber, hears, pace);
  await started('f', 3);
  await until(() => heard.includes(3), Boolean);
  expect(heard).toEqual([1, 2, 3]);
  await stopAgain();
});

test.each(paces)('what was under way when the connection broke comes once and in order (%s)', async (name, pace) => {
  const subscriber = `breaks ${name}`;
  const line = await openLine(valkey.url);
  const far = createValkeyBus({ url: line.url, log });
  const heard: number[] = [];
  await far.subscribe(
    subscriber,
    {
      'recording.started': ({ ledgerNumber }) => {
        heard.push(ledgerNumber);
        // The event is handled, but the acknowledgement cannot go out.
        if (ledgerNumber === 1) line.cut();
      },
    },
    pace,
  );
  await started('g', 1);
  await until(() => heard.length === 1, Boolean);
  expect(await waiting(subscriber)).toBe(1);
  line.mend();
  await until(
    () => waiting(subscriber),
    (count) => count === 0,
  );
  line.deaf = true;
  await started('g', 2);
  // The event is delivered, and the answer is lost.
  await until(
    () => waiting(subscriber),
    (count) => count === 1,
  );
  await started('g', 3);
  line.cut();
  line.mend();
  await until(() => heard.includes(3), Boolean);
  expect(heard).toEqual([1, 2, 3]);
  await far.close();
  line.close();
});

test('what was handled beside an event that takes its time is acknowledged meanwhile', async () => {
  const held = latch();
  const heard: string[] = [];
  const stop = await bus.subscribe(
    'slow',
    {
      'recording.started': ({ callId }) => {
        heard.push(callId);
        return callId === 'slow' ? held.promise : undefined;
      },
      'config.changed': () => held.promise,
    },
    gathered,
  );
  await Promise.all([started('slow', 1), started('quick', 1)]);
  await until(() => heard.length === 2, Boolean);
  await until(
    () => waiting('slow'),
    (count) => count === 1,
  );
  held.resolve();
  await stop();
});

test('all subscribers of a process that may wait are served by one reading of the stream', async () => {
  const redis = new Redis(valkey.url);
  const asked = async (command: string): Promise<number> =>
    Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(await redis.info('commandstats'))?.[1] ?? 0);
  const heard = new Map<string, number[]>();
  const names = ['one', 'two', 'three', 'four', 'five', 'six'].map((name) => `together ${name}`);
  const stops = await Promise.all(
    names.map((name) => {
      const numbers: number[] = [];
      heard.set(name, numbers);
      return bus.subscribe(name, { 'recording.started': ({ ledgerNumber }) => void numbers.push(ledgerNumber) }, unhurried);
    }),
  );
  await started('i', 0);
  await until(() => [...heard.values()].every((numbers) => numbers.includes(0)), Boolean);
  const before = { xreadgroup: await asked('xreadgroup'), xread: await asked('xread') };
  const many = Array.from({ length: 200 }, (_, index) => index + 1);
  for (const number of many) await started('i', number);
  await until(() => [...heard.values()].every((numbers) => numbers.length === 201), Boolean);
  for (const numbers of heard.values()) expect(numbers).toEqual([0, ...many]);
  expect((await asked('xreadgroup')) - before.xreadgroup).toBe(0);
  expect((await asked('xread')) - before.xread).toBeLessThanOrEqual(100);
  await Promise.all(stops.map((stop) => stop()));
  redis.disconnect();
});

test('a subscriber that hangs holds up none of those that share its reading, and catches up afterwards', async () => {
  const [held, reached] = [latch(), latch()];
  const [slow, quick]: [number[], number[]] = [[], []];
  const stops = [
    await bus.subscribe(
      'hangs',
      {
        'recording.started': async ({ ledgerNumber }) => {
          reached.resolve();
          await held.promise;
          slow.push(ledgerNumber);
        },
      },
      unhurried,
    ),
    await bus.subscribe('does not hang', { 'recording.started': ({ ledgerNumber }) => void quick.push(ledgerNumber) }, unhurried),
  ];
  await started('j', 0);
  await reached.promise;
  // More events than are kept for a subscriber that is behind.
  const many = Array.from({ length: 5_000 }, (_, index) => index + 1);
  for (let from = 0; from < many.length; from += 200) await Promise.all(many.slice(from, from + 200).map((number) => started('j', number)));
  await until(() => quick.length === many.length + 1, Boolean);
  expect(slow).toEqual([]);
  held.resolve();
  await until(() => slow.length === many.length + 1, Boolean);
  expect(slow).toEqual([0, ...many]);
  await started('j', many.length + 1);
  await until(() => slow.at(-1) === many.length + 1, Boolean);
  await Promise.all(stops.map((stop) => stop()));
});

test('what a release before had in hand is taken up, once', async () => {
  const redis = new Redis(valkey.url);
  await redis.xgroup('CREATE', 'proofline:events', 'before', '$');
  await started('k', 1);
  await started('k', 2);
  await redis.xreadgroup('GROUP', 'before', 'only', 'COUNT', 1, 'STREAMS', 'proofline:events', '>');
  const heard: number[] = [];
  const stop = await bus.subscribe('before', { 'recording.started': ({ ledgerNumber }) => void heard.push(ledgerNumber) }, unhurried);
  await until(() => heard.length === 2, Boolean);
  expect(heard).toEqual([1, 2]);
  expect(
    await until(
      () => waiting('before'),
      (count) => count === 0,
    ),
  ).toBe(0);
  await stop();
  redis.disconnect();
});

test('a place outlives a live state that lost everything', async () => {
  const redis = new Redis(valkey.url);
  const heard: number[] = [];
  const stop = await bus.subscribe('loses', { 'recording.started': ({ ledgerNumber }) => void heard.push(ledgerNumber) }, unhurried);
  await started('l', 1);
  await until(() => heard.includes(1), Boolean);
  await redis.del('proofline:events');
  await started('l', 2);
  await until(() => heard.includes(2), Boolean);
  expect(
    await until(
      () => waiting('loses').catch(() => -1),
      (count) => count === 0,
    ),
  ).toBe(0);
  await stop();
  redis.disconnect();
});

test('what is published in one turn reaches a reader at once and in order, also when the connection breaks over it', async () => {
  const line = await openLine(valkey.url);
  const far = createValkeyBus({ url: line.url, log });
  const heard: number[] = [];
  const stop = await bus.subscribe('turns', { 'recording.started': ({ ledgerNumber }) => void heard.push(ledgerNumber) });
  const turn = (...numbers: number[]): Promise<unknown> =>
    Promise.all(numbers.map((ledgerNumber) => far.publish('recording.started', { callId: 'h', at, ledgerNumber })));
  await turn(1, 2, 3);
  await until(() => heard.includes(3), Boolean);
  expect(heard).toEqual([1, 2, 3]);
  // Ids of one command share a millisecond and count on.
  expect(new Set((await newestIds(3)).map((id) => id.split('-')[0])).size).toBe(1);
  line.cut();
  const later = turn(4, 5);
  line.mend();
  await later;
  await until(() => heard.includes(5), Boolean);
  expect(heard).toEqual([1, 2, 3, 4, 5]);
  await stop();
  await far.close();
  line.close();
});

test('an event that is published again by its id is handled once', async () => {
  const handled: number[] = [];
  const stop = await bus.subscribe('twice', { 'recording.started': ({ ledgerNumber }) => void handled.push(ledgerNumber) });
  const publish = (ledgerNumber: number, id: string) => bus.publish('recording.started', { callId: 'twice', at, ledgerNumber }, id);
  await publish(1, 'first');
  await publish(1, 'first');
  await publish(2, 'second');
  await until(() => handled.includes(2), Boolean);
  expect(handled).toEqual([1, 2]);
  await stop();
});

test('a follower hears only what it named', async () => {
  const heard: string[] = [];
  const stop = await bus.follow(({ name }) => heard.push(name), { only: ['config.changed'] });
  await started('d', 1);
  await bus.publish('config.changed', { at, what: 'queues' });
  await until(() => heard.length > 0, Boolean);
  expect(heard).toEqual(['config.changed']);
  await stop();
});

test.each(paces)('an event that cannot be handled waits with what belongs to its call; the others go on (%s)', async (name, pace) => {
  const handled: string[] = [];
  let isBroken = true;
  const subscriber = `aside-${name}`;
  const stop = await bus.subscribe(
    subscriber,
    {
      'recording.started': ({ callId, ledgerNumber }) => {
        if (callId === 'poison' && isBroken) throw new TypeError('not as it should be');
        handled.push(`${callId} ${ledgerNumber}`);
      },
    },
    pace,
  );
  await Promise.all([started('poison', 1), started('poison', 2), started('healthy', 3), started('poison', 4), started('healthy', 5)]);
  await until(
    () => handled.length,
    (count) => count === 2,
  );
  expect(handled).toEqual(['healthy 3', 'healthy 5']);
  const redis = new Redis(valkey.url);
  const own = async (): Promise<readonly SetAsideEvent[]> =>
    (await eventsSetAside(redis)).filter((event) => event.subscriber === subscriber);
  expect((await until(own, (events) => events.length === 3)).map(({ failure }) => failure)).toEqual([
    'TypeError',
    'waits behind another',
    'waits behind another',
  ]);
  await until(
    () => waiting(subscriber),
    (count) => count === 0,
  );
  // Unhandled events outlive the process that could not handle them.
  await stop();
  isBroken = false;
  const stopNext = await bus.subscribe(
    subscriber,
    { 'recording.started': ({ callId, ledgerNumber }) => void handled.push(`${callId} ${ledgerNumber}`) },
    pace,
  );
  await bus.publish('event.set-aside-decided', { at, decision: 'replay' });
  await until(own, (events) => events.length === 0);
  expect(handled.slice(2)).toEqual(['poison 1', 'poison 2', 'poison 4']);
  await stopNext();
  redis.disconnect();
});

test('an event that is given up is gone, and what waited behind it is handled', async () => {
  const handled: number[] = [];
  const stop = await bus.subscribe('gives-up', {
    'recording.started': ({ ledgerNumber }) => {
      if (ledgerNumber === 1) throw new TypeError('never');
      handled.push(ledgerNumber);
    },
  });
  await Promise.all([started('given-up', 1), started('given-up', 2)]);
  const redis = new Redis(valkey.url);
  const own = async (): Promise<readonly SetAsideEvent[]> =>
    (await eventsSetAside(redis)).filter((event) => event.subscriber === 'gives-up');
  const [first] = await until(own, (events) => events.length === 2);
  await bus.publish('event.set-aside-decided', { at, decision: 'discard', id: first?.id ?? '' });
  await until(own, (events) => events.length === 0);
  expect(handled).toEqual([2]);
  await stop();
  redis.disconnect();
});

test('a bus is closed while the live state is away, however long the next attempt to reach it is off', async () => {
  const own = await startValkey();
  const other = createValkeyBus({ url: own.url, log });
  for (const [name, pace] of paces) await other.subscribe(`away ${name}`, { 'recording.started': () => Promise.resolve() }, pace);
  await other.follow(() => undefined);
  const reader = openValkey(own.url, { maxRetriesPerRequest: null });
  await reader.ping();
  own.child.kill('SIGKILL');
  // Every connection waits for its next attempt then, which is 150 ms off and more.
  await until(
    () => reader.status,
    (status) => status === 'reconnecting',
  );
  const asked = reader.ping().then(
    () => 'answered',
    () => 'failed',
  );
  reader.disconnect();
  expect(await asked).toBe('failed');
  await other.close();
});
