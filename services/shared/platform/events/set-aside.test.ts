import { expect, test } from '@jest/globals';
import type { Redis } from 'ioredis';
import type { Delivered } from '../../events/catalogue.js';
import { silentLogger } from '../processes/logger.js';
import { SetAside } from './set-aside.js';

const event = { id: 'e', name: 'message.queued', event: { at: '2026-11-28T00:00:00.000Z', messageId: 'm' } } as unknown as Delivered;

test('an event that the live state did not keep is not taken for set aside when it comes again', async () => {
  const kept: string[] = [];
  let isFull = true;
  const valkey = {
    hset: (_key: string, field: string) =>
      isFull ? Promise.reject(new Error('OOM command not allowed')) : Promise.resolve(kept.push(field)),
  } as unknown as Redis;
  const aside = new SetAside({
    subscriber: 'figures',
    valkey,
    handle: () => Promise.resolve(),
    failureOf: () => 'internal',
    alarm: () => undefined,
    emptied: () => undefined,
    nowMs: () => 1_000,
    log: silentLogger,
  });
  await expect(aside.put(event, 'lane', new Error('away'))).rejects.toThrow('OOM');
  expect(aside.holds('lane')).toBe(false);
  isFull = false;
  await aside.put(event, 'lane', new Error('away'));
  expect([aside.holds('lane'), kept]).toEqual([true, ['figures e']]);
  aside.stop();
});
