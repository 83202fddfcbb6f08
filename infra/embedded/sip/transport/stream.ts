import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { admitConnection, nextFlowId, type Flow, type Listener, type TransportSink } from './flow.js';
import { shownOnce, type TlsPeers } from './peer-certificate.js';
import { StreamFramer } from './stream-framer.js';
import { credentials, type TlsIdentity } from './tls-identity.js';

/** Times and sizes that keep one slow or hostile peer from using up resources. */
export interface StreamLimits {
  readonly handshakeTimeoutMs: number;
  /** A message must be complete within this time after it began. */
  readonly partialTimeoutMs: number;
  /** A connection without a valid message within this time after opening is closed. */
  readonly firstMessageTimeoutMs: number;
  readonly maxMessageBytes: number;
  readonly maxBufferedBytes: number;
}

const CRLF = Buffer.from('\r\n');

/** A TCP or TLS connection, ours or theirs. */
class StreamFlow implements Flow {
  readonly id = nextFlowId();
  readonly remoteAddress: string;
  readonly remotePort: number;
  private readonly framer: StreamFramer;
  private deadline: NodeJS.Timeout | undefined;
  private ended = false;
  /** Messages that were sent before the peer has shown its identity. */
  private held: Buffer[] | undefined;

  constructor(
    readonly protocol: 'tcp' | 'tls',
    readonly listener: Listener,
    private readonly socket: net.Socket,
    remote: { address: string; port: number },
    private readonly limits: StreamLimits,
    private readonly sink: TransportSink,
    inbound: boolean,
    /** Why the peer may not speak; undefined when it may. Checked at every read, because trunks change and certificates expire. */
    private readonly fault: () => string | undefined = () => undefined,
  ) {
    this.remoteAddress = remote.address;
    this.remotePort = remote.port;
    this.framer = new StreamFramer(limits.maxMessageBytes);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
    if (inbound) this.expectWithin(limits.firstMessageTimeoutMs);
    else if (protocol === 'tls') this.holdUntilSecure();
    socket.on('data', (chunk) => {
      this.received(chunk);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.end();
    });
  }

  get open(): boolean {
    return !this.ended && this.socket.writable;
  }

  send(data: Buffer, failed?: (error: Error) => void): void {
    if (!this.open) {
      process.nextTick(() => failed?.(new Error('connection closed')));
      return;
    }
    if (this.held === undefined) this.socket.write(data);
    else this.hold(data);
    // A peer that does not read would make us hold its messages for ever.
    if (this.socket.writableLength > this.limits.maxBufferedBytes) this.socket.destroy();
  }

  close(): void {
    this.socket.destroy();
    this.end();
  }

  private hold(data: Buffer): void {
    this.held?.push(data);
    const heldBytes = this.held?.reduce((sum, { length }) => sum + length, 0) ?? 0;
    if (heldBytes > this.limits.maxBufferedBytes) this.socket.destroy();
  }

  private holdUntilSecure(): void {
    this.held = [];
    this.socket.once('secureConnect', () => {
      if (!this.isMeant()) return;
      for (const data of this.held ?? []) this.socket.write(data);
      this.held = undefined;
    });
  }

  private isMeant(): boolean {
    const fault = this.fault();
    if (fault === undefined) return true;
    this.sink.uncertified(this.remoteAddress, fault);
    this.close();
    return false;
  }

  private end(): void {
    if (this.ended) return;
    this.ended = true;
    clearTimeout(this.deadline);
    this.sink.closed(this);
  }

  private expectWithin(ms: number): void {
    if (this.deadline !== undefined) return;
    this.deadline = setTimeout(() => this.socket.destroy(), ms);
    this.deadline.unref();
  }

  private received(chunk: Buffer): void {
    if (!this.isMeant()) return;
    const { messages, pings, broken } = this.framer.push(chunk);
    // RFC 5626 section 4.4.1: a ping is answered with a single CRLF.
    for (let i = 0; i < pings; i++) this.socket.write(CRLF);
    if (messages.length > 0 || !this.framer.partial) {
      if (messages.length > 0 || pings > 0) {
        clearTimeout(this.deadline);
        this.deadline = undefined;
      }
    }
    for (const message of messages) this.sink.message(message, this);
    if (broken !== undefined) {
      this.sink.broken(this, broken);
      this.socket.destroySoon();
    } else if (this.framer.partial) this.expectWithin(this.limits.partialTimeoutMs);
  }
}

export interface StreamListener {
  readonly listener: Listener;
  /** Opens a connection. Messages passed to `send` before it is open wait in the socket. */
  connect(address: string, port: number, serverName: string | undefined): Flow;
  close(): Promise<void>;
}

/** Binds, and rejects with the system's error when it cannot. `secure` makes it TLS. */
export async function listenStream(
  host: string,
  port: number,
  advertised: (bound: string) => string,
  sink: TransportSink,
  limits: StreamLimits,
  secure: (TlsIdentity & { readonly peers?: TlsPeers | undefined }) | undefined,
): Promise<StreamListener> {
  const peers = secure?.peers;
  const server = secure
    ? tls.createServer({
        ...credentials(secure),
        handshakeTimeout: limits.handshakeTimeoutMs,
        requestCert: secure.verifyClients === true || peers !== undefined,
        // Peers with a fingerprint need no authority. The check below decides about them.
        rejectUnauthorized: secure.verifyClients === true && peers === undefined,
      })
    : net.createServer();
  const protocol = secure ? 'tls' : 'tcp';
  const sockets = new Set<net.Socket>();
  server.listen({ host, port, ipv6Only: host.includes(':'), backlog: 1_024 });
  await once(server, 'listening');
  const bound = server.address() as net.AddressInfo;
  const listener: Listener = { protocol, boundHost: host, port: bound.port, family: host.includes(':') ? 6 : 4, host: advertised(host) };

  const track = (socket: net.Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  };
  server.on('connection', (socket: net.Socket) => {
    track(socket);
    socket.on('error', () => undefined);
    admitConnection(socket, sink);
  });
  server.on('tlsClientError', () => undefined);
  server.on(secure ? 'secureConnection' : 'connection', (socket: net.Socket) => {
    if (socket.destroyed || socket.remoteAddress === undefined) return;
    const { remoteAddress: address, remotePort = 0 } = socket;
    const shown = shownOnce(socket);
    const fault = (): string | undefined => (secure ? peers?.callerFault(address, shown()) : undefined);
    const refused = fault();
    if (refused === undefined) {
      new StreamFlow(protocol, listener, socket, { address, port: remotePort }, limits, sink, true, fault);
      return;
    }
    sink.uncertified(address, refused);
    socket.destroy();
  });
  return {
    listener,
    connect: (address, remotePort, serverName) => {
      const socket = secure
        ? tls.connect({
            host: address,
            port: remotePort,
            ...credentials(secure),
            rejectUnauthorized: secure.verifyServers === true && peers === undefined,
            ...(peers === undefined ? {} : { checkServerIdentity: () => undefined }),
            ...(serverName === undefined || net.isIP(serverName) !== 0 ? {} : { servername: serverName }),
          })
        : net.connect({ host: address, port: remotePort });
      track(socket);
      const opening = setTimeout(() => socket.destroy(), limits.handshakeTimeoutMs);
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        clearTimeout(opening);
      });
      socket.once('close', () => {
        clearTimeout(opening);
      });
      const shown = shownOnce(socket);
      const fault = (): string | undefined => (secure ? peers?.serverFault({ address, serverName }, shown()) : undefined);
      return new StreamFlow(protocol, listener, socket, { address, port: remotePort }, limits, sink, false, fault);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}
