import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { WebSocket } from 'ws';
import type { SeatCredential } from '../../../services/shared/contracts/session.js';
import { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';

// Hundreds of clients that say half of what they have to say, on every way in: the others are served, and the slow ones are cut.

jest.setTimeout(180_000);

const EACH = 100;
/** How long others may wait for an answer while all the slow clients are there; without them it is some 10 ms. */
const SERVED_WITHIN_MS = 2_000;

let stack: Stack;
const slow: Socket[] = [];

beforeAll(async () => {
  stack = await Stack.start();
});

afterAll(async () => {
  for (const socket of slow) socket.destroy();
  await (stack as Stack | undefined)?.[Symbol.asyncDispose]();
});

async function open(secure: boolean, port: number, said: string): Promise<Socket> {
  const socket = secure ? connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false }) : connectTcp(port, '127.0.0.1');
  socket.on('error', () => undefined);
  slow.push(socket);
  await once(socket, secure ? 'secureConnect' : 'connect');
  socket.resume();
  socket.write(said);
  return socket;
}

const webPort = (): number => Number(new URL(stack.web).port);
const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
/** Every way in, with the half that is sent there. */
const halves: readonly (readonly [string, boolean, () => number, string])[] = [
  ['a head without an end', true, webPort, 'GET /api/health HTTP/1.1\r\nHost: x\r\nX-Slow: '],
  ['a connection that never becomes TLS', false, webPort, ''],
  [
    'a body without an end',
    true,
    webPort,
    'POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{',
  ],
  ['a WebSocket handshake without an end', true, webPort, `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\n${upgrade}`],
  [
    'a SIP WebSocket that says nothing',
    true,
    webPort,
    `GET /sip?ticket=none HTTP/1.1\r\nHost: x\r\nOrigin: https://x\r\nSec-WebSocket-Protocol: sip\r\n${upgrade}\r\n`,
  ],
  [
    'half a SIP message over TCP',
    false,
    () => stack.sip.port,
    'INVITE sip:4001000@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK',
  ],
  [
    'a SIP body without an end',
    false,
    () => stack.sip.port,
    'MESSAGE sip:x@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKx\r\nMax-Forwards: 70\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:x@x>\r\nCall-ID: slow\r\nCSeq: 1 MESSAGE\r\nContent-Length: 5000\r\n\r\nx',
  ],
];

async function sipOptions(): Promise<string> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  const answered = once(socket, 'message');
  socket.send(
    `OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bKo;rport\r\nMax-Forwards: 70\r\nFrom: <sip:p@127.0.0.1>;tag=1\r\nTo: <sip:127.0.0.1>\r\nCall-ID: o\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n`,
    stack.sip.port,
    '127.0.0.1',
  );
  const [message] = (await answered) as [Buffer];
  socket.close();
  return message.toString();
}

const timed = async <T>(work: () => Promise<T>): Promise<{ readonly answer: T; readonly ms: number }> => {
  const startedAt = performance.now();
  return { answer: await work(), ms: performance.now() - startedAt };
};

test('while hundreds hold half a request open, people sign in, pages answer and SIP is answered; then the slow ones are cut', async () => {
  for (const [, secure, port, said] of halves) await Promise.all(Array.from({ length: EACH }, () => open(secure, port(), said)));
  expect(slow.length).toBe(EACH * halves.length);
  const health = await timed(() => stack.http('GET', '/api/health'));
  const entered = await timed(() => stack.http('POST', '/api/session', { body: { name: 'agent1', password: stack.password } }));
  const sip = await timed(sipOptions);
  expect([health.answer.status, entered.answer.status]).toEqual([200, 200]);
  expect(sip.answer).toMatch(/^SIP\/2\.0 /);
  for (const { ms } of [health, entered, sip]) expect(ms).toBeLessThan(SERVED_WITHIN_MS);
  // The body may take the two minutes of an upload over a slow line; everything else is cut within half a minute.
  const isCut = (each: Socket): boolean => each.closed || each.destroyed;
  const quick = slow.filter((_, i) => halves[Math.floor(i / EACH)]?.[0] !== 'a body without an end');
  await until(
    () => quick.filter((each) => !isCut(each)).length,
    (left) => left === 0,
    90_000,
  );
});

test('what is too large is refused on every way in, before it was taken in', async () => {
  const large = await stack.http('POST', '/api/session', { body: JSON.stringify({ name: 'x', password: 'x'.repeat(3_000_000) }) });
  expect(large.status).toBe(413);

  const sip = await open(false, stack.sip.port, 'MESSAGE sip:x@127.0.0.1 SIP/2.0\r\nContent-Length: 100000000\r\n\r\n');
  await until(
    () => sip.destroyed,
    (gone) => gone,
    30_000,
  );

  const socket = new WebSocket(`${stack.web.replace('https', 'wss')}/socket.io/?EIO=4&transport=websocket`, { rejectUnauthorized: false });
  await once(socket, 'message');
  socket.send(`40${JSON.stringify({ token: 'x'.repeat(1_000_000) })}`);
  await once(socket, 'close');
});

test("a page of another site gets no socket; the control socket is the own page's or a program's, SIP the own page's with a ticket", async () => {
  const handshake = async (path: string, origin: string | undefined): Promise<string> => {
    const socket = new WebSocket(`${stack.web.replace('https', 'wss')}${path}`, path === '/sip' ? ['sip'] : [], {
      rejectUnauthorized: false,
      ...(origin === undefined ? {} : { origin }),
    });
    const how = await new Promise<string>((resolve) => {
      socket.once('open', () => resolve('open'));
      socket.once('error', () => resolve('refused'));
    });
    socket.terminate();
    return how;
  };
  const control = '/socket.io/?EIO=4&transport=websocket';
  expect(await handshake(control, 'https://evil.example')).toBe('refused');
  expect(await handshake(control, stack.web)).toBe('open');
  expect(await handshake(control, undefined)).toBe('open');
  const token = await stack.signIn('agent2');
  const ticket = async (): Promise<string> => {
    const { webSocketUrl } = (await stack.http('POST', '/api/seat/credential', { token })).body as SeatCredential;
    const { pathname, search } = new URL(webSocketUrl);
    return pathname + search;
  };
  expect(await handshake(await ticket(), 'https://evil.example')).toBe('refused');
  expect(await handshake(await ticket(), undefined)).toBe('refused');
  expect(await handshake('/sip', stack.web)).toBe('refused');
  const used = await ticket();
  expect(await handshake(used, stack.web)).toBe('open');
  expect(await handshake(used, stack.web)).toBe('refused');
});
