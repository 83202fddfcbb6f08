import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import Srf from 'drachtio-srf';
import { WebSocket } from 'ws';
import type { SipServer } from '../../../infra/embedded/sip/index.js';
import { makeCertificate } from './sip-certificate.js';
import { RawPeer, SDP, SECRET, connectApp, portOf, startServer, type App, type AppDialog } from './sip-support.js';

let material: { key: Buffer; cert: Buffer };
const closing: (() => Promise<void> | void)[] = [];

beforeAll(async () => {
  material = await makeCertificate();
});

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function server(options: Parameters<typeof startServer>[0]): Promise<SipServer> {
  const started = await startServer({ tls: material, ...options });
  closing.push(() => started.close());
  return started;
}

async function app(of: SipServer): Promise<App> {
  const connected = await connectApp(of);
  closing.push(() => connected.disconnect());
  return connected;
}

describe.each([
  ['udp', 'sip:[::1]:0;transport=udp', '[::1]'],
  ['tcp', 'sip:[::1]:0;transport=tcp', '[::1]'],
  ['tls', 'sip:127.0.0.1:0;transport=tls', '127.0.0.1'],
  ['tls', 'sip:[::1]:0;transport=tls', '[::1]'],
] as const)('a call over %s at %s', (protocol, contact, host) => {
  test('is answered and ended by either side', async () => {
    const [far, near] = await Promise.all([server({ contacts: [contact] }), server({ contacts: [contact] })]);
    const [callee, caller] = await Promise.all([app(far), app(near)]);
    const answered = new Promise<AppDialog>((resolve, reject) => {
      callee.invite((request, response) => {
        expect(request.protocol).toBe(protocol);
        callee.createUAS(request, response, { localSdp: SDP }).then(resolve, reject);
      });
    });
    const dialog = await caller.createUAC(`sip:x@${host}:${String(portOf(far, protocol))};transport=${protocol}`, { localSdp: SDP });
    const uas = await answered;
    const ended = once(dialog, 'destroy');
    await uas.destroy();
    await ended;
  });
});

test('sips asks for TLS', async () => {
  const [far, near] = await Promise.all([
    server({ contacts: ['sip:127.0.0.1:0;transport=tls'] }),
    server({ contacts: ['sip:127.0.0.1:0;transport=tls'] }),
  ]);
  const [callee, caller] = await Promise.all([app(far), app(near)]);
  callee.options((_request, response) => {
    response.send(200);
  });
  const request = await new Promise<{ on(name: 'response', listener: (response: { status: number }) => void): void }>((resolve, reject) => {
    caller.request(`sips:x@127.0.0.1:${String(portOf(far, 'tls'))}`, { method: 'OPTIONS' }, (error, sent) => {
      if (error) reject(error);
      else resolve(sent);
    });
  });
  const response = await new Promise<{ status: number }>((resolve) => {
    request.on('response', resolve);
  });
  expect(response.status).toBe(200);
});

test('a browser over wss is heard, and its CRLF ping answered', async () => {
  const secure = await server({ contacts: ['sip:127.0.0.1:0;transport=wss'] });
  const callee = await app(secure);
  callee.options((request, response) => {
    expect(request.protocol).toBe('wss');
    response.send(200);
  });
  const socket = new WebSocket(`wss://127.0.0.1:${String(portOf(secure, 'wss'))}`, 'sip', { rejectUnauthorized: false });
  await once(socket, 'open');
  socket.send('\r\n\r\n');
  expect(String(((await once(socket, 'message')) as [Buffer])[0])).toBe('\r\n');
  socket.send(
    'OPTIONS sip:x@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/WSS a.invalid;branch=z9hG4bKo\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:x@y>\r\nCall-ID: o\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 1\r\nContent-Length: 0\r\n\r\n',
  );
  expect(String(((await once(socket, 'message')) as [Buffer])[0])).toMatch(/^SIP\/2\.0 200/);
  socket.close();
});

test('the admin port speaks TLS', async () => {
  const secure = await server({ admin: { host: '127.0.0.1', port: 0, tls: true } });
  const client = new (Srf as unknown as new () => App)();
  client.on('error', () => undefined);
  const connected = once(client, 'connect');
  client.connect({ host: '127.0.0.1', port: secure.admin.port, secret: SECRET, tls: { rejectUnauthorized: false } });
  expect((await connected)[0]).toBeNull();
  client.disconnect();
});

