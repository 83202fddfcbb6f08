import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { WebSocket } from 'ws';

/** A SIP message as it came, with no judgement on it. */
export interface RawMessage {
  readonly text: string;
  /** Set for a response, undefined for a request. */
  readonly status: number | undefined;
  readonly method: string | undefined;
  header(name: string): string;
  readonly body: string;
}

interface Wire {
  readonly via: 'UDP' | 'TCP' | 'WS';
  readonly address: string;
  readonly port: number;
  send(text: string): void;
  close(): void;
}

export interface Target {
  readonly address: string;
  readonly port: number;
}

export interface RequestParts {
  readonly method: string;
  readonly uri: string;
  readonly callId?: string;
  readonly cseq?: number;
  readonly from?: string;
  readonly to?: string;
  readonly contact?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

const ANSWER_WITHIN_MS = 4_000;

export const nonce = (): string => randomBytes(8).toString('hex');

/** Somebody who writes SIP by hand, over any transport and from any address of this machine, and keeps all that comes back. */
export class RawSip implements Disposable {
  readonly received: RawMessage[] = [];
  readonly #waiting = new Set<() => void>();
  #isCut = false;
  #wire: Wire | undefined;

  private constructor() {}

  static async udp(local: string, target: Target): Promise<RawSip> {
    const raw = new RawSip();
    const socket = createSocket('udp4');
    socket.on('message', (bytes) => raw.#take(bytes.toString('latin1')));
    // An unreachable port is an answer too: nothing comes.
    socket.on('error', () => undefined);
    await new Promise<void>((resolve) => socket.bind(0, local, resolve));
    raw.#wire = {
      via: 'UDP',
      address: local,
      port: socket.address().port,
      send: (text) => socket.send(Buffer.from(text, 'utf8'), target.port, target.address),
      close: () => socket.close(),
    };
    return raw;
  }

  static async tcp(local: string, target: Target): Promise<RawSip> {
    const raw = new RawSip();
    const socket = connect({ host: target.address, port: target.port, localAddress: local });
    socket.on('error', () => undefined);
    let pending = '';
    socket.on('data', (bytes) => {
      pending += bytes.toString('latin1');
      for (let end = endOfMessage(pending); end > 0; end = endOfMessage(pending)) {
        raw.#take(pending.slice(0, end));
        pending = pending.slice(end);
      }
    });
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    raw.#wire = {
      via: 'TCP',
      address: local,
      port: socket.localPort ?? 0,
      send: (text) => socket.write(text),
      close: () => socket.destroy(),
    };
    return raw;
  }

