import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import http from 'node:http';
import type net from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import dnsPacket, { type Answer } from 'dns-packet';
import type { SipServer, SipServerOptions } from '../../../infra/embedded/sip/index.js';
import { makeCertificate } from './sip-certificate.js';
import { RawPeer, SDP, connectApp, portOf, startServer, type App, type AppDialog, type AppRequest } from './sip-support.js';

// Where requests go: what a request handler says, what the name of a next hop leads to, and what is too large for a datagram.
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function server(options: Partial<SipServerOptions> = {}): Promise<SipServer> {
  const started = await startServer(options);
  closing.push(() => started.close());
  return started;
}

async function app(of: SipServer, tags: string[] = []): Promise<App> {
  const connected = await connectApp(of, { tags });
  closing.push(() => {
    connected.disconnect();
  });
  return connected;
}

async function peerOf(of: SipServer): Promise<RawPeer> {
  const peer = await RawPeer.open(portOf(of, 'udp'));
  closing.push(() => {
    peer.close();
  });
  return peer;
}

describe('a request handler', () => {
  interface Asked {
    readonly query: URLSearchParams;
    readonly body: string;
  }

  /** A web service that gives one answer to everything. */
  async function handler(answer: string): Promise<{ url: string; asked: Asked[] }> {
    const asked: Asked[] = [];
    const web = http.createServer((request, response) => {
      let body = '';
      request.on('data', (data: Buffer) => (body += data.toString()));
      request.on('end', () => {
        asked.push({ query: new URL(request.url ?? '', 'http://x').searchParams, body });
        response.end(answer);
      });
    });
    web.listen(0, '127.0.0.1');
    await once(web, 'listening');
    closing.push(() => web.close());
    return { url: `http://127.0.0.1:${String((web.address() as net.AddressInfo).port)}/calls`, asked };
  }

  const invite = (peer: RawPeer): void => {
    peer.sendText(
      peer.requestText('INVITE', {
        callId: 'handler',
        uri: 'sip:95001@127.0.0.1;from=trunk',
        body: SDP,
        extra: ['Content-Type: application/sdp'],
      }),
    );
  };

  test.each([
    { answer: '{"action":"reject","data":{"status":486,"reason":"Busy\\r\\nX: y"}}', status: 486 },
    { answer: '{"action":"redirect","data":{"contact":"sip:elsewhere@192.0.2.1"}}', status: 302 },
    { answer: '{"action":"route","data":{"tag":"nobody-has-it"}}', status: 480 },
    { answer: '{"action":"reject","data":{"status":200}}', status: 500 },
    { answer: 'nonsense', status: 500 },
  ])('answers $answer with $status', async ({ answer, status }) => {
    const { url, asked } = await handler(answer);
    const peer = await peerOf(await server({ handler: { url, method: 'GET' } }));
    invite(peer);
    const response = await peer.response(status);
    expect(response.headers.has('x')).toBe(false);
    if (status === 302) expect(response.headers.get('contact')).toBe('<sip:elsewhere@192.0.2.1>');
    expect(Object.fromEntries(asked[0]?.query ?? [])).toMatchObject({
      method: 'INVITE',
      protocol: 'udp',
      uriUser: '95001',
      fromUser: 'raw',
      from: 'trunk',
    });
  });

  test('that cannot be reached is answered 480', async () => {
    const peer = await peerOf(await server({ handler: { url: 'http://127.0.0.1:9/', method: 'GET' } }));
    invite(peer);
    await peer.response(480);
  });

  test('sends a call to the application with a tag, which the query or the whole request told', async () => {
    const { url, asked } = await handler('{"action":"route","data":{"tag":"second"}}');
    const routed = await server({ handler: { url, method: 'POST' } });
    const [first, second] = [await app(routed, ['first']), await app(routed, ['second'])];
    first.invite((_request, response) => {
      response.send(500);
    });
    second.invite((_request, response) => {
      response.send(486);
    });
    const peer = await peerOf(routed);
    // Until its routes have arrived, no application has that tag.
    await new Promise<void>((resolve) =>
      second.request('sip:x@127.0.0.1:9', { method: 'OPTIONS' }, () => {
        resolve();
      }),
    );
    invite(peer);
    await peer.response(486);
    expect(asked[0]?.body).toContain('INVITE sip:95001@127.0.0.1;from=trunk SIP/2.0');
  });

  test('has a call forwarded, in the path of its dialog', async () => {
    const target = await server();
    const callee = await app(target);
    const answered = new Promise<AppDialog>((resolve, reject) => {
      callee.invite((request, response) => {
        callee.createUAS(request, response, { localSdp: SDP }).then(resolve, reject);
      });
    });
    const destination = `sip:far@127.0.0.1:${String(portOf(target, 'udp'))}`;
    const { url } = await handler(JSON.stringify({ action: 'proxy', data: { destination, recordRoute: true } }));
    const caller = await app(await server());
    const proxy = await server({ handler: { url, method: 'GET' } });
    const dialog = await caller.createUAC(`sip:x@127.0.0.1:${String(portOf(proxy, 'udp'))}`, { localSdp: SDP });
    const ended = once(await answered, 'destroy');
    await dialog.destroy();
    await ended;
  });
});

