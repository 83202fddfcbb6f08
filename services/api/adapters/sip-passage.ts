import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Duplex } from 'node:stream';

/**
 * Passes the WebSocket of `/sip` on to the SIP server, so that pages need one origin and one certificate. The handshake goes through as it
 * came, but for the path, and afterwards bytes are copied both ways.
 */
export function passSipOn(target: URL, request: IncomingMessage, browser: Duplex, head: Buffer): void {
  const secure = target.protocol === 'wss:';
  const port = target.port === '' ? (secure ? 443 : 80) : Number(target.port);
  const server = secure
    ? connectTls({ host: target.hostname, port, servername: target.hostname })
    : connect({ host: target.hostname, port });
  const lines = [`GET ${target.pathname} HTTP/1.1`];
  for (let i = 0; i + 1 < request.rawHeaders.length; i += 2) {
    const name = request.rawHeaders[i] ?? '';
    lines.push(`${name}: ${name.toLowerCase() === 'host' ? target.host : (request.rawHeaders[i + 1] ?? '')}`);
  }
  server.write(`${lines.join('\r\n')}\r\n\r\n`);
  server.write(head);
  server.pipe(browser);
  browser.pipe(server);
  const end = (): void => {
    server.destroy();
    browser.destroy();
  };
  for (const side of [server, browser]) side.on('error', end).on('close', end);
}
