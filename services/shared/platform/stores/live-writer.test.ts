import { expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { LiveWriter } from './live-writer.js';
import { silentLogger } from '../processes/logger.js';

const TAKEN = ':1\r\n';
const GREETINGS: Readonly<Record<string, string>> = { hello: '%1\r\n+proto\r\n:3\r\n', client: '+OK\r\n', info: '$9\r\nloading:0\r\n' };

/** A live state that answers each HSET with the next of `answers`, and accepts everything after that. */
async function answering(answers: readonly string[]): Promise<{ url: string; askedMs: readonly number[]; close: () => void }> {
  const askedMs: number[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      for (const [word] of data.toString().matchAll(/\b(?:hello|client|info|hset)\b/gi)) {
        const greeting = GREETINGS[word.toLowerCase()];
        if (greeting === undefined) askedMs.push(performance.now());
        socket.write(greeting ?? answers[askedMs.length - 1] ?? TAKEN);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `redis://127.0.0.1:${port}`, askedMs, close: () => void server.close() };
}

const REFUSED = '-NOREPLICAS Not enough good replicas to write.\r\n';

test('what a live state refuses is written again after a pause, until it is taken', async () => {
  const server = await answering([REFUSED, REFUSED]);
  const live = new LiveWriter({ url: server.url, log: silentLogger });
  try {
    live.keep('calls', 'one', 'talks');
    await live.written();
    const [first = 0, second = 0, third = 0, ...more] = server.askedMs;
    expect(Math.min(second - first, third - second)).toBeGreaterThan(150);
    expect(more).toEqual([]);
  } finally {
    live.close();
    server.close();
  }
});
