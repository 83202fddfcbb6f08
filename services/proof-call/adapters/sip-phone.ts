import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import type { PortRange } from '../../shared/platform/network/media-ports.js';
import { RtpEndpoint } from './rtp-endpoint.js';
import { digest, header, mediaOf, parseSip, sdpOffer, statusOf, type SipText } from './sip-text.js';

/** RFC 3261 section 17.1.1.1: an estimate of the round trip, doubled at each repetition. */
const T1_MS = 500;
const OK = '200 OK';
const NO_DIALOG = '481 Call/Transaction Does Not Exist';
const OUT_OF_ORDER = '500 Server Internal Error';
const NOT_IMPLEMENTED = '501 Not Implemented';
const ANSWER_WITHIN_MS = 32_000;

/** How a telephone sends and receives SIP. */
export interface SipLink {
  /** Transport and sent-by of its Via, such as `UDP 192.0.2.1:5060`. */
  readonly via: string;
  /** Host, port and parameters of its Contact. */
  readonly contact: string;
  send(text: string): void;
  onMessage(handle: (text: string) => void): void;
  close(): void;
}

export interface PhoneOptions {
  /** Where the SIP server listens on UDP, or a ready-made link to it. */
  readonly server: { readonly address: string; readonly port: number } | SipLink;
  /** Local address for signalling and media. */
  readonly local: string;
  /** Ports that the telephone must not use for media. */
  readonly avoidPorts?: readonly PortRange[];
  readonly from: string;
  readonly credential?: { readonly username: string; readonly password: string };
}

/**
 * A SIP telephone for one call over UDP with PCMA media: the independent side of a proof call. It supports INVITE with digest, ACK, BYE
 * both ways, CANCEL and a re-INVITE from the far side, and shares nothing with the product.
 */
export class SipPhone {
  readonly #callId = `${randomBytes(12).toString('hex')}@proof`;
  readonly #tag = randomBytes(6).toString('hex');
  #cseq = 1;
  #branch = '';
  #target: string;
  #route: readonly string[] = [];
  #remoteTo = '';
  /** The CSeq of the far side's last request: a lower one is out of order. */
  #remoteCseq = 0;
  /** The SDP that we sent last. */
  #described = '';
  #state: 'new' | 'calling' | 'talking' | 'ended' = 'new';
  #invite = '';
  /** The ACK for the refusal of the INVITE that carried no credential. */
  #ack = '';
  readonly #within = new Map<number, (answer: { status: number; body: string }) => void>();
  #repeat: NodeJS.Timeout | undefined;
  #answered: { resolve: (status: number) => void; reject: (error: Error) => void } | undefined;
  readonly #ended: Promise<'here' | 'there'>;
  #end: (by: 'here' | 'there') => void = () => undefined;
  /** Every status received, in order. */
  readonly statuses: number[] = [];
  /** Methods of the requests received, in order: a call that is moved properly brings only a BYE. */
  readonly requests: string[] = [];

