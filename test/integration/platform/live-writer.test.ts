import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { Redis } from 'ioredis';
import { LiveWriter } from '../../../services/shared/platform/stores/live-writer.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import { openLine } from '../../support/servers/live-state-line.js';
import { ValkeyMonitor } from '../../support/servers/valkey-monitor.js';
import { until } from '../../support/until.js';
import { startValkey } from '../recording/recording-support.js';

// What a process keeps of its state and what it publishes, on the real live state.

const STREAM = 'proofline:events';
let valkey: { url: string; child: ChildProcess };
let redis: Redis;
let line: Awaited<ReturnType<typeof openLine>>;
let live: LiveWriter;

beforeAll(async () => {
  valkey = await startValkey();
  redis = new Redis(valkey.url);
});
afterAll(() => {
  redis.disconnect();
  valkey.child.kill();
});
beforeEach(async () => {
  await redis.flushall();
  line = await openLine(valkey.url);
  live = new LiveWriter({ url: line.url, log: silentLogger });
});
afterEach(() => {
  live.close();
  line.close();
});

/** Ids of the publisher, in the order of the stream. */
const published = async (): Promise<string[]> => (await redis.xrange(STREAM, '-', '+')).map(([, fields]) => fields[5] ?? '');

test('of one turn the newest state goes out once, and before the events', async () => {
  const seen: string[][] = [];
  const monitor = await ValkeyMonitor.start(valkey.url);
  monitor.on('asked', ({ words, source }) => {
    if (source !== 'lua') seen.push([...words]);
  });
  live.keep('calls', 'one', 'rings');
  const added = [live.add('call.offered', '{}', 'first'), live.add('call.changed', '{}', 'second')];
  live.keep('calls', 'one', 'talks');
  live.keep('calls', 'two', 'rings');
  live.forget('calls', 'three');
  await Promise.all([...added, live.written()]);
  await until(
    () => seen.map(([command]) => command?.toLowerCase()),
    (commands) => commands.includes('publish'),
  );
  const ours = seen.filter(([command = '']) => ['hset', 'hdel', 'eval', 'xadd', 'publish'].includes(command.toLowerCase()));
  expect(ours.map(([command]) => command?.toLowerCase())).toEqual(['hset', 'hdel', 'eval', 'publish']);
  expect(ours[0]?.slice(1)).toEqual(['calls', 'one', 'talks', 'two', 'rings']);
  expect(ours[3]?.slice(1)).toEqual(['proofline:hurry:call.offered', 'first']);
  expect(await published()).toEqual(['first', 'second']);
  monitor.stop();
});

test('while the live state is away a field waits with its newest value, and an event until it is taken', async () => {
  await redis.hset('calls', 'ended', 'talks');
  live.keep('calls', 'one', 'rings');
  await live.written();
  line.cut();
  await until(
    () => live.valkey.status,
    (status) => status !== 'ready',
  );
  for (const text of ['talks', 'held', 'talks again']) live.keep('calls', 'one', text);
  live.forget('calls', 'ended');
  live.keep('calls', 'short', 'rings');
  live.forget('calls', 'short');
  const added = Promise.all([live.add('call.changed', '{}', 'first'), live.add('call.changed', '{}', 'second')]);
  expect(await redis.hgetall('calls')).toEqual({ one: 'rings', ended: 'talks' });
  line.mend();
  await added;
  await live.written();
  expect(await redis.hgetall('calls')).toEqual({ one: 'talks again' });
  expect(await published()).toEqual(['first', 'second']);
});

test('what was taken when the answer was lost is there at least once and in order', async () => {
  live.keep('calls', 'one', 'rings');
  await live.written();
  line.deaf = true;
  live.keep('calls', 'one', 'talks');
  const first = live.add('call.changed', '{}', 'first');
  await until(published, (ids) => ids.includes('first'));
  live.keep('calls', 'one', 'ended');
  const second = live.add('call.changed', '{}', 'second');
  line.cut();
  line.mend();
  await Promise.all([first, second, live.written()]);
  expect(await redis.hget('calls', 'one')).toBe('ended');
  expect([...new Set(await published())]).toEqual(['first', 'second']);
});

test('an event that was handed over to a writer that is closed fails', async () => {
  line.cut();
  await until(
    () => live.valkey.status,
    (status) => status !== 'ready',
  );
  const added = live.add('call.changed', '{}', 'late');
  live.close();
  await expect(added).rejects.toThrow('closed');
});
