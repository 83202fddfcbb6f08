import { createSocket, type Socket } from 'node:dgram';
import { randomInt } from 'node:crypto';
import { Decoder, Encoder } from '@evan/opus/wasm/index.mjs';
import { SAMPLE_RATE, tone } from '../../../services/shared/domain/sound/tone.js';
import type { SipLink } from '../../../services/proof-call/adapters/sip-phone.js';

const FRAME_MS = 20;
const FRAME_SAMPLES = (SAMPLE_RATE * FRAME_MS) / 1_000;
/** RFC 7587 section 4.1: the RTP clock of Opus, whatever the sampling rate. */
const FRAME_CLOCK = 960;
const WINDOW_SAMPLES = SAMPLE_RATE / 10;
const STALE_MS = 200;
/** The payload type that a browser offers. */
const OPUS = 111;

/**
 * The sound of a party that speaks Opus as a browser does, for a telephone whose own sound is PCMA: `through` puts this one into its
 * descriptions. Sends a tone or silence, listens, and counts what came in Opus and in anything else.
 */
export class OpusSound implements Disposable {
  readonly #socket: Socket;
  readonly #port: number;
  readonly #ssrc = randomInt(2 ** 32);
  readonly #encoder = new Encoder({ channels: 1, sample_rate: SAMPLE_RATE, application: 'audio' });
  readonly #decoder = new Decoder({ channels: 1, sample_rate: SAMPLE_RATE });
  #to: { readonly address: string; readonly port: number } | undefined;
  #tone: { readonly hertz: number; readonly amplitude: number } | undefined;
  #sequence = randomInt(2 ** 15);
  #frames = 0;
  #startedMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #receivedMs = 0;
  #window: Int16Array = new Int16Array(0);
  received = { opus: 0, other: 0 };

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#port = socket.address().port;
    socket.on('message', (packet) => this.#receive(packet));
    socket.on('error', () => undefined);
  }

  static async open(address: string): Promise<OpusSound> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(0, address, resolve);
    });
    return new OpusSound(socket);
  }

  /** Wraps a telephone's signalling: its offers name only this sound, in Opus, and its own sound goes nowhere. */
  through<Link extends SipLink>(link: Link): Link {
    return {
      ...link,
      send: (text) => link.send(this.#offered(text)),
      onMessage: (handle) =>
        link.onMessage((text) => {
          this.#answered(text);
          handle(text);
        }),
    };
  }

  #offered(text: string): string {
    const described = text
      .replace(/^m=audio \d+ RTP\/AVP 8 101\r$/m, `m=audio ${this.#port} RTP/AVP ${OPUS} 101\r`)
      .replace(/^a=rtpmap:8 PCMA\/8000\r$/m, `a=rtpmap:${OPUS} opus/48000/2\r\na=fmtp:${OPUS} minptime=10;useinbandfec=1\r`);
    if (described === text) return text;
    const [head = '', body = ''] = described.split('\r\n\r\n');
    return `${head.replace(/^Content-Length: \d+$/im, `Content-Length: ${Buffer.byteLength(body)}`)}\r\n\r\n${body}`;
  }

  #answered(text: string): void {
    const address = /^c=IN IP4 (\S+)\r?$/m.exec(text)?.[1];
    const [, port, payload] = /^m=audio (\d+) \S+ (\d+)/m.exec(text) ?? [];
    if (address === undefined || port === undefined) return;
    if (Number(payload) !== OPUS) throw new Error(`the party offered Opus and was answered ${payload ?? 'nothing'}`);
    this.#to = { address, port: Number(port) };
    if (this.#timer !== undefined) return;
    this.#startedMs = performance.now();
    this.#timer = setInterval(() => this.#sendDue(), FRAME_MS);
  }

  /** `amplitude` 0..1 of full scale; undefined: silence. */
  play(hertz: number | undefined, amplitude = 1): void {
    this.#tone = hertz === undefined ? undefined : { hertz, amplitude };
  }
  /** A seat stays up from call to call, and is silent in between. */
  pause(): void {
    this.#tone = undefined;
  }

  /** The newest tenth of a second of sound; empty when no packet has come for two tenths. */
  get newest(): Int16Array {
    return performance.now() - this.#receivedMs > STALE_MS ? new Int16Array(0) : this.#window;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#socket.close();
  }

  #sendDue(): void {
    const due = Math.floor((performance.now() - this.#startedMs) / FRAME_MS);
    for (; this.#frames < due; this.#frames += 1) {
      const samples =
        this.#tone === undefined
          ? new Int16Array(FRAME_SAMPLES)
          : tone(this.#tone.hertz, FRAME_SAMPLES, this.#frames * FRAME_SAMPLES, this.#tone.amplitude);
      const head = Buffer.alloc(12);
      head[0] = 0x80;
      head[1] = OPUS;
      head.writeUInt16BE((this.#sequence += 1) & 0xffff, 2);
      head.writeUInt32BE((this.#frames * FRAME_CLOCK) >>> 0, 4);
      head.writeUInt32BE(this.#ssrc, 8);
      if (this.#to !== undefined) this.#socket.send(Buffer.concat([head, this.#encoder.encode(samples)]), this.#to.port, this.#to.address);
    }
  }

  #receive(packet: Buffer): void {
    if (packet.length < 13 || (packet[0] ?? 0) >> 6 !== 2) return;
    if (((packet[1] ?? 0) & 0x7f) !== OPUS) {
      this.received.other += 1;
      return;
    }
    this.received.opus += 1;
    this.#receivedMs = performance.now();
    // A copy: the decoder gives its own memory.
    const bytes = Uint8Array.from(this.#decoder.decode(packet.subarray(12 + ((packet[0] ?? 0) & 0x0f) * 4)));
    const heard = new Int16Array(bytes.buffer);
    const joined = new Int16Array(Math.min(WINDOW_SAMPLES, this.#window.length + heard.length));
    joined.set([...this.#window, ...heard].slice(-joined.length));
    this.#window = joined;
  }
}
