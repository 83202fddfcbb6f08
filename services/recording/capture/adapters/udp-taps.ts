import { createSocket, type Socket } from 'node:dgram';
import { CallCentreError } from '../../../shared/domain/failure.js';
import type { Source, Taps } from '../ports.js';
import { errorCode } from '../../../shared/platform/processes/error-code.js';

const RECEIVE_BUFFER_BYTES = 256 * 1024;

/** Sockets on even ports of the range, so that the RTCP of one copy never reaches the socket of another. */
export function createUdpTaps({
  address,
  portMin,
  portMax,
}: {
  readonly address: string;
  readonly portMin: number;
  readonly portMax: number;
}): Taps {
  const first = portMin + (portMin % 2);
  const count = Math.floor((portMax - first) / 2) + 1;
  // Each process begins at another port, so packets to the ports of the last process rarely find a listener.
  let next = Math.floor(Math.random() * count);
  const ours = new Set<number>();

  async function bind(receive: (packet: Uint8Array, from: Source) => void): Promise<{ socket: Socket; port: number }> {
    for (let tried = 0; tried < count; tried += 1) {
      const port = first + (next % count) * 2;
      next += 1;
      if (ours.has(port)) continue;
      const socket = createSocket({ type: address.includes(':') ? 'udp6' : 'udp4' });
      try {
        await new Promise<void>((resolve, reject) => {
          socket.once('error', reject);
          socket.bind(port, address, () => {
            socket.off('error', reject);
            resolve();
          });
        });
      } catch (error) {
        socket.close();
        if (errorCode(error) === 'EADDRINUSE') continue;
        throw error;
      }
      socket.on('error', () => undefined);
      socket.on('message', receive);
      socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
      return { socket, port };
    }
    throw new CallCentreError('service-unavailable', 'every port of the recorder is in use');
  }

  return {
    async open(receive) {
      const { socket, port } = await bind(receive);
      ours.add(port);
      const close = (): void => {
        socket.close();
        ours.delete(port);
      };
      return { address, port, close };
    },
  };
}
