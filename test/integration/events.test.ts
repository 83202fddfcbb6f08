import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { Redis } from 'ioredis';
import pino from 'pino';
import { createValkeyBus } from '../../services/shared/platform/valkey-bus.js';
import { until } from '../support/until.js';
import { startValkey } from './recording-support.js';

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
async function waiting(subscriber: string): Promise<unknown> {
  const redis = new Redis(valkey.url);
  const [count] = (await redis.xpending('proofline:events', subscriber)) as [number];
  redis.disconnect();
  return count;
}

/** A promise that the test keeps when it is time. */
function latch(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((keep) => (resolve = keep));
  return { promise, resolve: () => resolve() };
}

test.each([false, true])(
  'events of one call come in order and are acknowledged, also those that nobody handles (unhurried: %s)',
  async (unhurried) => {
    const subscriber = `orders-${String(unhurried)}`;
    const heard: string[] = [];
    const allTold = latch();
    const stop = await bus.subscribe(
      subscriber,
      {
        'recording.started': async ({ callId, ledgerNumber }) => {
          // The first of a call takes longest: until all others are there.
          if (ledgerNumber === 1) await allTold.promise;
          heard.push(`${callId}${ledgerNumber}`);
        },
      },
      { unhurried },
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
  },
);

test('what an unhurried subscriber had in hand when it stopped comes again', async () => {
  const [first, held] = [latch(), latch()];
  const stop = await bus.subscribe(
    'stops',
    {
      'recording.started': () => {
        first.resolve();
        return held.promise;
      },
    },
    { unhurried: true },
  );
  for (let number = 1; number <= 3; number += 1) await started('c', number);
  await first.promise;
  const stopping = stop();
  held.resolve();
  await stopping;
  const again: number[] = [];
  const stopAgain = await bus.subscribe(
    'stops',
    { 'recording.started': ({ ledgerNumber }) => void again.push(ledgerNumber) },
    { unhurried: true },
  );
  await until(() => again.includes(3), Boolean);
  expect(again.slice(-2)).toEqual([2, 3]);
  await stopAgain();
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
