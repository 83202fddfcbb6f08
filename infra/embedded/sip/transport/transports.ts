import { withBrackets } from '../message/uri.js';
import type { ContactSpec } from './contact.js';
import { advertisedAddress } from './contact.js';
import type { Flow, Listener, Protocol, TransportSink } from './flow.js';
import { listenStream, type StreamLimits, type StreamListener } from './stream.js';
import type { TlsPeers } from './peer-certificate.js';
import type { TlsIdentity } from './tls-identity.js';
import { listenUdp, type UdpListener } from './udp.js';
import { listenWebSocket, type WebSocketListener } from './websocket.js';

export interface TransportOptions {
  readonly contacts: readonly ContactSpec[];
  readonly limits: StreamLimits & { readonly pingIntervalMs: number };
  readonly tls: TlsIdentity | undefined;
  /** Decides who may use TLS; without it everybody whom `tls` accepts. */
  readonly tlsPeers?: TlsPeers | undefined;
  /** The proof that a WebSocket contact with `door=seat` asks for. */
  readonly seatDoorProof: string;
}

/** The destination of a message: an address already resolved. */
export interface Target {
  readonly protocol: Protocol;
  /** IP literal without brackets. */
  readonly address: string;
  readonly port: number;
  /** For the certificate: the name before resolution. */
  readonly serverName: string | undefined;
}

/** How many ports the system may choose for one contact before the start fails. */
const MAX_PORT_CHOICES = 16;

function flowKey(protocol: Protocol, address: string, port: number): string {
  return `${protocol}/${address}/${String(port)}`;
}

/** All listeners and open connections. It owns every socket of the SIP side and does not interpret messages. */
export class Transports {
  private readonly udp: UdpListener[] = [];
  private readonly streams: StreamListener[] = [];
  private readonly webSockets: WebSocketListener[] = [];
  /** Connections by peer, so that the next request to it travels on the same one (RFC 3261 section 18.1.1). */
  private readonly connections = new Map<string, Flow>();

  private constructor() {}

  /** Binds everything, or nothing: rejects with the system's error of the first contact that cannot be bound. */
  static async listen(options: TransportOptions, sink: TransportSink): Promise<Transports> {
    const transports = new Transports();
    const watching: TransportSink = {
      message: (data, flow) => {
        transports.remember(flow);
        sink.message(data, flow);
      },
      broken: (flow, reason) => {
        sink.broken(flow, reason);
      },
      closed: (flow) => {
        transports.forget(flow);
        sink.closed(flow);
      },
      admits: (address) => sink.admits(address),
      opened: (address) => sink.opened(address),
      connectionClosed: (address) => {
        sink.connectionClosed(address);
      },
      uncertified: (address, reason) => {
        sink.uncertified(address, reason);
      },
    };
    try {
      for (const contact of options.contacts) await transports.bindContact(contact, options, watching);
    } catch (error) {
      await transports.close();
      throw error;
    }
    return transports;
  }

  get listeners(): readonly Listener[] {
    return [...this.udp, ...this.streams, ...this.webSockets].map(({ listener }) => listener);
  }

  /** Live connections, UDP not counted. */
  get connectionCount(): number {
    return this.connections.size;
  }

  /** The listener that would send a request to such a target; undefined when there is none. */
  listenerFor(protocol: Protocol, address: string | undefined): Listener | undefined {
    const family = address?.includes(':') === true ? 6 : 4;
    const fitting = this.listeners.filter(
      (listener) => listener.protocol === protocol && listener.door !== 'test' && (address === undefined || listener.family === family),
    );
    // A loopback peer is answered from loopback when there is such a listener, because the others cannot be reached from there by name.
    const loopback = address !== undefined && (address.startsWith('127.') || address === '::1');
    return fitting.find((listener) => isLoopback(listener.boundHost) === loopback) ?? fitting[0];
  }

  /** The families of addresses that can be called with a protocol. */
  familiesOf(protocol: Protocol): readonly (4 | 6)[] {
    const families = this.listeners.filter((listener) => listener.protocol === protocol).map(({ family }) => family);
    return ([4, 6] as const).filter((family) => families.includes(family));
  }

  /** An open connection to exactly that peer. */
  connectionTo(protocol: Protocol, address: string, port: number): Flow | undefined {
    const flow = this.connections.get(flowKey(protocol, address, port));
    return flow?.open === true ? flow : undefined;
  }

