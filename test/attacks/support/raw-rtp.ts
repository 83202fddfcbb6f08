import { randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { linearToAlaw } from '../../../services/shared/domain/sound/g711.js';
import { tone } from '../../../services/shared/domain/sound/tone.js';

const FRAME_SAMPLES = 160;
const PCMA = 8;
const TELEPHONE_EVENT = 101;
/** Datagrams in one turn of the event loop: a burst beyond the socket's buffer would be lost here and prove nothing. */
const IN_ONE_TURN = 40;
/** The tone of a stranger's injected sound. */
export const STRANGER_HZ = 1_000;

/** Somebody with a UDP socket who was not invited: sends RTP wherever they like, and counts what comes back. */
export class RawRtp implements Disposable {
  readonly #ssrc = randomInt(2 ** 32);
  #sequence = randomInt(2 ** 15);
  #samples = 0;
  /** Datagrams that came, of whatever kind. */
  received = 0;

  private constructor(private readonly socket: Socket) {
    socket.on('message', () => (this.received += 1));
    // A closed port answers by ICMP.
    socket.on('error', () => undefined);
  }

  static async open(local: string): Promise<RawRtp> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, local, resolve));
    return new RawRtp(socket);
  }

  get port(): number {
    return this.socket.address().port;
  }

  /** One frame of a tone to each of these places, in turn. Resolves when the last has left. */
  async sweep(places: readonly Place[]): Promise<void> {
    const frame = linearToAlaw(tone(STRANGER_HZ, FRAME_SAMPLES, this.#samples));
    this.#samples += FRAME_SAMPLES;
    await this.#spread(places, () => this.#packet(PCMA, frame));
  }

  /** A digit as in RFC 4733, with its end sent three times. */
  async press(event: number, places: readonly Place[]): Promise<void> {
    for (const end of [false, false, true, true, true]) {
      const payload = Buffer.from([event, (end ? 0x80 : 0) | 10, 0x03, 0x20]);
      await this.#spread(places, () => this.#packet(TELEPHONE_EVENT, payload));
    }
  }

  /** Sends the bytes unchanged. */
  async throwAt(places: readonly Place[], bytes: Uint8Array): Promise<void> {
    await this.#spread(places, () => bytes);
  }

  [Symbol.dispose](): void {
    this.socket.close();
  }

  async #spread(places: readonly Place[], packet: () => Uint8Array): Promise<void> {
    for (let i = 0; i < places.length; i += IN_ONE_TURN)
      await Promise.all(
        places
          .slice(i, i + IN_ONE_TURN)
          .map(({ address, port }) => new Promise<void>((resolve) => this.socket.send(packet(), port, address, () => resolve()))),
      );
  }

  #packet(payloadType: number, payload: Uint8Array): Buffer {
    const packet = Buffer.alloc(12 + payload.length);
    packet[0] = 0x80;
    packet[1] = payloadType;
    packet.writeUInt16BE((this.#sequence += 1) & 0xffff, 2);
    packet.writeUInt32BE(this.#samples >>> 0, 4);
    packet.writeUInt32BE(this.#ssrc, 8);
    packet.set(payload, 12);
    return packet;
  }
}

export interface Place {
  readonly address: string;
  readonly port: number;
}

/** Every port of a range at one address. */
export const placesOf = (address: string, from: number, to: number): Place[] =>
  Array.from({ length: to - from + 1 }, (_each, i) => ({ address, port: from + i }));

/** The UDP sockets of this machine in a port range: where a careful attacker looks first. */
export function openUdp(from: number, to: number): Place[] {
  return readFileSync('/proc/net/udp', 'utf8')
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [address = '', port = ''] = (line.trim().split(/\s+/)[1] ?? '').split(':');
      const number = Number.parseInt(port, 16);
      if (!(number >= from && number <= to)) return [];
      // The kernel prints an IPv4 address as one number in the machine's byte order.
      const bytes = Buffer.from(address, 'hex').reverse();
      const dotted = bytes.join('.');
      return [{ address: dotted === '0.0.0.0' ? '127.0.0.1' : dotted, port: number }];
    });
}
