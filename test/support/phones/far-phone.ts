import { createSocket, type Socket } from 'node:dgram';
import { randomBytes } from 'node:crypto';
import { RtpEndpoint } from '../../../services/proof-call/adapters/rtp-endpoint.js';
import { header, mediaOf, parseSip, sdpOffer, type SipText } from '../../../services/proof-call/adapters/sip-text.js';

/**
 * How a telephone outside takes a call: answers, rings for ever, sends sound without answering (183), says nothing, says 100 and rings after `ringsAfterMs`, or
 * refuses with a status. */
export type Behaviour = 'answer' | 'ring' | 'early' | 'silent' | 'trying' | number;

/** One call that has come to the far phone. */
export interface FarCall {
  readonly invite: SipText;
  readonly number: string;
  readonly sound: RtpEndpoint;
  /** Requests within the dialog, in their order: ACK, INVITE, BYE ... */
  readonly requests: readonly string[];
  /** Resolves when the other side ends or cancels it. */
  readonly ended: Promise<void>;
  hangUp(): void;
}

/** Telephones outside, all at one address, as a carrier's gateway has them: takes INVITEs over UDP and talks PCMA. */
export class FarPhone {
  readonly #calls = new Map<
    string,
    FarCall & { requests: string[]; toTag: string; described: string; end: () => void; peer: { address: string; port: number } }
  >();
  #waiting: ((call: FarCall) => void)[] = [];
  behaviour: Behaviour = 'answer';
  /** The answer to a re-INVITE. */
  toReinvite = 200;
  ringsAfterMs = 6_000;
  /** It leaves OPTIONS unanswered, as some carriers do. */
  ignoresOptions = false;
  /** It receives everything and answers nothing, like a dead gateway. */
  isDead = false;
  /** Every INVITE's called number, in order. */
  readonly called: string[] = [];

  private constructor(
    private readonly socket: Socket,
    private readonly host: string,
  ) {
    socket.on('message', (bytes, from) => {
      const message = parseSip(bytes.toString('utf8'));
      if (message !== undefined && !message.startLine.startsWith('SIP/')) void this.#request(message, from);
    });
    socket.on('error', () => undefined);
  }

