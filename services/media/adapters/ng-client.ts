import { createSocket, type Socket } from 'node:dgram';
import { CallCentreError } from '../../shared/domain/failure.js';
import type { NgClient, NgReply } from '../ng.js';

/** First wait for a reply; it doubles at each repetition. */
const FIRST_WAIT_MS = 250;
const GIVE_UP_AFTER_MS = 3_000;

/**
 * The ng protocol of rtpengine over UDP: `<cookie> <json>`. A request is repeated with its own cookie until the reply comes; the daemon
 * answers a cookie that it has seen from its cache, so repeating does nothing twice.
 */
export function createNgClient(url: string): NgClient {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const socket: Socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  const waiting = new Map<string, (reply: NgReply | { result: 'error'; 'error-reason'?: string }) => void>();
  const instance = `${process.pid.toString(36)}${Date.now().toString(36)}`;
  let counter = 0;
  let closed = false;

  // A port that nobody listens on shows as ECONNREFUSED on some systems; the repetition decides.
  socket.on('error', () => undefined);
  socket.on('message', (packet) => {
    const text = packet.toString('utf8');
    const space = text.indexOf(' ');
    if (space < 1) return;
    const resolve = waiting.get(text.slice(0, space));
    if (resolve === undefined) return;
    try {
      resolve(JSON.parse(text.slice(space + 1)) as NgReply);
    } catch {
      resolve({ result: 'error', 'error-reason': 'reply is not JSON' });
    }
  });
  socket.unref();

  return {
    async send(command) {
      if (closed) throw new CallCentreError('media-relay-unavailable', 'The media relay client is closed');
      counter += 1;
      const cookie = `${instance}_${counter.toString(36)}`;
      const packet = Buffer.from(`${cookie} ${JSON.stringify(command)}`);
      const reply = await new Promise<NgReply | { result: 'error'; 'error-reason'?: string }>((resolve, reject) => {
        let waitMs = FIRST_WAIT_MS;
        let waitedMs = 0;
        let timer: NodeJS.Timeout;
        const transmit = (): void => {
          if (waitedMs >= GIVE_UP_AFTER_MS || closed) {
            waiting.delete(cookie);
            reject(new CallCentreError('media-relay-unavailable', `The media relay did not answer ${command.command}`));
            return;
          }
          socket.send(packet, Number(port), host, () => undefined);
          timer = setTimeout(transmit, waitMs);
          waitedMs += waitMs;
          waitMs *= 2;
        };
        waiting.set(cookie, (answered) => {
          clearTimeout(timer);
          waiting.delete(cookie);
          resolve(answered);
        });
        transmit();
      });
      if (reply.result !== 'error') return reply;
      const reason = 'error-reason' in reply ? reply['error-reason'] : 'no reason';
      throw new CallCentreError('media-relay-unavailable', `The media relay refused ${command.command}: ${reason}`);
    },
    close() {
      if (closed) return;
      closed = true;
      socket.close();
    },
  };
}
