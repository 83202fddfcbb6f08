import type { Socket } from 'node:net';

/** The transport of SIP. `ws` and `wss` are RFC 7118. */
export type Protocol = 'udp' | 'tcp' | 'tls' | 'ws' | 'wss';

export const PROTOCOLS: readonly Protocol[] = ['udp', 'tcp', 'tls', 'ws', 'wss'];

export function isProtocol(text: string): text is Protocol {
  return (PROTOCOLS as readonly string[]).includes(text);
}

/** RFC 3261 section 17: on these the transaction layer does not retransmit. */
export function isReliable(protocol: Protocol): boolean {
  return protocol !== 'udp';
}

/** The port a URI without one means (RFC 3261 section 19.1.2, RFC 7118 section 5). */
export function defaultPort(protocol: Protocol): number {
  switch (protocol) {
    case 'udp':
    case 'tcp':
      return 5060;
    case 'tls':
      return 5061;
    case 'ws':
      return 80;
    case 'wss':
      return 443;
  }
}

/** A socket this server listens on. */
export interface Listener {
  readonly protocol: Protocol;
  /** The address bound, without brackets; may be a wildcard. */
  readonly boundHost: string;
  readonly port: number;
  readonly family: 4 | 6;
  /** The value in Via and Contact: the bound address, or a real one of this machine in place of a wildcard. */
  readonly host: string;
  readonly door?: 'seat' | 'test' | undefined;
}

/** The way to one peer: a connection, or for UDP the pair of socket and address. A closed flow never opens again. */
export interface Flow {
  readonly id: number;
  readonly protocol: Protocol;
  readonly listener: Listener;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly open: boolean;
  /** Sends one message. `failed` is called later, when the message was certainly not sent. */
  send(data: Buffer, failed?: (error: Error) => void): void;
  close(): void;
}

/** Reports of the transports to the layer above. */
export interface TransportSink {
  /** One whole message. */
  message(data: Buffer, flow: Flow): void;
  /** A stream carried something that is not SIP; the flow is closed after this. */
  broken(flow: Flow, reason: string): void;
  closed(flow: Flow): void;
  /** Whether datagrams from this address are read at all. */
  admits(remoteAddress: string): boolean;
  /** Whether this address may have one more connection; if so `connectionClosed` follows in the end. */
  opened(remoteAddress: string): boolean;
  connectionClosed(remoteAddress: string): void;
  /** A peer over TLS has the wrong identity; its connection is closed. */
  uncertified(remoteAddress: string, reason: string): void;
}

let lastFlowId = 0;

export function nextFlowId(): number {
  lastFlowId += 1;
  return lastFlowId;
}

/** Counts a connection against its source from the first byte of the handshake; destroys it when there are too many. */
export function admitConnection(socket: Socket, sink: TransportSink): void {
  const address = socket.remoteAddress ?? '';
  if (!sink.opened(address)) {
    socket.destroy();
    return;
  }
  socket.once('close', () => {
    sink.connectionClosed(address);
  });
}
