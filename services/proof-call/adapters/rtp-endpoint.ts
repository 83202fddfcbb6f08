import { createSocket, type Socket } from 'node:dgram';
import { randomInt } from 'node:crypto';
import { alawToLinear, linearToAlaw } from '../../shared/domain/sound/g711.js';
import type { Clock } from '../../shared/domain/time/clock.js';
import { systemClock } from '../../shared/platform/processes/system-clock.js';
import { isIn, type PortRange } from '../../shared/platform/network/media-ports.js';
import { hears, SAMPLE_RATE, tone } from '../../shared/domain/sound/tone.js';

const FRAME_MS = 20;
const FRAME_SAMPLES = (SAMPLE_RATE * FRAME_MS) / 1_000;
/** A tone counts as heard when it fills this much of the newest audio. */
const WINDOW_SAMPLES = SAMPLE_RATE / 10;
const STALE_MS = 200;
const PCMA = 8;
/** The payload type of digits in our offer. */
const TELEPHONE_EVENT = 101;
const KEYS = '0123456789*#';
const SILENT_FRAME = linearToAlaw(new Int16Array(FRAME_SAMPLES));

/** One end of a plain RTP stream in PCMA (RFC 3551): sends a tone or silence, and listens. */
export class RtpEndpoint {
  readonly #socket: Socket;
  readonly #ssrc = randomInt(2 ** 32);
  #to: { readonly address: string; readonly port: number } | undefined;
  #hertz: number | undefined;
  #amplitude: number | undefined;
  #receivedMs = 0;
  /** Audio that was heard and not yet repeated, one frame each; undefined when nothing is to be repeated. */
  #toRepeat: Uint8Array[] | undefined;
  #sequence = randomInt(2 ** 15);
  #samplesSent = 0;
  #nextEventAt = 0;
  #window: Int16Array = new Int16Array(0);
  #stopSending: (() => void) | undefined;
  #startedMs = 0;
  readonly #listeners = new Set<(window: Int16Array) => void>();
  packetsReceived = 0;
  /** Of so many packets of sound the last is not sent, as if the network had lost it. */
  losesOneOf = Infinity;
  /** Called with each packet of sound as it came, for whoever counts frames. */
  onPacket: (packet: Buffer) => void = () => undefined;

