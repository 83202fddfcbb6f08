import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { z } from 'zod';
import { createExpressApp } from '../../../services/api/adapters/express-app.js';
import type { Logger } from '../../../services/shared/platform/processes/logger.js';
import { file, type Endpoint } from '../../../services/shared/contracts/api/endpoint.js';
import { handled, routeOf } from '../../../services/shared/platform/http/route.js';
import { reachesAll } from '../../support/reaches.js';
import { until } from '../../support/until.js';

// The edge of the web alone, on a socket: clients that disappear in the middle of sending or receiving.

jest.setTimeout(120_000);

const MB = 1_000_000;
const CUTS = 1_000;
const HEAP_MAY_GROW_BYTES = 10 * MB;

let server: Server;
let port: number;
const uploads = { whole: 0, refused: 0 };
const downloads = { begun: 0, ended: 0 };
const logged: string[] = [];
const log: Logger = {
  debug() {},
  info() {},
  warn() {},
  error: (_fields, message) => void logged.push(message),
  child: () => log,
};

const bytes = (summary: string): Endpoint => ({ right: 'public', summary, answer: file('application/octet-stream'), failures: [] });

const routes = [
  routeOf(
    'POST /upload',
    { right: 'public', summary: 'Takes bytes.', uploadBytes: 5 * MB, answer: z.object({ length: z.number() }), failures: [] },
    {
      reach: { kind: 'public' },
      handle: async ({ upload }) => {
        try {
          const { length } = await upload.bytes();
          uploads.whole += 1;
          return { length };
        } catch (error) {
          uploads.refused += 1;
          throw error;
        }
      },
    },
  ),
  routeOf('GET /download', bytes('Gives bytes without end.'), {
    reach: { kind: 'public' },
    handle: async ({ response }) => {
      downloads.begun += 1;
      async function* endless(): AsyncGenerator<Uint8Array> {
        try {
          for (;;) yield Buffer.alloc(64 * 1024);
        } finally {
          downloads.ended += 1;
        }
      }
      await response.type('application/octet-stream').stream(endless());
      return handled;
    },
  }),
  routeOf('GET /broken', bytes('Breaks half-way.'), {
    reach: { kind: 'public' },
    handle: async ({ response }) => {
      async function* broken(): AsyncGenerator<Uint8Array> {
        for (let sent = 0; sent < 100; sent += 1) yield Buffer.alloc(64 * 1024, 'x');
        throw new Error('the store went away');
      }
      await response.stream(broken());
      return handled;
    },
  }),
];

beforeAll(async () => {
  const app = createExpressApp({
    routes,
    lookUps: { take: async () => true },
    whoIs: async () => undefined,
    reaches: reachesAll(true),
    audit: async () => undefined,
    log,
    proxies: [],
    pages: '/nowhere',
    overTls: false,
  });
  server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

/** Sends the request, takes that many bytes of the answer, and drops the connection. */
async function cut(head: string, body: Buffer, takes: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  const closed = once(socket, 'close');
  socket.write(head);
  socket.write(body);
  let taken = 0;
  if (takes === 0) socket.end();
  socket.on('data', (chunk: Buffer) => {
    taken += chunk.length;
    if (taken >= takes) socket.resetAndDestroy();
  });
  await closed;
}

async function times(count: number, work: () => Promise<void>): Promise<void> {
  for (let done = 0; done < count; done += 20) await Promise.all(Array.from({ length: 20 }, work));
}

function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

const uploadHead = `POST /api/upload HTTP/1.1\r\nHost: x\r\nContent-Length: ${4 * MB}\r\n\r\n`;
const downloadHead = 'GET /api/download HTTP/1.1\r\nHost: x\r\n\r\n';
const cutUploads = (count: number): Promise<void> => times(count, () => cut(uploadHead, Buffer.alloc(30_000), 0));
const cutDownloads = (count: number): Promise<void> => times(count, () => cut(downloadHead, Buffer.alloc(0), 100_000));
/** Until the server has seen what became of every client. */
const quiet = (sentUploads: number): Promise<boolean> =>
  until(() => uploads.refused + uploads.whole === sentUploads && downloads.ended === downloads.begun, Boolean);

test(`${CUTS} cut uploads and ${CUTS} cut downloads leave the heap, and every source is let go of`, async () => {
  await cutUploads(200);
  await cutDownloads(200);
  await quiet(200);
  const before = heapBytes();
  await cutUploads(CUTS);
  await cutDownloads(CUTS);
  await quiet(200 + CUTS);
  expect(heapBytes() - before).toBeLessThan(HEAP_MAY_GROW_BYTES);
  expect(uploads).toEqual({ whole: 0, refused: CUTS + 200 });
  expect(downloads).toEqual({ begun: CUTS + 200, ended: CUTS + 200 });
  expect(logged).toEqual([]);
});

test('a source that breaks half-way cuts the answer short, and is logged', async () => {
  const answer = await fetch(`http://127.0.0.1:${port}/api/broken`);
  await expect(answer.arrayBuffer()).rejects.toThrow();
  expect(logged).toEqual(['answer cut short']);
});

test('the budget of all uploads is whole again: large uploads are taken', async () => {
  const whole = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/api/upload`, { method: 'POST', body: Buffer.alloc(4 * MB) });
      return (await answer.json()) as unknown;
    }),
  );
  expect(whole).toEqual(Array.from({ length: 20 }, () => ({ length: 4 * MB })));
});