  private constructor(
    private readonly link: SipLink,
    readonly sound: RtpEndpoint,
    private readonly options: PhoneOptions,
    private readonly uri: string,
  ) {
    this.#target = uri;
    this.#ended = new Promise((resolve) => (this.#end = resolve));
    link.onMessage((text) => this.#receive(text));
  }

  static async open(options: PhoneOptions, uri: string): Promise<SipPhone> {
    const { server, local, avoidPorts } = options;
    const link = 'via' in server ? server : await udpLink(server, local);
    return new SipPhone(link, await RtpEndpoint.open(local, avoidPorts), options, uri);
  }

  /** Calls; resolves with the final status (200: media flows). Fails when no final response comes within 32 s. */
  async call(): Promise<number> {
    this.#state = 'calling';
    this.#sendInvite();
    return new Promise<number>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('no final answer to the INVITE within 32 s')), ANSWER_WITHIN_MS);
      this.#answered = {
        resolve: (status) => {
          clearTimeout(timer);
          resolve(status);
        },
        reject,
      };
    });
  }

  /** Resolves when the call ends, with the side that ended it. */
  get ended(): Promise<'here' | 'there'> {
    return this.#ended;
  }

  /** Sends a request within the dialog, a re-INVITE or UPDATE with a new SDP: resolves with the final status and its body. */
  async request(method: 'INVITE' | 'UPDATE', body: string): Promise<{ readonly status: number; readonly body: string }> {
    this.#cseq += 1;
    if (body !== '') this.#described = body;
    const answered = new Promise<{ status: number; body: string }>((resolve) => this.#within.set(this.#cseq, resolve));
    this.#send(this.#request(method, this.#target, this.#cseq, newBranch(), body));
    return answered;
  }

  hangUp(): void {
    if (this.#state === 'calling') this.#send(this.#request('CANCEL', this.uri, this.#cseq, this.#branch, ''));
    if (this.#state !== 'talking') return;
    this.#state = 'ended';
    this.#cseq += 1;
    this.#send(this.#request('BYE', this.#target, this.#cseq, newBranch(), ''));
    this.#end('here');
  }

  close(): void {
    this.hangUp();
    clearTimeout(this.#repeat);
    this.sound.close();
    // The BYE goes out in this turn of the event loop; the socket closes after it.
    setImmediate(() => this.link.close());
  }

  #sendInvite(extra: readonly string[] = []): void {
    this.#branch = newBranch();
    this.#described = sdpOffer(this.options.local, this.sound.port);
    this.#invite = this.#request('INVITE', this.uri, this.#cseq, this.#branch, this.#described, extra);
    this.#send(this.#invite);
    const repeat = (afterMs: number): void => {
      this.#repeat = setTimeout(() => {
        this.#send(this.#invite);
        repeat(afterMs * 2);
      }, afterMs);
    };
    clearTimeout(this.#repeat);
    repeat(T1_MS);
  }

  #receive(text: string): void {
    const message = parseSip(text);
    if (message === undefined) return;
    const status = statusOf(message);
    if (status === undefined) this.#answerRequest(message);
    else if (this.#within.has(Number.parseInt(header(message, 'cseq'), 10))) this.#answeredWithin(message, status);
    else if (header(message, 'cseq').endsWith('INVITE')) this.#inviteAnswered(message, status);
  }

  #answeredWithin(message: SipText, status: number): void {
    if (status < 200) return;
    const cseq = Number.parseInt(header(message, 'cseq'), 10);
    if (header(message, 'cseq').endsWith('INVITE')) this.#send(this.#request('ACK', this.#target, cseq, newBranch(), ''));
    this.#within.get(cseq)?.({ status, body: message.body });
  }

  #inviteAnswered(message: SipText, status: number): void {
    if (status >= 300 && Number.parseInt(header(message, 'cseq'), 10) < this.#cseq) {
      // The refusal of an earlier INVITE was sent again, because its ACK came late (RFC 3261 section 17.1.1.2).
      this.#send(this.#ack);
      return;
    }
    clearTimeout(this.#repeat);
    this.statuses.push(status);
    if (status < 200) return;
    this.#remoteTo = header(message, 'to');
    if (status >= 300) {
      this.#ack = this.#request('ACK', this.uri, this.#cseq, this.#branch, '');
      this.#send(this.#ack);
      this.#refused(message, status);
      return;
    }
    this.#target = /<([^>]+)>/.exec(header(message, 'contact'))?.[1] ?? this.uri;
    this.#route = [...(message.headers.get('record-route') ?? [])].reverse();
    this.#send(this.#request('ACK', this.#target, this.#cseq, newBranch(), ''));
    if (this.#state !== 'calling') return;
    const media = mediaOf(message.body);
    if (media !== undefined) this.sound.sendTo(media.address, media.port);
    this.#state = 'talking';
    this.#answered?.resolve(status);
  }

  #refused(message: SipText, status: number): void {
    const challenge = header(message, status === 401 ? 'www-authenticate' : 'proxy-authenticate');
    if (this.options.credential !== undefined && (status === 401 || status === 407) && this.#cseq === 1) {
      const { username, password } = this.options.credential;
      const name = status === 401 ? 'Authorization' : 'Proxy-Authorization';
      this.#cseq += 1;
      this.#remoteTo = '';
      this.#sendInvite([`${name}: ${digest(challenge, 'INVITE', this.uri, username, password)}`]);
      return;
    }
    this.#state = 'ended';
    this.#answered?.resolve(status);
    this.#end('there');
  }

  #answerRequest(message: SipText): void {
    const method = message.startLine.split(' ')[0] ?? '';
    this.requests.push(method);
    if (method === 'ACK') return;
    const known = method === 'BYE' || method === 'OPTIONS' || method === 'INFO' || method === 'INVITE';
    const cseq = Number.parseInt(header(message, 'cseq'), 10);
    // After the call has ended, or with another tag, there is no dialog (RFC 3261 section 12.2.2).
    const isOver =
      this.#state === 'ended' || tagOf(header(message, 'to')) !== this.#tag || tagOf(header(message, 'from')) !== this.#remoteTag;
    const status = isOver ? NO_DIALOG : cseq < this.#remoteCseq ? OUT_OF_ORDER : known ? OK : NOT_IMPLEMENTED;
    const lines = [`SIP/2.0 ${status}`];
    for (const name of ['via', 'from', 'to', 'call-id', 'cseq'])
      for (const value of message.headers.get(name) ?? []) lines.push(`${name}: ${value}`);
    const body = status === OK && method === 'INVITE' ? this.#describedAgain(message) : '';
    if (body !== '') lines.push(`Contact: <sip:proof@${this.link.contact}>`, 'Content-Type: application/sdp');
    this.#send([...lines, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n'));
    if (status !== OK) return;
    this.#remoteCseq = cseq;
    if (method === 'BYE' && this.#state === 'talking') {
      this.#state = 'ended';
      this.#end('there');
    }
  }

  /** A re-INVITE moves the dialog to its Contact and our media to the address in its SDP; our own SDP stays as it was. */
  #describedAgain(message: SipText): string {
    this.#target = /<([^>]+)>/.exec(header(message, 'contact'))?.[1] ?? this.#target;
    const media = mediaOf(message.body);
    if (media !== undefined) this.sound.sendTo(media.address, media.port);
    return this.#described;
  }

  get #remoteTag(): string | undefined {
    return tagOf(this.#remoteTo);
  }

  #request(method: string, uri: string, cseq: number, branch: string, body: string, extra: readonly string[] = []): string {
    const to = this.#remoteTo === '' ? `<${this.uri}>` : this.#remoteTo;
    return [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/${this.link.via};branch=${branch};rport`,
      'Max-Forwards: 70',
      `From: <${this.options.from}>;tag=${this.#tag}`,
      `To: ${to}`,
      `Call-ID: ${this.#callId}`,
      `CSeq: ${cseq} ${method}`,
      `Contact: <sip:proof@${this.link.contact}>`,
      ...this.#route.map((route) => `Route: ${route}`),
      ...extra,
      ...(body === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n');
  }

  #send(text: string): void {
    this.link.send(text);
  }
}

export async function udpLink(server: { readonly address: string; readonly port: number }, local: string): Promise<SipLink> {
  const socket: Socket = createSocket(local.includes(':') ? 'udp6' : 'udp4');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(0, local, resolve);
  });
  socket.on('error', () => undefined);
  const sentBy = `${local.includes(':') ? `[${local}]` : local}:${socket.address().port}`;
  return {
    via: `UDP ${sentBy}`,
    contact: sentBy,
    send: (text) => socket.send(text, server.port, server.address),
    onMessage: (handle) => socket.on('message', (bytes) => handle(bytes.toString('utf8'))),
    close: () => socket.close(),
  };
}

const tagOf = (header: string): string | undefined => /;\s*tag=([^;\s]+)/i.exec(header)?.[1];
const newBranch = (): string => `z9hG4bK${randomBytes(8).toString('hex')}`;