describe('a name as next hop', () => {
  /** A name server with these records. */
  async function nameServer(records: readonly Answer[]): Promise<string> {
    const socket: UdpSocket = createSocket('udp4');
    socket.on('message', (data, remote) => {
      const query = dnsPacket.decode(data);
      const [question] = query.questions ?? [];
      const answers = records.filter(({ name, type }) => name === question?.name.toLowerCase() && type === question.type);
      const flags = dnsPacket.AUTHORITATIVE_ANSWER;
      socket.send(
        dnsPacket.encode({ type: 'response', id: query.id ?? 0, flags, questions: query.questions ?? [], answers: [...answers] }),
        remote.port,
        remote.address,
      );
    });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    closing.push(() => socket.close());
    return `127.0.0.1:${String(socket.address().port)}`;
  }
  const srv = (name: string, port: number, priority: number): Answer => ({
    type: 'SRV',
    name,
    data: { target: 'edge.carrier.test', port, priority, weight: 0 },
  });
  const edge: Answer = { type: 'A', name: 'edge.carrier.test', data: '127.0.0.1' };

  test('is followed over NAPTR and SRV to the transport and port that it names', async () => {
    const target = await server();
    const callee = await app(target);
    const protocol = new Promise<string>((resolve) => {
      callee.options((request, response) => {
        response.send(200);
        resolve(request.protocol);
      });
    });
    const naptr: Answer = {
      type: 'NAPTR',
      name: 'carrier.test',
      data: { order: 1, preference: 1, flags: 's', services: 'SIP+D2T', regexp: '', replacement: '_sip._tcp.carrier.test' },
    };
    const records = [naptr, srv('_sip._tcp.carrier.test', portOf(target, 'tcp'), 1), srv('_sip._udp.carrier.test', 9, 1), edge];
    const caller = await app(await server({ nameServers: [await nameServer(records)] }));
    const status = await sent(caller, 'sip:carrier.test');
    expect(status).toBe(200);
    expect(await protocol).toBe('tcp');
  });

  test('goes on to the next place when the first is dead, and the application sees one transaction', async () => {
    const target = await server();
    const callee = await app(target);
    callee.options((_request, response) => {
      response.send(200);
    });
    const records = [srv('_sip._tcp.carrier.test', 9, 1), srv('_sip._tcp.carrier.test', portOf(target, 'tcp'), 2), edge];
    const caller = await app(await server({ nameServers: [await nameServer(records)] }));
    expect(await sent(caller, 'sip:carrier.test;transport=tcp')).toBe(200);
  });

  test('goes on after a 503 as well', async () => {
    const target = await server();
    const callee = await app(target);
    callee.options((_request, response) => {
      response.send(200);
    });
    const records: Answer[] = [edge];
    const near = await server({ nameServers: [await nameServer(records)] });
    const caller = await app(near);
    const busy = await peerOf(near);
    records.push(srv('_sip._udp.carrier.test', busy.port, 1), srv('_sip._udp.carrier.test', portOf(target, 'udp'), 2));
    const status = sent(caller, 'sip:carrier.test;transport=udp');
    busy.answer(await busy.request('OPTIONS'), 503);
    expect(await status).toBe(200);
  });

  test('that does not exist is told to the application at once', async () => {
    const caller = await app(await server({ nameServers: [await nameServer([])] }));
    await expect(sent(caller, 'sip:nowhere.test')).rejects.toThrow();
  });
});

