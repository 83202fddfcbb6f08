import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { MongoNetworkError } from 'mongodb';
import { io, type Socket } from 'socket.io-client';
import { reachesAll } from '../../../test/support/reaches.js';
import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import type { Ack } from '../../shared/contracts/calls/seat-socket.js';
import type { Principal } from '../../shared/domain/people/rights.js';
import type { EventBus } from '../../shared/events/catalogue.js';
import { silentLogger } from '../../shared/platform/processes/logger.js';
import { WHOLE_CENTRE } from '../../shared/platform/reach/reach.js';
import type { AuditEntry } from '../../shared/platform/http/route.js';
import { createSocketGateway, type SocketGateway } from './socket-gateway.js';

// The control socket while the document store is away.

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
const rows: AuditEntry[] = [];
let server: ReturnType<typeof createServer>;
let gateway: SocketGateway;
let page: Socket;

beforeEach(async () => {
  store.isAway = false;
  rows.length = 0;
  server = createServer();
  gateway = await createSocketGateway({
    server,
    whoIs: async () => (store.isAway ? away() : supervisor),
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
    presence: { sessionAlive: async () => true, mark: async () => undefined, unmark: async () => undefined },
    ofOwnOrigin: () => true,
    log: silentLogger,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  page = io(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
    auth: { token: 'token' },
    transports: ['websocket'],
    reconnection: false,
    autoConnect: false,
  });
});
afterEach(async () => {
  page.disconnect();
  await gateway.stop();
});

const fetchCall = async (): Promise<Ack> => (await page.emitWithAck('call:fetch', { callId: 'c1' })) as Ack;

test('a page is told that the store is away, and is judged again when it is back; the audit log has no refusal that was none', async () => {
  page.connect();
  await once(page as unknown as NodeJS.EventEmitter, 'connect');
  store.isAway = true;
  expect(await fetchCall()).toEqual({
    ok: false,
    code: 'service-unavailable',
    message: 'The document store does not answer now. Please try again shortly.',
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