  static async open(host: string): Promise<FarPhone> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(0, host, resolve);
    });
    return new FarPhone(socket, host);
  }

  get uri(): string {
    return `sip:${this.host}:${this.socket.address().port}`;
  }

  /** The next call that comes. */
  next(): Promise<FarCall> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  close(): void {
    for (const { sound } of this.#calls.values()) sound.close();
    this.socket.close();
  }

  async #request(message: SipText, from: { readonly address: string; readonly port: number }): Promise<void> {
    const method = message.startLine.split(' ')[0] ?? '';
    if (this.isDead) return;
    const id = header(message, 'call-id');
    const known = this.#calls.get(id);
    known?.requests.push(method);
    switch (method) {
      case 'INVITE':
        if (known === undefined) await this.#invited(id, message, from);
        else if (this.behaviour !== 'silent')
          this.#reply(message, this.toReinvite, from, this.toReinvite === 200 ? { body: known.described } : {});
        return;
      case 'CANCEL':
        this.#reply(message, 200, from);
        if (known !== undefined) this.#reply(known.invite, 487, from, { toTag: known.toTag });
        known?.end();
        return;
      case 'BYE':
        this.#reply(message, 200, from);
        known?.end();
        return;
      case 'ACK':
        return;
      case 'OPTIONS':
        if (!this.ignoresOptions) this.#reply(message, 200, from);
        return;
      default:
        this.#reply(message, 200, from);
    }
  }

  async #invited(id: string, invite: SipText, peer: { address: string; port: number }): Promise<void> {
    const number = /^INVITE sip:([^@;]+)@/.exec(invite.startLine)?.[1] ?? '';
    const { behaviour } = this;
    const toTag = randomBytes(6).toString('hex');
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const soundOpening = RtpEndpoint.open(this.host);
    this.called.push(number);
    const sound = await soundOpening;
    const call = {
      invite,
      number,
      sound,
      requests: ['INVITE'],
      ended,
      toTag,
      described: '',
      end,
      peer,
      hangUp: () => {
        this.#bye(invite, toTag, peer);
        end();
      },
    };
    this.#calls.set(id, call);
    if (behaviour === 'silent') return;
    if (behaviour === 'trying') {
      this.#reply(invite, 100, peer);
      await new Promise((resolve) => setTimeout(resolve, this.ringsAfterMs));
    }
    if (typeof behaviour === 'number') this.#reply(invite, behaviour, peer, { toTag });
    else if (behaviour === 'early') {
      const media = mediaOf(invite.body);
      if (media !== undefined) sound.sendTo(media.address, media.port);
      this.#reply(invite, 183, peer, { toTag, body: sdpOffer(this.host, sound.port) });
    } else {
      this.#reply(invite, 180, peer, { toTag });
      if (behaviour === 'answer' || behaviour === 'trying') this.answer(call);
    }
    this.#waiting.shift()?.(call);
  }

  /** Refuses a call that rings, as a network does after its announcement. */
  refuse(call: FarCall, status: number): void {
    const found = this.#calls.get(header(call.invite, 'call-id'));
    if (found !== undefined) this.#reply(call.invite, status, found.peer, { toTag: found.toTag });
  }

  /** Answers a ringing call; `forked`: with a dialog and sound of its own, as when a network's announcement came from elsewhere first. */
  answer(call: FarCall, forked?: RtpEndpoint): void {
    const found = this.#calls.get(header(call.invite, 'call-id'));
    if (found === undefined) return;
    if (forked !== undefined) found.toTag = randomBytes(6).toString('hex');
    const sound = forked ?? call.sound;
    const media = mediaOf(call.invite.body);
    if (media !== undefined) sound.sendTo(media.address, media.port);
    found.described = sdpOffer(this.host, sound.port);
    this.#reply(call.invite, 200, found.peer, { toTag: found.toTag, body: found.described });
  }

  /** Answers a ringing call with the test's own description; the test handles its sound. */
  answerWith(call: FarCall, body: string): void {
    const found = this.#calls.get(header(call.invite, 'call-id'));
    if (found !== undefined) this.#reply(call.invite, 200, found.peer, { toTag: found.toTag, body });
  }

  #reply(
    request: SipText,
    status: number,
    to: { readonly address: string; readonly port: number },
    { toTag, body = '' }: { readonly toTag?: string; readonly body?: string } = {},
  ): void {
    const lines = [`SIP/2.0 ${status} ${status < 300 ? 'OK' : 'No'}`];
    for (const name of ['via', 'record-route', 'from', 'to', 'call-id', 'cseq'])
      for (const value of request.headers.get(name) ?? [])
        lines.push(`${name}: ${value}${name === 'to' && toTag !== undefined && !value.includes(';tag=') ? `;tag=${toTag}` : ''}`);
    lines.push(`Contact: <${this.uri}>`);
    if (body !== '') lines.push('Content-Type: application/sdp');
    this.socket.send([...lines, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n'), to.port, to.address);
  }

  #bye(invite: SipText, toTag: string, to: { readonly address: string; readonly port: number }): void {
    const target = /<([^>]+)>/.exec(header(invite, 'contact'))?.[1] ?? '';
    const { port } = this.socket.address();
    const lines = [
      `BYE ${target} SIP/2.0`,
      `Via: SIP/2.0/UDP ${this.host}:${port};branch=z9hG4bK${randomBytes(8).toString('hex')};rport`,
      'Max-Forwards: 70',
      `From: ${header(invite, 'to')};tag=${toTag}`,
      `To: ${header(invite, 'from')}`,
      `Call-ID: ${header(invite, 'call-id')}`,
      'CSeq: 1 BYE',
      ...(invite.headers.get('record-route') ?? []).map((route) => `Route: ${route}`),
      'Content-Length: 0',
      '',
      '',
    ];
    this.socket.send(lines.join('\r\n'), to.port, to.address);
  }
}