describe('a request too large for a datagram (RFC 3261 section 18.1.1)', () => {
  const headers = { 'X-Long': 'x'.repeat(1_400) };

  test('goes over TCP, with a Contact that says so', async () => {
    const target = await server();
    const callee = await app(target);
    const invited = new Promise<AppRequest>((resolve) => {
      callee.invite((request, response) => {
        response.send(486);
        resolve(request);
      });
    });
    const caller = await app(await server());
    await expect(caller.createUAC(`sip:x@127.0.0.1:${String(portOf(target, 'udp'))}`, { localSdp: SDP, headers })).rejects.toThrow();
    const request = await invited;
    expect(request.protocol).toBe('tcp');
    expect(request.get('Contact')).toContain(';transport=tcp');
  });

  test('falls back to UDP where nobody listens on TCP', async () => {
    const target = await server({ contacts: ['sip:127.0.0.1:0;transport=udp'] });
    const callee = await app(target);
    const invited = new Promise<AppRequest>((resolve) => {
      callee.invite((request, response) => {
        response.send(486);
        resolve(request);
      });
    });
    const caller = await app(await server());
    await expect(caller.createUAC(`sip:x@127.0.0.1:${String(portOf(target, 'udp'))}`, { localSdp: SDP, headers })).rejects.toThrow();
    const request = await invited;
    expect(request.protocol).toBe('udp');
    expect(request.get('Contact')).not.toContain('transport=tcp');
  });
});

test('a NOTIFY that overtakes the answer to its SUBSCRIBE reaches the application (RFC 6665 section 4.1.2.4)', async () => {
  const near = await server();
  const watcher = await app(near);
  const peer = await peerOf(near);
  const notified = new Promise<AppRequest>((resolve) => {
    (watcher as App & { notify(handler: (request: AppRequest, response: { send(status: number): void }) => void): void }).notify(
      (request, response) => {
        response.send(200);
        resolve(request);
      },
    );
  });
  const subscribed = watcher.createUAC(`sip:presence@127.0.0.1:${String(peer.port)}`, {
    method: 'SUBSCRIBE',
    headers: { Event: 'presence', Expires: '60' },
  });
  const subscribe = await peer.request('SUBSCRIBE');
  const tag = /tag=([^;>]+)/.exec(subscribe.headers.get('from') ?? '')?.[1] ?? '';
  const callId = subscribe.headers.get('call-id') ?? '';
  const extra = ['Event: presence', 'Subscription-State: active;expires=60'];
  peer.sendText(peer.requestText('NOTIFY', { callId, fromTag: 'notifier', to: `<sip:watcher@127.0.0.1>;tag=${tag}`, extra }));
  await peer.response(200, 'NOTIFY');
  expect((await notified).get('Event')).toBe('presence');
  peer.answer(subscribe, 202, { toTag: 'notifier', extra: ['Expires: 60'] });
  const dialog = await subscribed;
  const ended = dialog.destroy();
  peer.answer(await peer.request('NOTIFY'), 200);
  await ended;
});

test('a TLS peer is called only with a certificate its authority stands for, where that is asked', async () => {
  const own = await makeCertificate();
  const contacts = ['sip:127.0.0.1:0;transport=tls'];
  const target = await server({ contacts, tls: own });
  const callee = await app(target);
  callee.options((_request, response) => {
    response.send(200);
  });
  const uri = `sips:localhost:${String(portOf(target, 'tls'))}`;
  const trusting = await app(await server({ contacts, tls: { ...own, ca: own.cert, verifyServers: true } }));
  const strict = await app(await server({ contacts, tls: { ...(await makeCertificate()), verifyServers: true } }));
  expect(await sent(trusting, uri)).toBe(200);
  expect(await sent(strict, uri)).toBe(503);
});

test('a TLS peer that calls must show a certificate where that is asked', async () => {
  const own = await makeCertificate();
  const contacts = ['sip:127.0.0.1:0;transport=tls'];
  const target = await server({ contacts, tls: { ...own, ca: own.cert, verifyClients: true } });
  const callee = await app(target);
  callee.options((_request, response) => {
    response.send(200);
  });
  const uri = `sips:localhost:${String(portOf(target, 'tls'))}`;
  const known = await app(await server({ contacts, tls: own }));
  const stranger = await app(await server({ contacts, tls: await makeCertificate() }));
  expect(await sent(known, uri)).toBe(200);
  expect(await sent(stranger, uri)).toBe(503);
});

/** The final status of an OPTIONS; rejects when it could not even be sent. */
function sent(by: App, uri: string): Promise<number> {
  return new Promise((resolve, reject) => {
    by.request(uri, { method: 'OPTIONS' }, (error, request) => {
      if (error) reject(error);
      else
        request.on('response', (response: { status: number }) => {
          resolve(response.status);
        });
    });
  });
}