  /** The status of the refused upgrade, or the open connection. */
  static async webSocket(
    url: string,
    { local, headers = {} }: { readonly local: string; readonly headers?: Readonly<Record<string, string>> },
  ): Promise<{ readonly refused: number } | { readonly refused: undefined; readonly sip: RawSip; readonly closed: Promise<void> }> {
    const raw = new RawSip();
    const socket = new WebSocket(url, 'sip', { rejectUnauthorized: false, localAddress: local, headers });
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    const refused = await new Promise<number | undefined>((resolve) => {
      socket.once('open', () => resolve(undefined));
      socket.once('unexpected-response', (request, response) => {
        resolve(response.statusCode ?? 0);
        request.destroy();
      });
      socket.once('error', () => resolve(0));
    });
    if (refused !== undefined) return { refused };
    socket.on('error', () => undefined);
    socket.on('message', (bytes: Buffer) => raw.#take(bytes.toString('latin1')));
    socket.once('close', () => raw.#cut());
    raw.#wire = {
      via: 'WS',
      address: `${nonce()}.invalid`,
      port: 5060,
      send: (text) => socket.readyState === WebSocket.OPEN && socket.send(text),
      close: () => socket.terminate(),
    };
    return { refused: undefined, sip: raw, closed };
  }

  get host(): string {
    // A WebSocket client cannot know its port (RFC 7118 section 5).
    return this.wire.via === 'WS' ? this.wire.address : `${this.wire.address}:${this.wire.port}`;
  }

  private get wire(): Wire {
    if (this.#wire === undefined) throw new Error('not open');
    return this.#wire;
  }

  /** Sends the text unchanged. */
  write(text: string): void {
    this.wire.send(text);
  }

  /** The text of a request; every field is the attacker's to choose. */
  compose({ method, uri, callId = nonce(), cseq = 1, from, to, contact, headers = [], body = '' }: RequestParts): string {
    return [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/${this.wire.via} ${this.host};branch=z9hG4bK${nonce()};rport`,
      'Max-Forwards: 70',
      `From: ${from ?? `<sip:stranger@${this.wire.address}>;tag=${nonce()}`}`,
      `To: ${to ?? `<${uri}>`}`,
      `Call-ID: ${callId}`,
      `CSeq: ${cseq} ${method}`,
      `Contact: ${contact ?? `<sip:stranger@${this.host}>`}`,
      ...headers,
      ...(body === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n');
  }

  /**
   * Sends a request; resolves with its first final response, or undefined when none comes in time. Responses to an INVITE are acknowledged.
   */
  async ask(parts: RequestParts, withinMs = ANSWER_WITHIN_MS): Promise<RawMessage | undefined> {
    const callId = parts.callId ?? nonce();
    const text = this.compose({ ...parts, callId });
    this.write(text);
    const cseq = `${parts.cseq ?? 1} ${parts.method}`;
    const answer = await this.next(
      (message) =>
        message.status !== undefined && message.status >= 200 && message.header('call-id') === callId && message.header('cseq') === cseq,
      withinMs,
    );
    if (parts.method === 'INVITE' && answer !== undefined) this.#acknowledge(parts, text, callId, answer);
    return answer;
  }

  #acknowledge(parts: RequestParts, sent: string, callId: string, answer: RawMessage): void {
    const accepted = (answer.status ?? 0) < 300;
    const target = /<([^>]+)>/.exec(answer.header('contact'))?.[1] ?? parts.uri;
    const branch = /branch=(z9hG4bK\w+)/.exec(sent)?.[1] ?? '';
    const text = this.compose({
      method: 'ACK',
      uri: accepted ? target : parts.uri,
      callId,
      cseq: parts.cseq ?? 1,
      from: answer.header('from'),
      to: answer.header('to'),
    });
    // The ACK for a refusal belongs to the transaction of the INVITE (RFC 3261 section 17.1.1.3).
    this.write(accepted ? text : text.replace(/branch=z9hG4bK\w+/, `branch=${branch}`));
  }

  /**
   * The first message that `fits`, including those already received; undefined when none comes in time or the other side cuts the
   * connection.
   */
  async next(fits: (message: RawMessage) => boolean, withinMs = ANSWER_WITHIN_MS): Promise<RawMessage | undefined> {
    return new Promise((resolve) => {
      const done = (message: RawMessage | undefined): void => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(message);
      };
      const look = (): void => {
        const found = this.received.find(fits);
        if (found !== undefined || this.#isCut) done(found);
      };
      const timer = setTimeout(() => done(undefined), withinMs);
      this.#waiting.add(look);
      look();
    });
  }

  /** The methods of the requests received. */
  get requests(): readonly string[] {
    return this.received.flatMap(({ method }) => method ?? []);
  }

  [Symbol.dispose](): void {
    this.wire.close();
  }

  #cut(): void {
    this.#isCut = true;
    for (const look of [...this.#waiting]) look();
  }

  #take(text: string): void {
    this.received.push(readMessage(text));
    for (const look of [...this.#waiting]) look();
  }
}

/** Where the first message of a stream ends; 0 while it is incomplete. */
function endOfMessage(text: string): number {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return 0;
  const length = Number(/^(?:content-length|l)\s*:\s*(\d+)/im.exec(text.slice(0, head))?.[1] ?? 0);
  return text.length >= head + 4 + length ? head + 4 + length : 0;
}

function readMessage(text: string): RawMessage {
  const head = text.split('\r\n\r\n', 1)[0] ?? '';
  const [startLine = ''] = head.split('\r\n', 1);
  const status = /^SIP\/2\.0 (\d{3})/.exec(startLine)?.[1];
  return {
    text,
    status: status === undefined ? undefined : Number(status),
    method: status === undefined ? startLine.split(' ', 1)[0] : undefined,
    header: (name) => {
      const lines = head.split('\r\n').slice(1);
      const line = lines.find((each) => each.slice(0, each.indexOf(':')).trim().toLowerCase() === name);
      return line?.slice(line.indexOf(':') + 1).trim() ?? '';
    },
    body: text.slice(head.length + 4),
  };
}

/** A session description with one PCMA line, followed by `lines` unchanged. */
export const describedAt = (address: string, port: number, lines: readonly string[] = []): string =>
  [
    'v=0',
    `o=- 1 1 IN IP4 ${address}`,
    's=-',
    `c=IN IP4 ${address}`,
    't=0 0',
    `m=audio ${port} RTP/AVP 8 101`,
    'a=rtpmap:8 PCMA/8000',
    'a=rtpmap:101 telephone-event/8000',
    ...lines,
    '',
  ].join('\r\n');
