import { createSocket, type Socket } from 'node:dgram';

interface Place {
  readonly address: string;
  readonly port: number;
}

/** The sound of one call: what arrives for one side leaves through the other side's socket. */
interface Media {
  readonly toOut: Socket;
  readonly toIn: Socket;
  out?: Place;
  in?: Place;
}

const MARK = 'loop-';

/**
 * A carrier whose calls come back: what the product sends it goes back to the product as another call with its own sound, as over a second
 * line of the same carrier.
 */
export class CarrierLoop {
  readonly #media = new Map<string, Media>();
  /** Replaces the P-Asserted-Identity that was sent. */
  asserts: string | undefined;
  /** Forwards no sound. */
  isDeaf = false;
  /** Answers OPTIONS, and says nothing at all to an INVITE. */
  isSilent = false;

  private constructor(
    private readonly socket: Socket,
    private readonly host: string,
  ) {
    socket.on('message', (bytes, product) => void this.#take(bytes.toString('utf8'), product));
    socket.on('error', () => undefined);
  }

  static async open(host: string): Promise<CarrierLoop> {
    return new CarrierLoop(await bound(host), host);
  }

  get uri(): string {
    return `sip:${this.host}:${this.socket.address().port}`;
  }

  close(): void {
    for (const { toOut, toIn } of this.#media.values()) for (const each of [toOut, toIn]) each.close();
    this.socket.close();
  }

  /** Nobody but the product speaks to it. */
  async #take(text: string, product: Place): Promise<void> {
    const [head = '', ...rest] = text.split('\r\n\r\n');
    const lines = head.split('\r\n');
    const first = lines[0] ?? '';
    const place = lines.findIndex((line) => /^(?:call-id|i)\s*:/i.test(line));
    const callId = (lines[place] ?? '').replace(/^[^:]*:\s*/, '');
    const comesBack = callId.startsWith(MARK);
    const own = comesBack ? callId.slice(MARK.length) : callId;
    if (first.startsWith('OPTIONS ')) {
      this.#answerOptions(lines, product);
      return;
    }
    if (this.isSilent && !comesBack && !first.startsWith('SIP/2.0')) return;
    lines[place] = `Call-ID: ${comesBack ? own : MARK + own}`;
    const body = await this.#described(own, comesBack, rest.join('\r\n\r\n'));
    if (first.startsWith('SIP/2.0')) remove(lines, 'via');
    else this.#forward(lines, first, product);
    const kept = lines.filter((line) => !/^(?:content-length|l)\s*:/i.test(line));
    this.socket.send([...kept, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n'), product.port, product.address);
  }

  #forward(lines: string[], first: string, { address, port }: Place): void {
    const [method = '', uri = ''] = first.split(' ');
    const branch = /^via\s*:.*?branch=([^;,\s]+)/im.exec(lines.join('\n'))?.[1] ?? '';
    remove(lines, 'route');
    const isInitial = method === 'INVITE' && !/^to\s*:.*;tag=/im.test(lines.join('\n'));
    // A request within the dialog has the product's own contact in it already.
    const ours = this.uri.slice('sip:'.length);
    lines[0] = `${method} ${uri.replace(ours, `${address}:${port}`)} SIP/2.0`;
    const added = [`Via: SIP/2.0/UDP ${ours};branch=${branch}-loop`, ...(isInitial ? [`Record-Route: <${this.uri};lr>`] : [])];
    lines.splice(1, 0, ...added);
    if (this.asserts === undefined) return;
    const asserted = lines.findIndex((line) => /^p-asserted-identity\s*:/i.test(line));
    if (asserted > 0) lines[asserted] = `P-Asserted-Identity: <sip:${this.asserts}@carrier.test>`;
  }

  #answerOptions(lines: readonly string[], { address, port }: Place): void {
    const kept = lines.filter((line) => /^(?:via|from|to|call-id|cseq)\s*:/i.test(line));
    this.socket.send(['SIP/2.0 200 OK', ...kept, 'Content-Length: 0', '', ''].join('\r\n'), port, address);
  }

  /** The description of one side as the other reads it: sound goes through here. */
  async #described(own: string, fromIn: boolean, body: string): Promise<string> {
    const port = Number(/^m=audio (\d+)/m.exec(body)?.[1] ?? 0);
    const address = /^c=IN IP4 (\S+)/m.exec(body)?.[1];
    if (port === 0 || address === undefined) return body;
    const media = this.#media.get(own) ?? (await this.#open(own));
    if (fromIn) media.in = { address, port };
    else media.out = { address, port };
    const here = (fromIn ? media.toOut : media.toIn).address().port;
    return body
      .replace(/^a=rtcp:.*\r?\n/gm, '')
      .replace(/^(m=audio )\d+/m, `$1${here}`)
      .replaceAll(/^((?:c|o)=.*IN IP4 )\S+/gm, `$1${this.host}`);
  }

  async #open(own: string): Promise<Media> {
    const media: Media = { toOut: await bound(this.host), toIn: await bound(this.host) };
    this.#media.set(own, media);
    const carry = (from: Socket, by: Socket, to: () => Place | undefined): void => {
      from.on('message', (packet) => {
        const place = to();
        if (place !== undefined && !this.isDeaf) by.send(packet, place.port, place.address);
      });
      from.on('error', () => undefined);
    };
    carry(media.toOut, media.toIn, () => media.in);
    carry(media.toIn, media.toOut, () => media.out);
    return media;
  }
}

function remove(lines: string[], name: string): void {
  const place = lines.findIndex((line) => line.toLowerCase().startsWith(`${name}:`));
  if (place < 0) return;
  const [, ...further] = (lines[place] ?? '').slice(name.length + 1).split(',');
  if (further.length > 0) lines[place] = `${name}: ${further.join(',').trim()}`;
  else lines.splice(place, 1);
}

async function bound(host: string): Promise<Socket> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(0, host, resolve);
  });
  return socket;
}
