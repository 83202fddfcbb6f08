import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { MongoNetworkError } from 'mongodb';
import pino from 'pino';
import { createValkeyCommands } from '../../../services/shared/platform/events/valkey-commands.js';
import { startValkey } from '../recording/recording-support.js';

// Orders between roles, on the real live state.

const log = pino({ level: 'silent' });
let valkey: { url: string; child: ChildProcess };

beforeAll(async () => {
  valkey = await startValkey();
});
afterAll(() => {
  valkey.child.kill();
});

test('an order is answered by its owner; one that nobody serves fails at once', async () => {
  const [asking, owner] = [createValkeyCommands({ url: valkey.url, log }), createValkeyCommands({ url: valkey.url, log })];
  await owner.serve({ 'calls.live': () => Promise.resolve([]) });
  expect(await asking.send('calls.live', {})).toEqual([]);
  await expect(asking.send('queues.list', {})).rejects.toMatchObject({ code: 'service-unavailable' });
  await asking.close();
  await owner.close();
});

test('an owner that dies over an order is not waited for until the time limit', async () => {
  const [asking, owner] = [createValkeyCommands({ url: valkey.url, log }), createValkeyCommands({ url: valkey.url, log })];
  await owner.serve({
    'calls.live': async () => {
      await owner.close();
      return [];
    },
  });
  await expect(asking.send('calls.live', {}, { timeoutMs: 30_000 })).rejects.toMatchObject({ code: 'service-unavailable' });
  await asking.close();
}, 10_000);

test('an owner that lives and does not answer is waited for as long as was said', async () => {
  const [asking, owner] = [createValkeyCommands({ url: valkey.url, log }), createValkeyCommands({ url: valkey.url, log })];
  await owner.serve({ 'calls.live': () => new Promise(() => undefined) });
  await expect(asking.send('calls.live', {}, { timeoutMs: 700 })).rejects.toMatchObject({ code: 'timed-out' });
  await asking.close();
  await owner.close();
});

test('an owner whose document store is away says so, and one that fails says no more than that', async () => {
  const [asking, owner] = [createValkeyCommands({ url: valkey.url, log }), createValkeyCommands({ url: valkey.url, log })];
  await owner.serve({
    'calls.live': () => Promise.reject(new MongoNetworkError('no answer of 10.1.2.3')),
    'queues.list': () => Promise.reject(new Error('of the inside')),
  });
  await expect(asking.send('calls.live', {})).rejects.toMatchObject({
    code: 'service-unavailable',
    message: 'The document store is not answering. Please try again shortly.',
  });
  await expect(asking.send('queues.list', {})).rejects.toMatchObject({
    code: 'internal',
    message: 'The service failed; the error is in its log.',
  });
  await asking.close();
  await owner.close();
});
