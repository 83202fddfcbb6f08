import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { admitConnection, nextFlowId, type Flow, type Listener, type TransportSink } from './flow.js';
import type { StreamLimits } from './stream.js';

const PONG = '\r\n';

function sameText(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function toBuffer(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

/** A timer that is later than this share of its interval belongs to a process that stood still. */
const STOOD_STILL = 1.1;

/** A browser's connection: one SIP message per WebSocket message (RFC 7118 section 5). */
class WebSocketFlow implements Flow {
  readonly id = nextFlowId();
  /** Whether anything arrived since our last ping. */
  private alive = true;
  private ended = false;

  constructor(
    readonly protocol: 'ws' | 'wss',
    readonly listener: Listener,
    private readonly socket: WebSocket,
    readonly remoteAddress: string,
    readonly remotePort: number,
    private readonly maxBufferedBytes: number,
    sink: TransportSink,
  ) {
    socket.on('message', (data) => {
      this.alive = true;
      const bytes = toBuffer(data);
      // CRLF keep-alives of a browser (RFC 5626 section 4.4.1, allowed by RFC 7118 section 6).
      if (bytes.length <= 4 && bytes.every((byte) => byte === 13 || byte === 10)) socket.send(PONG);
      else sink.message(bytes, this);
    });
    socket.on('pong', () => {
      this.alive = true;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.ended = true;
      sink.closed(this);
    });
  }

  get open(): boolean {
    return !this.ended && this.socket.readyState === this.socket.OPEN;
  }

  send(data: Buffer, failed?: (error: Error) => void): void {
    if (!this.open) {
      process.nextTick(() => failed?.(new Error('connection closed')));
      return;
    }
    this.socket.send(data, { binary: false });
    if (this.socket.bufferedAmount > this.maxBufferedBytes) this.socket.terminate();
  }

  close(): void {
    this.socket.terminate();
  }

  /** Drops a peer that has not answered the last ping, else pings again: a sleeping laptop sends no FIN. */
  checkAlive(): void {
    if (!this.alive) {
      this.socket.terminate();
      return;
    }
    this.alive = false;
    this.socket.ping();
  }
}

export interface WebSocketListener {
  readonly listener: Listener;
  close(): Promise<void>;
}

/**
 * Binds, and rejects with the system's error when it cannot. `secure` makes it WSS. With `proof` only a client that shows it may connect,
 * and that client is not limited by its address.
 */
export async function listenWebSocket(
  host: string,
  port: number,
  advertised: (bound: string) => string,
  sink: TransportSink,
  limits: StreamLimits & { readonly pingIntervalMs: number },
  secure: { key: Buffer; cert: Buffer } | undefined,
  proof: string | undefined,
): Promise<WebSocketListener> {
  const server: http.Server = secure
    ? https.createServer({ key: secure.key, cert: secure.cert, handshakeTimeout: limits.handshakeTimeoutMs })
    : http.createServer();
  server.headersTimeout = limits.handshakeTimeoutMs;
  server.requestTimeout = limits.handshakeTimeoutMs;
  // Node.js checks for overdue requests at this interval. Its default of 30 s would be six handshakes long.
  Object.assign(server, { connectionsCheckingInterval: 1_000 });
  const protocol = secure ? 'wss' : 'ws';
  const raw = new Set<Socket>();
  const flows = new Set<WebSocketFlow>();
  server.on('connection', (socket: Socket) => {
    raw.add(socket);
    socket.once('close', () => raw.delete(socket));
    socket.on('error', () => undefined);
    if (proof === undefined) admitConnection(socket, sink);
  });
  server.on('tlsClientError', () => undefined);
  server.on('request', (_request, response) => {
    response.writeHead(426, { Connection: 'close', Upgrade: 'websocket' }).end();
  });
  const sockets = new WebSocketServer({
    server,
    maxPayload: limits.maxMessageBytes,
    perMessageDeflate: false,
    // RFC 7118 section 4: without the subprotocol `sip` there is no SIP.
    handleProtocols: (offered) => (offered.has('sip') ? 'sip' : false),
    verifyClient: ({ req }: { req: http.IncomingMessage }) =>
      /(^|[ ,])sip($|[ ,])/i.test(req.headers['sec-websocket-protocol'] ?? '') &&
      (proof === undefined || sameText(req.headers.authorization ?? '', `Bearer ${proof}`)),
  });
  // The same error is reported by the HTTP server below, where it is awaited.
  sockets.on('error', () => undefined);
  server.listen({ host, port, ipv6Only: host.includes(':'), backlog: 1_024 });
  await once(server, 'listening');
  const bound = server.address() as AddressInfo;
  const listener: Listener = {
    protocol,
    boundHost: host,
    port: bound.port,
    family: host.includes(':') ? 6 : 4,
    host: advertised(host),
    door: proof === undefined ? undefined : 'seat',
  };
  sockets.on('connection', (socket, request) => {
    const { remoteAddress = '', remotePort = 0 } = request.socket;
    const flow = new WebSocketFlow(protocol, listener, socket, remoteAddress, remotePort, limits.maxBufferedBytes, sink);
    flows.add(flow);
    socket.once('close', () => flows.delete(flow));
  });
  let checkedMs = performance.now();
  const ping = setInterval(() => {
    const sinceMs = performance.now() - checkedMs;
    checkedMs += sinceMs;
    // Who stood still has not read the answers to its pings: nobody is judged by them before the next time.
    if (sinceMs < STOOD_STILL * limits.pingIntervalMs) for (const flow of flows) flow.checkAlive();
  }, limits.pingIntervalMs);
  ping.unref();
  return {
    listener,
    close: () =>
      new Promise((resolve) => {
        clearInterval(ping);
        for (const flow of flows) flow.close();
        sockets.close();
        server.close(() => {
          resolve();
        });
        for (const socket of raw) socket.destroy();
      }),
  };
}
