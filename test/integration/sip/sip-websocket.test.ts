import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import type { SipServer } from '../../../infra/embedded/sip/index.js';
import { parseMessage } from '../../../infra/embedded/sip/message/parse.js';
import type { SipMessage, SipRequest } from '../../../infra/embedded/sip/message/message.js';
import { seatDoorProof } from '../../../services/shared/platform/network/sip-doors.js';
import { RawPeer, SDP, SECRET, connectApp, portOf, startServer, type App, type AppDialog, type AppRequest } from './sip-support.js';

let server: SipServer;
let app: App;
beforeEach(async () => {
  server = await startServer({ contacts: ['sip:127.0.0.1:0;transport=udp,tcp', 'sip:127.0.0.1:0;transport=ws'], webSocketGraceMs: 100 });
  app = await connectApp(server);
});

afterEach(async () => {
  app.disconnect();
  await server.close();
});

/** A browser as sip.js makes one: a WebSocket, an invented host, and answers by hand. */
class Browser {
  private readonly queue: SipMessage[] = [];
  private wake: (() => void) | undefined;
  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      const parsed = parseMessage(data);
      if (parsed.kind === 'message') this.queue.push(parsed.message);
      this.wake?.();
    });
  }

  static async open(): Promise<Browser> {
    const socket = new WebSocket(`ws://127.0.0.1:${String(portOf(server, 'ws'))}`, 'sip');
    const browser = new Browser(socket);
    await once(socket, 'open');
    return browser;
  }

  send(lines: string[], body = ''): void {
    this.socket.send([...lines, `Content-Length: ${String(Buffer.byteLength(body))}`, '', body].join('\r\n'));
  }

  async next(): Promise<SipMessage> {
    while (this.queue.length === 0) await new Promise<void>((resolve) => (this.wake = resolve));
    return this.queue.shift()!;
  }

  /** The next request; responses are skipped, since one is repeated until its ACK has come. */
  async request(): Promise<SipRequest> {
    for (;;) {
      const message = await this.next();
      if (message.kind === 'request') return message;
    }
  }

  /** Calls, and acknowledges the answer. */
  async invite(host = 'abc.invalid'): Promise<void> {
    const head = (method: string, branch: string, to: string): string[] => [
      `${method} sip:desk@127.0.0.1 SIP/2.0`,
      `Via: SIP/2.0/WS ${host};branch=z9hG4bK${branch}`,
      'Max-Forwards: 70',
      'From: <sip:seat7@abc.invalid>;tag=seat',
      `To: ${to}`,
      `Call-ID: call-${host}`,
      `CSeq: 1 ${method}`,
      `Contact: <sip:seat7@${host};transport=ws>`,
    ];
    this.send([...head('INVITE', 'invite', '<sip:desk@127.0.0.1>'), 'Content-Type: application/sdp'], SDP);
    expect(await this.next()).toMatchObject({ kind: 'response', status: 100 });
    const answer = await this.next();
    expect(answer).toMatchObject({ kind: 'response', status: 200 });
    expect(answer.headers.get('contact')).toContain('transport=ws');
    this.send(head('ACK', 'ack', answer.headers.get('to') ?? ''));
  }

  answer(request: SipRequest, status: number, body = ''): void {
    const to = request.headers.get('to') ?? '';
    this.send(
      [
        `SIP/2.0 ${String(status)} OK`,
        ...request.headers.all('via').map((via) => `Via: ${via}`),
        `From: ${request.headers.get('from') ?? ''}`,
        `To: ${to.includes('tag=') ? to : `${to};tag=seat`}`,
        `Call-ID: ${request.headers.get('call-id') ?? ''}`,
        `CSeq: ${request.headers.get('cseq') ?? ''}`,
        'Contact: <sip:seat7@abc.invalid;transport=ws>',
        ...(body === '' ? [] : ['Content-Type: application/sdp']),
      ],
      body,
    );
  }
}

/** The dialog of a browser's call, once it has been acknowledged. */
function called(): Promise<AppDialog> {
  return new Promise((resolve, reject) => {
    app.invite((request, response) => {
      app.createUAS(request, response, { localSdp: SDP }).then((dialog) => void once(dialog, 'ack').then(() => resolve(dialog)), reject);
    });
  });
}

test('a browser that called is hung up over its own WebSocket', async () => {
  const dialogOf = called();
  const browser = await Browser.open();
  await browser.invite();
  const destroyed = (await dialogOf).destroy();
  const bye = await browser.request();
  expect(bye).toMatchObject({ method: 'BYE', uri: 'sip:seat7@abc.invalid;transport=ws' });
  browser.answer(bye, 200);
  await destroyed;
  browser.socket.close();
});

test('the dialog of a browser that dies ends', async () => {
  const dialogOf = called();
  const browser = await Browser.open();
  await browser.invite();
  const ended = once(await dialogOf, 'destroy') as Promise<[AppRequest, string]>;
  browser.socket.terminate();
  const [, reason] = await ended;
  expect(reason).toBe('WebSocket closed');
});

test('a REGISTER teaches nothing: a request to its contact has no way', async () => {
  app.register((request, response) => response.send(200, { headers: { Contact: request.get('Contact') } }));
  const browser = await Browser.open();
  browser.send([
    'REGISTER sip:127.0.0.1 SIP/2.0',
    'Via: SIP/2.0/WS abc.invalid;branch=z9hG4bKregister',
    'Max-Forwards: 70',
    'From: <sip:eve@127.0.0.1>;tag=r',
    'To: <sip:eve@127.0.0.1>',
    'Call-ID: register',
    'CSeq: 1 REGISTER',
    'Contact: <sip:eve@abc.invalid;transport=ws>, <sip:13800000001@127.0.0.7>',
  ]);
  expect(await browser.next()).toMatchObject({ kind: 'response', status: 200 });
  await expect(app.createUAC('sip:eve@abc.invalid;transport=ws', { localSdp: SDP })).rejects.toBeTruthy();
  const carrier = await RawPeer.open(portOf(server, 'udp'), '127.0.0.7');
  const call = app.createUAC(`sip:13800000001@127.0.0.7:${String(carrier.port)}`, { localSdp: SDP });
  const invite = await carrier.request('INVITE');
  carrier.answer(invite, 486);
  await expect(call).rejects.toMatchObject({ status: 486 });
  carrier.close();
  browser.socket.close();
});

test("the seat door's listener takes nobody who does not show its proof", async () => {
  const guarded = await startServer({ contacts: ['sip:127.0.0.1:0;transport=ws;door=seat'] });
  const url = `ws://127.0.0.1:${String(portOf(guarded, 'ws'))}`;
  const [refused] = (await once(new WebSocket(url, 'sip'), 'error')) as [Error];
  expect(refused.message).toContain('401');
  const door = new WebSocket(url, 'sip', { headers: { authorization: `Bearer ${seatDoorProof(SECRET)}` } });
  await once(door, 'open');
  door.close();
  await guarded.close();
});

test('a WebSocket without the subprotocol sip is refused', async () => {
  const socket = new WebSocket(`ws://127.0.0.1:${String(portOf(server, 'ws'))}`);
  const [error] = (await once(socket, 'error')) as [Error];
  expect(error.message).toContain('401');
});
