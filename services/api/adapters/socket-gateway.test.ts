import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { MongoNetworkError } from 'mongodb';
import { io, type Socket } from 'socket.io-client';
import { WebSocket } from 'ws';
import { until } from '../../../test/support/until.js';
import { reachesAll } from '../../../test/support/reaches.js';
import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import type { Ack } from '../../shared/contracts/calls/seat-socket.js';
import type { Principal } from '../../shared/domain/people/rights.js';
import type { EventBus } from '../../shared/events/catalogue.js';
import { silentLogger } from '../../shared/platform/processes/logger.js';
import { WHOLE_CENTRE } from '../../shared/platform/reach/reach.js';
import type { AuditEntry } from '../../shared/platform/http/route.js';
import type { PageSocketLimits } from './page-limits.js';
import { createSocketGateway, type SocketGateway } from './socket-gateway.js';

// The control socket while the document store is away, and how many of them one client may have.

const away = (): Promise<never> => Promise.reject(new MongoNetworkError('no answer of 10.1.2.3'));
const supervisor: Principal = {
  userId: 'u1',
  sessionId: 's1',
  name: 'Anna',
  roles: ['supervisor'],
  scope: { queues: ['support'], clientUnits: [], sites: [] },
};
const nothing = async (): Promise<() => Promise<void>> => async () => undefined;
const bus = { publish: async () => undefined, subscribe: nothing, follow: nothing } as unknown as EventBus;
const commands = { send: async () => [], serve: nothing } as unknown as CommandBus;

const store = { isAway: false };
const session = { isOver: false };
const SHORT: Partial<PageSocketLimits> = { perSession: 2, perPerson: 3, perAddress: 6, signInWithinMs: 1_500, checkEveryMs: 50 };
const rows: AuditEntry[] = [];
let server: ReturnType<typeof createServer>;
let gateway: SocketGateway;
let page: Socket;

beforeEach(async () => {
  store.isAway = false;
  session.isOver = false;
  rows.length = 0;
  server = createServer();
  gateway = await createSocketGateway({
    server,
    whoIs: async (token) => (store.isAway ? away() : token.startsWith('token') ? { ...supervisor, sessionId: token } : undefined),
    reaches: { ...reachesAll(false), 'live-call': async () => (store.isAway ? away() : false) },
    places: { queues: async () => (queueId) => queueId === 'support', agents: async () => () => false },
    reachOf: async () => WHOLE_CENTRE,
    audit: async (entry) => void rows.push(entry),
    proxies: [],
    bus,
    commands,
    openHelp: () => new Map(),
    walls: { find: async () => undefined, isInUse: async () => false, read: async () => [] },
    listening: { intervene: async () => undefined, leave: async () => undefined },
    presence: { sessionAlive: async () => !session.isOver, mark: async () => undefined, unmark: async () => undefined },
    ofOwnOrigin: () => true,
    limits: SHORT,
    log: silentLogger,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  page = pageWith('token');
});
afterEach(async () => {
  for (const opened of pages.splice(0)) opened.disconnect();
  for (const raw of raws.splice(0)) raw.terminate();
  await gateway.stop();
});

const pages: Socket[] = [];
const raws: WebSocket[] = [];
const CUT_WITHIN_MS = 5_000;

function pageWith(token: string): Socket {
  const opened = io(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
    auth: { token },
    transports: ['websocket'],
    reconnection: false,
    autoConnect: false,
    forceNew: true,
  });
  pages.push(opened);
  return opened;
}

/** What the gateway says to a page with this token: that it is in, or why not. */
async function enter(token: string): Promise<{ readonly socket: Socket; readonly answer: string }> {
  const socket = pageWith(token);
  const answer = new Promise<string>((resolve) => {
    socket.once('connect', () => resolve('in'));
    socket.once('connect_error', ({ message }) => resolve(message));
  });
  socket.connect();
  return { socket, answer: await answer };
}

const untilCut = (socket: Socket): Promise<boolean> =>
  until(
    async () => !socket.io.engine || socket.io.engine.readyState === 'closed',
    (isCut) => isCut,
    CUT_WITHIN_MS,
  );

const fetchCall = async (): Promise<Ack> => (await page.emitWithAck('call:fetch', { callId: 'c1' })) as Ack;

test('a page is told that the store is away, and is judged again when it is back; the audit log has no refusal that was none', async () => {
  page.connect();
  await once(page as unknown as NodeJS.EventEmitter, 'connect');
  store.isAway = true;
  expect(await fetchCall()).toEqual({
    ok: false,
    code: 'service-unavailable',
    message: 'The document store is not answering. Please try again shortly.',
  });
  expect(rows).toEqual([]);
  store.isAway = false;
  expect(await fetchCall()).toMatchObject({ ok: false, code: 'not-found' });
  expect(rows).toMatchObject([{ what: 'access.denied', object: 'event call:fetch', reason: 'not-found' }]);
});

test('a page that connects meanwhile is told the same', async () => {
  store.isAway = true;
  page.connect();
  const [error] = (await once(page as unknown as NodeJS.EventEmitter, 'connect_error')) as [Error];
  expect(error.message).toBe('service-unavailable');
});

test('a session and a person have so many pages at once, and one that leaves makes room', async () => {
  const answers = async (tokens: readonly string[]): Promise<string[]> =>
    (await Promise.all(tokens.map(enter))).map(({ answer }) => answer).sort();
  expect(await answers(['token', 'token', 'token'])).toEqual(['in', 'in', 'too-many-requests']);
  // Another session of the same person has one page left.
  expect(await answers(['token-2', 'token-2'])).toEqual(['in', 'too-many-requests']);
  pages.find(({ connected }) => connected)?.disconnect();
  await until(
    () => enter('token-2'),
    ({ answer }) => answer === 'in',
  );
});

/** A client that opens the connection and signs in nowhere. */
async function openRaw(): Promise<{ readonly raw: WebSocket; readonly isIn: boolean }> {
  const raw = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/socket.io/?EIO=4&transport=websocket`);
  raws.push(raw);
  const isIn = await new Promise<boolean>((resolve) => {
    raw.on('error', () => resolve(false));
    raw.on('close', () => resolve(false));
    raw.once('message', () => resolve(true));
  });
  return { raw, isIn };
}

test('an address has so many connections at once, signed in or not', async () => {
  const opened = await Promise.all(Array.from({ length: 9 }, openRaw));
  expect(opened.filter(({ isIn }) => isIn)).toHaveLength(6);
  const refused = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/socket.io/?EIO=4&transport=polling`);
  expect([refused.status, await refused.json()]).toEqual([403, { code: 4, message: 'too-many-requests' }]);
});

test('a connection on which nobody signs in is closed; a page that says nothing stays', async () => {
  const { socket: signedIn } = await enter('token');
  const { raw, isIn } = await openRaw();
  expect(isIn).toBe(true);
  await once(raw, 'close');
  expect(signedIn.connected).toBe(true);
});

test('a connection is closed when it leaves its page, too', async () => {
  const { socket } = await enter('token');
  const { engine } = socket.io;
  // Leaves the page without closing the connection.
  engine.write('41');
  await untilCut(socket);
});

test('a page that only listens is cut when its session has expired', async () => {
  const { socket } = await enter('token');
  session.isOver = true;
  await untilCut(socket);
});
