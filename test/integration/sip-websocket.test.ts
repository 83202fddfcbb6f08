import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import type { SipServer } from '../../infra/embedded/sip/index.js';
import { parseMessage } from '../../infra/embedded/sip/message/parse.js';
import type { SipMessage, SipRequest } from '../../infra/embedded/sip/message/message.js';
import { SDP, connectApp, portOf, startServer, type App, type AppRequest } from './sip-support.js';

let server: SipServer;
let app: App;
/** Contacts the server itself reported gone. */
let reportedGone: string[];

beforeEach(async () => {
  server = await startServer({ contacts: ['sip:127.0.0.1:0;transport=udp,tcp', 'sip:127.0.0.1:0;transport=ws'], webSocketGraceMs: 100 });
  app = await connectApp(server);
  reportedGone = [];
  app.register((request, response) => {
    if (request.source === 'network') response.send(200, { headers: { Contact: `${request.get('Contact')};expires=60` } });
    else if (request.get('Expires') === '0') reportedGone.push(request.get('Contact'));
  });
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

  async register(): Promise<void> {
    this.send([
      'REGISTER sip:127.0.0.1 SIP/2.0',
      `Via: SIP/2.0/WS abc.invalid;branch=z9hG4bK${String(Math.random())}`,
      'Max-Forwards: 70',
      'From: <sip:seat@127.0.0.1>;tag=r',
      'To: <sip:seat@127.0.0.1>',
      `Call-ID: register${String(Math.random())}`,
      'CSeq: 1 REGISTER',
      'Contact: <sip:seat7@abc.invalid;transport=ws>',
    ]);
    const response = await this.next();
    expect(response).toMatchObject({ kind: 'response', status: 200 });
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

async function callTheBrowser(browser: Browser): Promise<Awaited<ReturnType<App['createUAC']>>> {
  const call = app.createUAC('sip:seat7@abc.invalid;transport=ws', { localSdp: SDP });
  const invite = (await browser.next()) as SipRequest;
  expect(invite.headers.get('contact')).toContain('transport=ws');
  browser.answer(invite, 200, SDP);
  const dialog = await call;
  expect(await browser.next()).toMatchObject({ kind: 'request', method: 'ACK', uri: 'sip:seat7@abc.invalid;transport=ws' });
  return dialog;
}

test('a registered browser is called and hung up over its own WebSocket', async () => {
  const browser = await Browser.open();
  await browser.register();
  const dialog = await callTheBrowser(browser);
  const destroyed = dialog.destroy();
  const bye = (await browser.next()) as SipRequest;
  expect(bye.method).toBe('BYE');
  browser.answer(bye, 200);
  await destroyed;
  browser.socket.close();
});

test('the application is told at once when a registered browser dies, and its dialog ends', async () => {
  const browser = await Browser.open();
  await browser.register();
  const dialog = await callTheBrowser(browser);
  const ended = once(dialog, 'destroy') as Promise<[AppRequest, string]>;
  browser.socket.terminate();
  const [, reason] = await ended;
  expect(reason).toBe('WebSocket closed');
  expect(reportedGone).toEqual(['<sip:seat7@abc.invalid;transport=ws>;expires=0']);
});

test('a browser that registers again in time keeps its dialog, which goes on over the new WebSocket', async () => {
  const browser = await Browser.open();
  await browser.register();
  const dialog = await callTheBrowser(browser);
  browser.socket.terminate();
  const again = await Browser.open();
  await again.register();
  const destroyed = dialog.destroy();
  const bye = (await again.next()) as SipRequest;
  expect(bye.method).toBe('BYE');
  again.answer(bye, 200);
  await destroyed;
  again.socket.close();
});

test('a WebSocket without the subprotocol sip is refused', async () => {
  const socket = new WebSocket(`ws://127.0.0.1:${String(portOf(server, 'ws'))}`);
  const [error] = (await once(socket, 'error')) as [Error];
  expect(error.message).toContain('401');
});
