import { once, type EventEmitter } from 'node:events';
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import Srf from 'drachtio-srf';
import { startSipServer, type SipServer, type SipServerOptions } from '../../../infra/embedded/sip/index.js';
import { parseMessage } from '../../../infra/embedded/sip/message/parse.js';
import type { SipMessage, SipRequest, SipResponse } from '../../../infra/embedded/sip/message/message.js';

/** The part of drachtio-srf these tests use; its own declarations lag behind its code. */
export interface AppRequest extends EventEmitter {
  readonly method: string;
  readonly uri: string;
  readonly body: string;
  readonly protocol: string;
  readonly source: 'network' | 'application';
  readonly source_address: string;
  readonly source_port: number;
  readonly stackDialogId: string;
  readonly receivedOn: string | undefined;
  get(name: string): string;
  has(name: string): boolean;
  cancel(callback?: (error: unknown) => void): void;
  proxy(options: object): Promise<{ connected: boolean; finalStatus: number; responses: { msgs: { status: number }[] }[] }>;
}

export interface AppResponse extends EventEmitter {
  readonly status: number;
  readonly reason: string;
  readonly body: string;
  get(name: string): string;
  has(name: string): boolean;
  send(
    status: number,
    options?: object,
    callback?: (error: unknown, sent: AppResponse) => void,
    onAck?: (request: AppRequest) => void,
  ): void;
}

export interface AppDialog extends EventEmitter {
  readonly id: string;
  readonly sip: { callId: string; localTag: string; remoteTag: string };
  readonly local: { uri: string; sdp: string };
  readonly remote: { uri: string; sdp: string };
  readonly connected: boolean;
  destroy(options?: object): Promise<AppRequest>;
  modify(sdp: string): Promise<string>;
  request(options: object): Promise<AppResponse>;
}

export interface App extends EventEmitter {
  readonly idle: boolean;
  connect(options: object): void;
  disconnect(): void;
  use(handler: (request: AppRequest, response: AppResponse, next: () => void) => void): void;
  invite(handler: (request: AppRequest, response: AppResponse) => void): void;
  register(handler: (request: AppRequest, response: AppResponse) => void): void;
  options(handler: (request: AppRequest, response: AppResponse) => void): void;
  message(handler: (request: AppRequest, response: AppResponse) => void): void;
  bye(handler: (request: AppRequest, response: AppResponse) => void): void;
  info(handler: (request: AppRequest, response: AppResponse) => void): void;
  prack(handler: (request: AppRequest, response: AppResponse) => void): void;
  request(uri: string, options: object, callback: (error: Error | null, request: AppRequest) => void): void;
  createUAS(request: AppRequest, response: AppResponse, options: object): Promise<AppDialog>;
  createUAC(uri: string, options: object, callbacks?: object): Promise<AppDialog>;
  createB2BUA(request: AppRequest, response: AppResponse, uri: string, options: object): Promise<{ uas: AppDialog; uac: AppDialog }>;
}

export const SECRET = 'correct horse';
/** SIP runs ten times faster in tests: 64*T1 is 3.2 s. */
export const QUICK = { t1Ms: 50, t2Ms: 400, t4Ms: 500 };

export const SDP = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  'c=IN IP4 127.0.0.1',
  't=0 0',
  'm=audio 40000 RTP/AVP 8',
  'a=rtpmap:8 PCMA/8000',
  'a=sendrecv',
  '',
].join('\r\n');

/** A server on free ports of the loopback. */
export function startServer(options: Partial<SipServerOptions> = {}): Promise<SipServer> {
  return startSipServer({
    admin: { host: '127.0.0.1', port: 0 },
    secret: SECRET,
    contacts: ['sip:127.0.0.1:0;transport=udp,tcp'],
    timing: QUICK,
    // Tests send requests faster than any stranger may.
    limits: { trusted: ['127.0.0.1', '::1'] },
    ...options,
  });
}

export function portOf(server: SipServer, protocol: string): number {
  const listener = server.listeners.find((entry) => entry.protocol === protocol);
  if (!listener) throw new Error(`the server does not listen on ${protocol}`);
  return listener.port;
}

/** An application connected to the server. */
export async function connectApp(server: SipServer, options: { tags?: string[]; secret?: string } = {}): Promise<App> {
  const app = new (Srf as unknown as new () => App)();
  app.on('error', () => undefined);
  const connected = once(app, 'connect') as Promise<[Error | null, string]>;
  const { host, port } = server.admin;
  app.connect({ host, port, secret: options.secret ?? SECRET, tags: options.tags ?? [] });
  const [error] = await connected;
  if (error) throw error;
  return app;
}

