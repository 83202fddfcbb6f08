import { writeFileSync } from 'node:fs';
import { linearToAlaw } from '../../services/shared/domain/sound/g711.js';
import { tone } from '../../services/shared/domain/sound/tone.js';

// RTP as a carrier sends it, as a capture file that sipp plays.

const FRAME = 160;
const FRAME_MS = 20;
const PCMA = 8;
const COMFORT_NOISE = 13;
const TELEPHONE_EVENT = 101;

export interface RtpPacket {
  readonly payloadType: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly marker?: boolean;
  readonly payload: Uint8Array;
  /** Time since the first packet. */
  readonly atMs: number;
}

const SSRC = 0x11223344;

/** A tone of `forMs` in PCMA. */
export function toneRtp(hertz: number, forMs: number, of: { readonly ssrc?: number; readonly firstFrame?: number } = {}): RtpPacket[] {
  const { ssrc = SSRC, firstFrame = 0 } = of;
  return Array.from({ length: forMs / FRAME_MS }, (_, index) => {
    const frame = firstFrame + index;
    return {
      payloadType: PCMA,
      sequence: 1_000 + frame,
      timestamp: frame * FRAME,
      ssrc,
      marker: index === 0,
      payload: linearToAlaw(tone(hertz, FRAME, frame * FRAME)),
      atMs: frame * FRAME_MS,
    };
  });
}

/** Every second pair of packets is swapped, every twentieth packet is lost and every fiftieth comes twice. */
export function disturbed(packets: readonly RtpPacket[]): RtpPacket[] {
  return packets.flatMap((packet, place) => {
    if (place % 20 === 19) return [];
    const other = place % 4 === 0 ? packets[place + 1] : place % 4 === 1 ? packets[place - 1] : packet;
    const sent = { ...(other ?? packet), atMs: packet.atMs };
    return place % 50 === 49 ? [sent, sent] : [sent];
  });
}

/** Half a second of comfort noise (RFC 3389) in place of every second half second: no packets but one with the noise's level. */
export function withPauses(packets: readonly RtpPacket[]): RtpPacket[] {
  return packets.flatMap((packet, place) => {
    if (Math.floor(place / 25) % 2 === 0) return [place > 0 && place % 25 === 0 ? { ...packet, marker: true } : packet];
    return place % 25 === 0 ? [{ ...packet, payloadType: COMFORT_NOISE, payload: Uint8Array.of(64) }] : [];
  });
}

/** A digit as RFC 4733 sends it, after `afterMs`. */
export function digitRtp(digit: string, afterMs: number): RtpPacket[] {
  const event = '0123456789*#'.indexOf(digit);
  const first = afterMs / FRAME_MS;
  return Array.from({ length: 10 }, (_, place) => {
    const isEnd = place >= 7;
    const duration = Math.min(place + 1, 8) * FRAME;
    return {
      payloadType: TELEPHONE_EVENT,
      sequence: 1_000 + first + place,
      timestamp: first * FRAME,
      ssrc: SSRC,
      marker: place === 0,
      payload: Uint8Array.of(event, (isEnd ? 0x80 : 0) | 10, duration >> 8, duration & 255),
      atMs: (first + place) * FRAME_MS,
    };
  });
}

const LOW = [697, 770, 852, 941];
const HIGH = [1_209, 1_336, 1_477];

/** A digit as two tones at once (ITU-T Q.23), between silences. */
export function toneDigitRtp(digit: string, afterMs: number): RtpPacket[] {
  const place = '123456789*0#'.indexOf(digit);
  const [low = 0, high = 0] = [LOW[Math.floor(place / 3)], HIGH[place % 3]];
  return toneRtp(0, afterMs + 1_000).map((packet, frame) => {
    const isTone = frame * FRAME_MS >= afterMs && frame * FRAME_MS < afterMs + 200;
    const [one, other] = [tone(low, FRAME, frame * FRAME, 0.3), tone(high, FRAME, frame * FRAME, 0.3)];
    return isTone ? { ...packet, payload: linearToAlaw(one.map((sample, at) => sample + (other[at] ?? 0))) } : packet;
  });
}

/** A capture (libpcap, Ethernet) of the packets; sipp takes times and payloads from it. */
export function writeCapture(file: string, packets: readonly RtpPacket[]): void {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65_535, 16);
  header.writeUInt32LE(1, 20);
  writeFileSync(file, Buffer.concat([header, ...packets.map(record)]));
}

function record({ payloadType, sequence, timestamp, ssrc, marker = false, payload, atMs }: RtpPacket): Buffer {
  const [ethernet, ip, udp, rtp] = [Buffer.alloc(14), Buffer.alloc(20), Buffer.alloc(8), Buffer.alloc(12)];
  ethernet.writeUInt16BE(0x0800, 12);
  const length = 28 + 12 + payload.length;
  ip[0] = 0x45;
  ip.writeUInt16BE(length, 2);
  ip[8] = 64;
  ip[9] = 17;
  ip.writeUInt32BE(0x7f000001, 12);
  ip.writeUInt32BE(0x7f000001, 16);
  udp.writeUInt16BE(6_000, 0);
  udp.writeUInt16BE(6_000, 2);
  udp.writeUInt16BE(length - 20, 4);
  rtp[0] = 0x80;
  rtp[1] = payloadType | (marker ? 0x80 : 0);
  rtp.writeUInt16BE(sequence & 0xffff, 2);
  rtp.writeUInt32BE(timestamp >>> 0, 4);
  rtp.writeUInt32BE(ssrc, 8);
  const frame = Buffer.concat([ethernet, ip, udp, rtp, payload]);
  const head = Buffer.alloc(16);
  head.writeUInt32LE(1 + Math.floor(atMs / 1_000), 0);
  head.writeUInt32LE((atMs % 1_000) * 1_000, 4);
  head.writeUInt32LE(frame.length, 8);
  head.writeUInt32LE(frame.length, 12);
  return Buffer.concat([head, frame]);
}