test('an application that listens is connected to for each call', async () => {
  const listening = net.createServer();
  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as net.AddressInfo;
  listening.close();
  await once(listening, 'close');
  const callee = new (Srf as unknown as new () => App & { listen(options: object): void; endSession(request: object): void })();
  callee.listen({ host: '127.0.0.1', port, secret: SECRET });
  const outbound = await server({ outbound: `tcp://127.0.0.1:${String(port)}` });
  const near = await server({});
  const caller = await app(near);
  const answered = new Promise<AppDialog>((resolve, reject) => {
    callee.invite((request, response) => {
      callee.createUAS(request, response, { localSdp: SDP }).then((dialog) => {
        dialog.on('destroy', () => callee.endSession(request));
        resolve(dialog);
      }, reject);
    });
  });
  const dialog = await caller.createUAC(`sip:x@127.0.0.1:${String(portOf(outbound, 'udp'))}`, { localSdp: SDP });
  const ended = once(await answered, 'destroy');
  await dialog.destroy();
  await ended;
  (callee as unknown as { _app: { close(): void } })._app.close();
});

describe('hostile peers', () => {
  test('a slow, endless or nonsensical stream is closed; a message in single bytes is understood', async () => {
    const target = await server({ contacts: ['sip:127.0.0.1:0;transport=tcp'] });
    const callee = await app(target);
    callee.options((_request, response) => {
      response.send(200);
    });
    const connect = async (): Promise<net.Socket> => {
      const socket = net.connect(portOf(target, 'tcp'), '127.0.0.1');
      await once(socket, 'connect');
      socket.on('error', () => undefined);
      return socket;
    };
    const message =
      'OPTIONS sip:x@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP a.invalid;branch=z9hG4bKbytes\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:x@y>\r\nCall-ID: o\r\nCSeq: 1 OPTIONS\r\nl: 0\r\n\r\n';
    const slow = await connect();
    for (const byte of `\r\n\r\n${message}`) {
      slow.write(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    let text = '';
    while (!text.includes('200')) text += String(((await once(slow, 'data')) as [Buffer])[0]);
    expect(text.startsWith('\r\n')).toBe(true);
    slow.destroy();
    const endless = await connect();
    endless.write(`OPTIONS sip:x@y SIP/2.0\r\nX: ${'x'.repeat(400_000)}`);
    await once(endless, 'close');
    const unframed = await connect();
    unframed.write('OPTIONS sip:x@y SIP/2.0\r\nVia: SIP/2.0/TCP a\r\n\r\n');
    await once(unframed, 'close');
  });

  test('half-open TLS handshakes do not keep others out', async () => {
    const target = await server({ contacts: ['sip:127.0.0.1:0;transport=tls', 'sip:127.0.0.1:0;transport=ws'] });
    const silent = Array.from({ length: 200 }, (_unused, index) =>
      net.connect(portOf(target, index % 2 === 0 ? 'tls' : 'ws'), '127.0.0.1'),
    );
    const socket = tls.connect({ port: portOf(target, 'tls'), host: '127.0.0.1', rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    socket.destroy();
    const browser = new WebSocket(`ws://127.0.0.1:${String(portOf(target, 'ws'))}`, 'sip');
    await once(browser, 'open');
    browser.close();
    for (const one of silent) one.on('error', () => undefined).destroy();
  });

  test('a scanner is not answered, nor heard again; metrics count it', async () => {
    const target = await server({ limits: { trusted: [] }, metrics: { host: '127.0.0.1', port: 0 } });
    const callee = await app(target);
    callee.options((_request, response) => {
      response.send(200);
    });
    const peer = await RawPeer.open(portOf(target, 'udp'));
    closing.push(() => peer.close());
    peer.sendText(peer.requestText('OPTIONS', { callId: 'good' }));
    await peer.response(200);
    peer.sendText(peer.requestText('OPTIONS', { callId: 'scan', extra: ['User-Agent: friendly-scanner'] }));
    peer.sendText(peer.requestText('OPTIONS', { callId: 'after' }));
    let text = '';
    // UDP keeps its order on the loopback, and the metrics are polled until the scanner shows.
    while (!text.includes('sip_dropped_total{reason="scanner"} 1')) {
      text = await (await fetch(`http://127.0.0.1:${String(target.metrics!.port)}/metrics`)).text();
    }
    expect(text).toContain('sip_blocked_sources 1');
    expect(peer.received).toEqual([]);
  });
});