/** A UDP endpoint that speaks SIP by hand. */
export class RawPeer {
  readonly received: SipMessage[] = [];
  private readonly waiting: { matches: (message: SipMessage) => boolean; resolve: (message: SipMessage) => void }[] = [];

  private constructor(
    private readonly socket: UdpSocket,
    private readonly serverPort: number,
    private readonly host: string,
  ) {
    socket.on('message', (data) => {
      const parsed = parseMessage(data);
      if (parsed.kind !== 'message') return;
      const at = this.waiting.findIndex(({ matches }) => matches(parsed.message));
      if (at >= 0) this.waiting.splice(at, 1)[0]?.resolve(parsed.message);
      else this.received.push(parsed.message);
    });
  }

  static async open(serverPort: number, host = '127.0.0.1'): Promise<RawPeer> {
    const socket = createSocket('udp4');
    socket.bind(0, host);
    await once(socket, 'listening');
    return new RawPeer(socket, serverPort, host);
  }

  get port(): number {
    return this.socket.address().port;
  }

  sendText(text: string): void {
    this.socket.send(text.replace(/\r?\n/g, '\r\n'), this.serverPort, '127.0.0.1');
  }

  /** The next message that matches, including those already received. */
  async next(matches: (message: SipMessage) => boolean): Promise<SipMessage> {
    const at = this.received.findIndex(matches);
    const [early] = at >= 0 ? this.received.splice(at, 1) : [];
    return early ?? new Promise((resolve) => this.waiting.push({ matches, resolve }));
  }

  async response(status: number, method?: string): Promise<SipResponse> {
    const fits = (message: SipMessage): boolean =>
      message.kind === 'response' &&
      message.status === status &&
      (method === undefined || (message.headers.get('cseq') ?? '').endsWith(method));
    return (await this.next(fits)) as SipResponse;
  }

  async request(method: string): Promise<SipRequest> {
    return (await this.next((message) => message.kind === 'request' && message.method === method)) as SipRequest;
  }

  /** A request with the usual headers; `extra` lines and the body come as given. */
  requestText(
    method: string,
    options: {
      callId: string;
      seq?: number;
      to?: string;
      branch?: string;
      fromTag?: string;
      uri?: string;
      extra?: string[];
      body?: string;
    },
  ): string {
    const { callId, seq = 1, to, branch = `z9hG4bK${callId}${method}${String(seq)}`, fromTag = 'raw', extra = [], body = '' } = options;
    return [
      `${method} ${options.uri ?? `sip:service@127.0.0.1:${String(this.serverPort)}`} SIP/2.0`,
      `Via: SIP/2.0/UDP ${this.host}:${String(this.port)};branch=${branch}`,
      'Max-Forwards: 70',
      `From: <sip:raw@127.0.0.1>;tag=${fromTag}`,
      `To: ${to ?? '<sip:service@127.0.0.1>'}`,
      `Call-ID: ${callId}`,
      `CSeq: ${String(seq)} ${method}`,
      `Contact: <sip:raw@${this.host}:${String(this.port)}>`,
      ...extra,
      `Content-Length: ${String(Buffer.byteLength(body))}`,
      '',
      body,
    ].join('\r\n');
  }

  /** Answers a request it received. */
  answer(request: SipRequest, status: number, options: { toTag?: string; extra?: string[]; body?: string } = {}): void {
    const to = request.headers.get('to') ?? '';
    const body = options.body ?? '';
    this.sendText(
      [
        `SIP/2.0 ${String(status)} Whatever`,
        ...request.headers.all('via').map((via) => `Via: ${via}`),
        `From: ${request.headers.get('from') ?? ''}`,
        `To: ${to.includes('tag=') || status === 100 ? to : `${to};tag=${options.toTag ?? 'rawuas'}`}`,
        `Call-ID: ${request.headers.get('call-id') ?? ''}`,
        `CSeq: ${request.headers.get('cseq') ?? ''}`,
        `Contact: <sip:raw@${this.host}:${String(this.port)}>`,
        ...(options.extra ?? []),
        `Content-Length: ${String(Buffer.byteLength(body))}`,
        '',
        body,
      ].join('\r\n'),
    );
  }

  close(): void {
    this.socket.close();
  }
}
