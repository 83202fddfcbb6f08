import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import type { TransportSink } from '../../../infra/embedded/sip/transport/flow.js';
import { listenWebSocket } from '../../../infra/embedded/sip/transport/websocket.js';
import { createSeatDoor } from '../../../services/api/index.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';

// A web origin or a SIP server that stood still has not read the answers to its pings, and nobody is at fault for that.

const PING_MS = 50;
const STOOD_STILL_MS = 4 * PING_MS;
const PROOF = 'proof';
const TICKET = 'a'.repeat(43);

const nothing = (): void => undefined;
const sink: TransportSink = {
  ...{ message: nothing, broken: nothing, closed: nothing, connectionClosed: nothing, uncertified: nothing },
  ...{ admits: () => true, opened: () => true },
};
const limits = {
  ...{ handshakeTimeoutMs: 1_000, partialTimeoutMs: 1_000, firstMessageTimeoutMs: 60_000, maxMessageBytes: 65_536 },
  ...{ maxBufferedBytes: 1_000_000, pingIntervalMs: PING_MS },
};
const listen = (): ReturnType<typeof listenWebSocket> => listenWebSocket('127.0.0.1', 0, (host) => host, sink, limits, undefined, PROOF);

/** The page has answered a ping; before the answer is read, everything here stands still, three times over. */
async function standsStill(socket: WebSocket): Promise<void> {
  for (let i = 0; i < 3; i += 1) {
    await Promise.race([once(socket, 'ping'), once(socket, 'close')]);
    if (socket.readyState !== WebSocket.OPEN) return;
    const untilMs = performance.now() + STOOD_STILL_MS;
    while (performance.now() < untilMs);
  }
  await pause(2 * PING_MS);
}

test('the SIP server keeps the connections of seats when it stood still', async () => {
  const sip = await listen();
  const socket = new WebSocket(`ws://127.0.0.1:${sip.listener.port}`, 'sip', { headers: { authorization: `Bearer ${PROOF}` } });
  await once(socket, 'open');
  await standsStill(socket);
  expect(socket.readyState).toBe(WebSocket.OPEN);
  socket.terminate();
  await sip.close();
});

test('so does the web origin', async () => {
  const sip = await listen();
  const door = createSeatDoor({
    target: async () => new URL(`ws://127.0.0.1:${sip.listener.port}`),
    proof: PROOF,
    seatKey: 'seat key',
    proxies: [],
    takeTicket: async () => 'session',
    seatOf: async () => 'anna',
    limits: { pingEveryMs: PING_MS },
    log: silentLogger,
  });
  const server = createServer().on('upgrade', (request, socket, head) => door.upgrade(request, socket, head));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const page = new WebSocket(`ws://127.0.0.1:${port}/sip?ticket=${TICKET}`, 'sip');
  await once(page, 'open');
  await standsStill(page);
  expect(page.readyState).toBe(WebSocket.OPEN);
  page.terminate();
  await door.stop();
  server.close();
  await sip.close();
});
