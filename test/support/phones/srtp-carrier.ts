import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { createSrtpReceiver, sessionKeys } from '../../../services/shared/platform/network/srtp.js';
import type { RtpEndpoint } from '../../../services/proof-call/adapters/rtp-endpoint.js';
import { createSrtpSender } from './srtp-sender.js';

const SUITE = 'AES_CM_128_HMAC_SHA1_80';
const PCMA = 8;

/** A line of keys (RFC 4568). */
export interface KeyLine {
  readonly tag: number;
  readonly key: string;
}

/** The lines of a description with the suite that every implementation has. */
export const keyLines = (sdp: string): KeyLine[] =>
  [...sdp.matchAll(new RegExp(`^a=crypto:(\\d+) ${SUITE} inline:([A-Za-z0-9+/]{40})\\r?$`, 'gm'))].map(([, tag, key = '']) => ({
    tag: Number(tag),
    key,
  }));

/**
 * Encrypts what an endpoint sends and decrypts what comes for it, and looks at every packet on the way as a stranger on the wire would. The
 * far side knows `port` alone.
 */
export class SrtpCarrier {
  readonly key = randomBytes(30).toString('base64');
  #to: { readonly address: string; readonly port: number } | undefined;
  #open: ((packet: Buffer) => Buffer | undefined) | undefined;
  #seal: (packet: Buffer) => Buffer;
  /** Packets from the far side as they came, newest last; at most 500. */
  readonly wire: Buffer[] = [];
  opened = 0;
  refused = 0;

  private constructor(
    private readonly outside: Socket,
    private readonly inside: Socket,
    private readonly endpoint: RtpEndpoint,
    private readonly host: string,
  ) {
    this.#seal = createSrtpSender(sessionKeys(SUITE, Buffer.from(this.key, 'base64')));
    for (const socket of [outside, inside]) socket.on('error', () => undefined);
    inside.on('message', (packet) => {
      if (this.#to !== undefined) outside.send(this.#seal(packet), this.#to.port, this.#to.address);
    });
    outside.on('message', (packet) => this.#receive(packet));
    endpoint.sendTo(host, inside.address().port);
  }

  static async before(endpoint: RtpEndpoint, host: string): Promise<SrtpCarrier> {
    const [outside, inside] = [createSocket('udp4'), createSocket('udp4')];
    for (const socket of [outside, inside]) {
      socket.bind(0, host);
      await once(socket, 'listening');
    }
    return new SrtpCarrier(outside, inside, endpoint, host);
  }

  get port(): number {
    return this.outside.address().port;
  }

  /** The far side: where it is, and the key by which it sends. */
  talkTo(place: { readonly address: string; readonly port: number }, theirKey: string): void {
    this.#to = place;
    this.#open = createSrtpReceiver(sessionKeys(SUITE, Buffer.from(theirKey, 'base64')));
  }

  /** The payloads of sound packets as they are on the wire, one after another. */
  soundOnTheWire(): Buffer {
    return Buffer.concat(
      this.wire.filter((packet) => packet.length > 12 && (packet.readUInt8(1) & 0x7f) === PCMA).map((packet) => packet.subarray(12, 172)),
    );
  }

  #receive(packet: Buffer): void {
    this.wire.push(packet);
    if (this.wire.length > 500) this.wire.shift();
    const opened = this.#open?.(packet);
    if (opened === undefined) this.refused += 1;
    else {
      this.opened += 1;
      this.inside.send(opened, this.endpoint.port, this.host);
    }
  }

  close(): void {
    this.outside.close();
    this.inside.close();
  }
}
