import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Redis } from 'ioredis';
import { WebSocket } from 'ws';
import { createSeatDoor, type SeatDoorDependencies } from '../../services/api/index.js';
import type { SipLink } from '../../services/proof-call/adapters/sip-phone.js';
import { findSession } from '../../services/shared/platform/events/live-sessions.js';
import { silentLogger } from '../../services/shared/platform/processes/logger.js';
import { seatDoorProof, takeSeatTicket } from '../../services/shared/platform/network/sip-doors.js';

export interface SeatLink extends SipLink {
  readonly socket: WebSocket;
}

/** A WebSocket at `/sip` as a page of that origin opens it; fails with the status of a refusal. */
export async function openSeatLink(url: string, localAddress?: string): Promise<SeatLink> {
  const { origin } = new URL(url.replace(/^ws/, 'http'));
  const socket = new WebSocket(url, 'sip', { origin, rejectUnauthorized: false, ...(localAddress === undefined ? {} : { localAddress }) });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
    socket.once('unexpected-response', (_request, response) => reject(new Error(`the seat door answered ${response.statusCode ?? 0}`)));
  });
  socket.on('error', () => undefined);
  const host = `${randomBytes(6).toString('hex')}.invalid`;
  return {
    socket,
    via: `${url.startsWith('wss') ? 'WSS' : 'WS'} ${host}`,
    contact: `${host};transport=ws`,
    send: (text) => socket.send(text),
    onMessage: (handle) => socket.on('message', (data: Buffer) => handle(data.toString('utf8'))),
    close: () => socket.close(),
  };
}

/** The product's seat door on a port of its own, without the rest of the web origin. */
export async function startSeatDoor({
  sipPort,
  sipSecret,
  seatKey,
  valkey,
  limits,
}: {
  readonly sipPort: number;
  readonly sipSecret: string;
  readonly seatKey: string;
  readonly valkey: Redis;
  readonly limits?: SeatDoorDependencies['limits'];
}): Promise<{ readonly url: string; endSession(sessionId: string): void; stop(): Promise<void> }> {
  const door = createSeatDoor({
    target: async () => new URL(`ws://127.0.0.1:${sipPort}`),
    proof: seatDoorProof(sipSecret),
    seatKey,
    proxies: [],
    takeTicket: (ticket) => takeSeatTicket(valkey, ticket),
    seatOf: async (sessionId) => (await findSession(valkey, sessionId))?.userId,
    ...(limits === undefined ? {} : { limits }),
    log: silentLogger,
  });
  const server = createServer();
  server.on('upgrade', (request, socket, head) => door.upgrade(request, socket, head));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    endSession: (sessionId) => door.endSession(sessionId),
    async stop() {
      await door.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
