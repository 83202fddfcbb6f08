import type { Facts } from '../../shared/domain/licence/probe-row.js';

/** Seconds from 1900, where NTP counts from, to 1970 (RFC 5905 §6). */
const NTP_EPOCH_S = 2_208_988_800;
const NTP_BYTES = 48;
const SERVER_MODE = 4;
const UNSYNCHRONISED = 3;
const FRACTION = 2 ** 32;

/** Another clock, as seen from this machine. */
export interface ClockSight {
  /** How far the other clock is ahead of this one, in milliseconds. */
  readonly offsetMs: number;
  /** The round-trip time: the offset is known to half of it. */
  readonly roundTripMs: number;
}

/** A reading of another clock, which showed `theirsMs` between two moments of this one. */
export function sightOf(sentAtMs: number, theirsMs: number, receivedAtMs: number): ClockSight {
  return { offsetMs: theirsMs - (sentAtMs + receivedAtMs) / 2, roundTripMs: Math.max(0, receivedAtMs - sentAtMs) };
}

/** A client's request to a time server (RFC 5905 §7.3): version 4, mode 3, and our own time, which comes back. */
export function ntpQuestion(sentAtMs: number): Buffer {
  const packet = Buffer.alloc(NTP_BYTES);
  packet[0] = (4 << 3) | 3;
  writeTime(packet, 40, sentAtMs);
  return packet;
}

/** COMPLEX @throws Error for a packet that does not answer the request of that moment, or comes from a server without the time */
export function readNtpAnswer(packet: Buffer, sentAtMs: number, receivedAtMs: number): ClockSight & { readonly stratum: number } {
  const [flags = 0, stratum = 0] = packet;
  if (packet.length < NTP_BYTES || (flags & 7) !== SERVER_MODE) throw new Error('Not an answer of a time server');
  if (!packet.subarray(24, 32).equals(ntpQuestion(sentAtMs).subarray(40, 48))) throw new Error('An answer to another request');
  if (flags >> 6 === UNSYNCHRONISED || stratum === 0 || stratum > 15) throw new Error('The time server has no time');
  const came = readTime(packet, 32);
  const went = readTime(packet, 40);
  return {
    offsetMs: (came - sentAtMs + (went - receivedAtMs)) / 2,
    roundTripMs: Math.max(0, receivedAtMs - sentAtMs - (went - came)),
    stratum,
  };
}

function writeTime(packet: Buffer, at: number, ms: number): void {
  const seconds = Math.floor(ms / 1_000);
  packet.writeUInt32BE((seconds + NTP_EPOCH_S) % FRACTION, at);
  packet.writeUInt32BE(Math.floor(((ms - seconds * 1_000) / 1_000) * FRACTION), at + 4);
}

function readTime(packet: Buffer, at: number): number {
  return (packet.readUInt32BE(at) - NTP_EPOCH_S) * 1_000 + (packet.readUInt32BE(at + 4) / FRACTION) * 1_000;
}

/**
 * The output of `chronyc -c tracking`: how far the machine's clock is from true time, and whether it is controlled (chronyc(1), fields 3, 5
 * and 14).
 */
export function readChronyTracking(text: string): Facts | undefined {
  const [, , stratum, , offsetS, , , , , , , , , leap] = text.trim().split(',');
  if (stratum === undefined || offsetS === undefined || leap === undefined || !Number.isFinite(Number(offsetS))) return undefined;
  return {
    name: 'chrony',
    stratum: Number(stratum),
    offsetMs: Number(offsetS) * 1_000,
    roundTripMs: 0,
    synchronised: leap !== 'Not synchronised',
  };
}
