import { afterEach, expect, test } from '@jest/globals';
import type { Redis } from 'ioredis';
import type { StreamEntry } from './event-stream.js';
import { silentLogger } from '../processes/logger.js';
import { SharedReading } from './shared-reading.js';

const SUBSCRIBER = 'figures';
const entry: StreamEntry = ['2-0', ['name', 'message.queued', 'body', '{"at":"2026-11-28T00:00:00.000Z","messageId":"m"}', 'id', 'e']];

let leave: () => Promise<void> = async () => undefined;
afterEach(() => leave());

test('a live state that is emptied while a subscriber starts: it hears what comes after that', async () => {
  const kept: string[] = [];
  const gone = (): Promise<never> => Promise.reject(new Error("NOGROUP No such key 'proofline:events' or consumer group"));
  const writer = {
    xinfo: () => Promise.resolve([['name', SUBSCRIBER, 'last-delivered-id', '1-0']]),
    xreadgroup: gone,
    xrange: (_stream: string, after: string) => Promise.resolve(after === '(1-0' ? [entry] : []),
    xgroup: (action: string, _stream: string, _group: string, place: string) =>
      action === 'SETID' ? gone() : Promise.resolve(void kept.push(`${action} ${place}`)),
  } as unknown as Redis;
  let hangUp = (): void => undefined;
  const reader = {
    xread: () => new Promise((_resolve, reject) => (hangUp = () => reject(new Error('Connection is closed.')))),
    disconnect: () => hangUp(),
  } as unknown as Redis;
  const reading = new SharedReading({ writer, open: () => reader, gatherMs: 1, nowMs: Date.now, log: silentLogger });
  let hear: (id: string | undefined) => void = () => undefined;
  const heard = new Promise<string | undefined>((resolve) => (hear = resolve));
  leave = await reading.join({
    subscriber: SUBSCRIBER,
    wants: () => true,
    take([first], done) {
      if (first !== undefined) done(first.id);
      hear(first?.id);
      return Promise.resolve();
    },
  });
  expect(await heard).toBe('2-0');
  await leave();
  expect(kept).toEqual(['CREATE 2-0']);
});