  /** The way to a target, opened if necessary; undefined when no listener speaks that protocol, or when the target is a browser. */
  flowTo(target: Target): Flow | undefined {
    const listener = this.listenerFor(target.protocol, target.address);
    if (!listener) return undefined;
    if (target.protocol === 'udp') {
      return this.udp.find((entry) => entry.listener === listener)?.flowTo(target.address, target.port);
    }
    const existing = this.connectionTo(target.protocol, target.address, target.port);
    if (existing) return existing;
    const flow = this.streams.find((entry) => entry.listener === listener)?.connect(target.address, target.port, target.serverName);
    if (flow) this.remember(flow);
    return flow;
  }

  /** Whether that host and port are ours: the proxy's own address in RFC 3261 section 16.4. */
  isOwnAddress(host: string, port: number): boolean {
    return this.listeners.some(
      (listener) =>
        listener.port === port && (withBrackets(host) === listener.host || withBrackets(host) === withBrackets(listener.boundHost)),
    );
  }

  async close(): Promise<void> {
    await Promise.all([...this.udp, ...this.streams, ...this.webSockets].map((entry) => entry.close()));
  }

  private async bindContact(contact: ContactSpec, options: TransportOptions, sink: TransportSink): Promise<void> {
    const advertised = (bound: string): string =>
      contact.external === undefined ? advertisedAddress(bound) : withBrackets(contact.external);
    // TCP first: with port 0 the same port is then requested for UDP too, so that one contact stays one port.
    const ordered = [...contact.protocols].sort((a, b) => Number(a === 'udp') - Number(b === 'udp'));
    for (let choice = 1; ; choice++) {
      const before = { udp: this.udp.length, streams: this.streams.length, webSockets: this.webSockets.length };
      try {
        let { port } = contact;
        for (const protocol of ordered) {
          const bound = await this.bind(protocol, { ...contact, port }, advertised, options, sink);
          port = bound.port;
        }
        return;
      } catch (error) {
        // The port that the system chose for TCP may belong to another program in UDP. With port 0 it chooses again.
        const taken = typeof error === 'object' && error !== null && 'code' in error && error.code === 'EADDRINUSE';
        if (!taken || contact.port !== 0 || choice === MAX_PORT_CHOICES) throw error;
        const bound = [
          ...this.udp.splice(before.udp),
          ...this.streams.splice(before.streams),
          ...this.webSockets.splice(before.webSockets),
        ];
        await Promise.all(bound.map((entry) => entry.close()));
      }
    }
  }

  private async bind(
    protocol: Protocol,
    { host, port, door }: ContactSpec,
    advertised: (bound: string) => string,
    options: TransportOptions,
    sink: TransportSink,
  ): Promise<Listener> {
    const secure = protocol === 'tls' || protocol === 'wss' ? options.tls : undefined;
    if ((protocol === 'tls' || protocol === 'wss') && !secure) throw new Error('tls and wss need --tls-cert and --tls-key');
    switch (protocol) {
      case 'udp': {
        const udp = await listenUdp(host, port, advertised, sink, door);
        this.udp.push(udp);
        return udp.listener;
      }
      case 'tcp':
      case 'tls': {
        const stream = await listenStream(host, port, advertised, sink, options.limits, secure && { ...secure, peers: options.tlsPeers });
        this.streams.push(stream);
        return stream.listener;
      }
      case 'ws':
      case 'wss': {
        const webSocket = await listenWebSocket(
          host,
          port,
          advertised,
          sink,
          options.limits,
          secure,
          door === 'seat' ? options.seatDoorProof : undefined,
        );
        this.webSockets.push(webSocket);
        return webSocket.listener;
      }
    }
  }

  private remember(flow: Flow): void {
    if (flow.protocol !== 'udp') this.connections.set(flowKey(flow.protocol, flow.remoteAddress, flow.remotePort), flow);
  }

  private forget(flow: Flow): void {
    const key = flowKey(flow.protocol, flow.remoteAddress, flow.remotePort);
    if (this.connections.get(key) === flow) this.connections.delete(key);
  }
}

function isLoopback(host: string): boolean {
  return host.startsWith('127.') || host === '::1';
}
