import net from 'node:net';
import tls from 'node:tls';
import type { Client } from './clients.js';

/** Where an application listens with `srf.listen`: `tcp://host:port` or `tls://host:port`. */
export interface OutboundTarget {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
}

const CONNECT_WITHIN_MS = 5_000;

/** Throws a sentence when the text is not such a URL. */
export function parseOutboundTarget(text: string): OutboundTarget {
  const match = /^(tcp|tls):\/\/\[?([^\s\]/]+?)\]?:(\d{1,5})\/?$/.exec(text);
  if (!match) throw new Error('an outbound target looks like tcp://127.0.0.1:9021');
  return { host: match[2] ?? '', port: Number(match[3]), secure: match[1] === 'tls' };
}

/**
 * Connects to an application for one new request and waits until it has authenticated; undefined when it does not.
 * @param accept makes the connection an application's; resolves when it has proved the secret.
 */
export function connectOutbound(
  target: OutboundTarget,
  accept: (socket: net.Socket) => Promise<Client | undefined>,
): Promise<Client | undefined> {
  const { host, port, secure } = target;
  return new Promise((resolve) => {
    // The application's certificate is not checked, as in drachtio-server: the application proves itself by the secret.
    const socket = secure ? tls.connect({ host, port, rejectUnauthorized: false }) : net.connect({ host, port });
    const deadline = setTimeout(() => socket.destroy(), CONNECT_WITHIN_MS);
    socket.once('close', () => {
      clearTimeout(deadline);
      resolve(undefined);
    });
    socket.on('error', () => undefined);
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      void accept(socket).then((client) => {
        clearTimeout(deadline);
        resolve(client);
      });
    });
  });
}