  private constructor(
    socket: Socket,
    private readonly clock: Pick<Clock, 'every'>,
  ) {
    this.#socket = socket;
    socket.on('message', (packet) => this.#receive(packet));
    // A peer that is already gone causes an ICMP error. Signalling reports the end of the call.
    socket.on('error', () => undefined);
  }

  /** Binds a port that the system chooses, outside `avoid`: no test party may occupy a media port of the product. */
  static async open(address: string, avoid: readonly PortRange[] = [], clock: Pick<Clock, 'every'> = systemClock): Promise<RtpEndpoint> {
    const passed: Socket[] = [];
    try {
      for (;;) {
        const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
        await new Promise<void>((resolve, reject) => {
          socket.once('error', reject);
          socket.bind(0, address, resolve);
        });
        if (!isIn(avoid, socket.address().port)) return new RtpEndpoint(socket, clock);
        // A rejected port stays bound until a good one is found, so that the system does not return it again.
        passed.push(socket);
      }
    } finally {
      for (const socket of passed) socket.close();
    }
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** Sends from now on, silence until `play` is called. A relay learns our address from the first packet. */
  sendTo(address: string, port: number): void {
    this.#to = { address, port };
    if (this.#stopSending !== undefined) return;
    this.#startedMs = performance.now();
    this.#stopSending = this.clock.every(FRAME_MS, () => this.#sendDue());
  }

  /** `amplitude` 0..1 of full scale. */
  play(hertz: number | undefined, amplitude?: number): void {
    this.#hertz = hertz;
    this.#amplitude = amplitude;
  }

  /** The newest tenth of a second of audio; empty without a packet for two tenths. */
  get newest(): Int16Array {
    return performance.now() - this.#receivedMs > STALE_MS ? new Int16Array(0) : this.#window;
  }

  /** Repeats what is heard from now on, `afterMs` later. */
  repeat(afterMs: number): void {
    this.#toRepeat = Array.from({ length: Math.round(afterMs / FRAME_MS) }, () => SILENT_FRAME);
  }

  /** Presses a digit as RFC 4733 sends it: an event of growing duration, whose end is sent three times (clause 2.5.1.4). */
  press(key: string): void {
    const event = KEYS.indexOf(key);
    if (event < 0 || this.#to === undefined) throw new TypeError(`no key ${key}, or nobody to press it to`);
    // Each event has its own timestamp (clause 2.5.1.2): two with the same timestamp would count as one.
    const startedAt = Math.max(this.#samplesSent, this.#nextEventAt) >>> 0;
    this.#nextEventAt = startedAt + 10 * FRAME_SAMPLES;
    const durations = [FRAME_SAMPLES, 2 * FRAME_SAMPLES, 3 * FRAME_SAMPLES, 4 * FRAME_SAMPLES, 5 * FRAME_SAMPLES];
    const packets = [
      ...durations.map((duration) => ({ duration, end: false })),
      ...[0, 1, 2].map(() => ({ duration: 6 * FRAME_SAMPLES, end: true })),
    ];
    for (const [place, { duration, end }] of packets.entries()) {
      const packet = this.#packet(TELEPHONE_EVENT, startedAt, 4, place === 0);
      packet[12] = event;
      packet[13] = (end ? 0x80 : 0) | 10;
      packet.writeUInt16BE(duration, 14);
      this.#socket.send(packet, this.#to.port, this.#to.address);
    }
  }

  #packet(payloadType: number, timestamp: number, payloadBytes: number, marker = false): Buffer {
    const packet = Buffer.alloc(12 + payloadBytes);
    packet[0] = 0x80;
    packet[1] = payloadType | (marker ? 0x80 : 0);
    packet.writeUInt16BE((this.#sequence += 1) & 0xffff, 2);
    packet.writeUInt32BE(timestamp, 4);
    packet.writeUInt32BE(this.#ssrc, 8);
    return packet;
  }

  /** Milliseconds until `hertz` is heard: at once when it is heard now, and what was heard before a pause does not count. Fails when it is not heard within `timeoutMs`. */
  async untilHears(hertz: number, timeoutMs: number): Promise<number> {
    const since = performance.now();
    if (hears(this.newest, hertz)) return 0;
    return new Promise((resolve, reject) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#listeners.delete(listen);
      };
      const timer = setTimeout(() => {
        done();
        reject(new Error(`the tone of ${hertz} Hz did not arrive within ${timeoutMs} ms (${this.packetsReceived} packets received)`));
      }, timeoutMs);
      const listen = (window: Int16Array): void => {
        if (!hears(window, hertz)) return;
        done();
        resolve(performance.now() - since);
      };
      this.#listeners.add(listen);
    });
  }

  /** Sends nothing until `sendTo` is called again, like a failed network. */
  pause(): void {
    this.#stopSending?.();
    this.#stopSending = undefined;
    this.#samplesSent = 0;
  }

  close(): void {
    this.#stopSending?.();
    this.#socket.close();
  }

  /** As many frames as the clock says: a late timer catches up, so that the tone stays complete. */
  #sendDue(): void {
    const due = Math.floor((performance.now() - this.#startedMs) / FRAME_MS) * FRAME_SAMPLES;
    while (this.#samplesSent < due) {
      const packet = this.#packet(PCMA, this.#samplesSent >>> 0, FRAME_SAMPLES);
      packet.set(this.#frame(), 12);
      const isLost = this.#sequence % this.losesOneOf === 0;
      if (this.#to !== undefined && !isLost) this.#socket.send(packet, this.#to.port, this.#to.address);
      this.#samplesSent += FRAME_SAMPLES;
    }
  }

  #frame(): Uint8Array {
    if (this.#toRepeat !== undefined) return this.#toRepeat.shift() ?? SILENT_FRAME;
    return this.#hertz === undefined ? SILENT_FRAME : linearToAlaw(tone(this.#hertz, FRAME_SAMPLES, this.#samplesSent, this.#amplitude));
  }

  #receive(packet: Buffer): void {
    if (packet.length < 13 || (packet[0] ?? 0) >> 6 !== 2 || ((packet[1] ?? 0) & 0x7f) !== PCMA) return;
    this.packetsReceived += 1;
    this.onPacket(packet);
    this.#receivedMs = performance.now();
    const payload = packet.subarray(12 + ((packet[0] ?? 0) & 0x0f) * 4);
    if (payload.length === FRAME_SAMPLES) this.#toRepeat?.push(payload);
    const heard = alawToLinear(payload);
    const joined = new Int16Array(Math.min(WINDOW_SAMPLES, this.#window.length + heard.length));
    const kept = joined.length - Math.min(joined.length, heard.length);
    joined.set(this.#window.subarray(this.#window.length - kept), 0);
    joined.set(heard.subarray(heard.length - (joined.length - kept)), kept);
    this.#window = joined;
    if (joined.length === WINDOW_SAMPLES) for (const listen of this.#listeners) listen(joined);
  }
}
