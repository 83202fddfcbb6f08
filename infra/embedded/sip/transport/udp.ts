import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { nextFlowId, type Flow, type Listener, type TransportSink } from './flow.js';

// Bursts of calls overflow the small default buffer of the system long before the processor is busy.
const SOCKET_BUFFER_BYTES = 4 * 1024 * 1024;
// Shorter than any SIP message: CRLF keep-alives and stray bytes (RFC 5626 section 3.5.1 keeps UDP alive with STUN or CRLF).
const SHORTEST_MESSAGE_BYTES = 16;

class UdpFlow implements Flow {
  readonly id = nextFlowId();
  readonly protocol = 'udp';

  constructor(
    readonly listener: Listener,
    private readonly socket: Socket,
    readonly remoteAddress: string,
    readonly remotePort: number,
  ) {}

  get open(): boolean {
    return true;
  }

  send(data: Buffer, failed?: (error: Error) => void): void {
    this.socket.send(data, this.remotePort, this.remoteAddress, (error) => {
      if (error) failed?.(error);
    });
  }

  close(): void {}
}

/** One bound UDP socket. */
export interface UdpListener {
  readonly listener: Listener;
  flowTo(address: string, port: number): Flow;
  close(): Promise<void>;
}

/** Binds, and rejects with the system's error when it cannot. */
export async function listenUdp(
  host: string,
  port: number,
  advertised: (bound: string) => string,
  sink: TransportSink,
  door: Listener['door'],
): Promise<UdpListener> {
  const family = host.includes(':') ? 6 : 4;
  const socket = createSocket({
    type: family === 6 ? 'udp6' : 'udp4',
    ipv6Only: family === 6,
    recvBufferSize: SOCKET_BUFFER_BYTES,
    // Every address here is a literal: names are resolved before a flow is chosen.
    lookup: (address, _options, callback) => {
      callback(null, address, family);
    },
  });
  const listening = once(socket, 'listening');
  socket.bind(port, host);
  await listening;
  const listener: Listener = { protocol: 'udp', boundHost: host, port: socket.address().port, family, host: advertised(host), door };
  // Messages of one peer use one flow: a trunk sends everything from one port.
  let last = new UdpFlow(listener, socket, '', 0);
  socket.on('message', (data, { address, port: remotePort }) => {
    if (data.length < SHORTEST_MESSAGE_BYTES || (door === undefined && !sink.admits(address))) return;
    if (last.remotePort !== remotePort || last.remoteAddress !== address) last = new UdpFlow(listener, socket, address, remotePort);
    sink.message(data, last);
  });
  // An ICMP error reported late must not end the process; the transactions time out on their own.
  socket.on('error', () => undefined);
  return {
    listener,
    flowTo: (address, remotePort) => new UdpFlow(listener, socket, address, remotePort),
    close: () =>
      new Promise((resolve) => {
        socket.close(() => {
          resolve();
        });
      }),
  };
}
