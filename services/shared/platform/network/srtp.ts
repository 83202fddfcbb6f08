import { createCipheriv, createHmac, timingSafeEqual } from 'node:crypto';

/** SRTP (RFC 3711, RFC 6188) with counter mode and an HMAC-SHA1 tag of 80 bits, keyed by descriptions (SDES, RFC 4568). */
export const srtpSuites = {
  AES_CM_128_HMAC_SHA1_80: { keyBytes: 16 },
  AES_256_CM_HMAC_SHA1_80: { keyBytes: 32 },
} as const;
export type SrtpSuite = keyof typeof srtpSuites;

export const SALT_BYTES = 14;
const TAG_BYTES = 10;
const AUTH_KEY_BYTES = 20;
const BLOCK_BYTES = 16;
const FIXED_HEADER_BYTES = 12;
/** Packets that are older than the newest by more than this are dropped as replays (RFC 3711 section 3.3.2 asks for at least 64). */
const REPLAY_WINDOW = 128;
/** A stream changes its SSRC now and then; a sender that invents thousands of them holds no key of ours. */
const MOST_STREAMS = 64;

export interface SessionKeys {
  readonly encryption: Buffer;
  readonly authentication: Buffer;
  readonly salt: Buffer;
}

/** The session keys of a master key and salt, with a key derivation rate of zero (RFC 3711 section 4.3). */
export function sessionKeys(suite: SrtpSuite, masterKeyAndSalt: Uint8Array): SessionKeys {
  const { keyBytes } = srtpSuites[suite];
  if (masterKeyAndSalt.length !== keyBytes + SALT_BYTES) throw new TypeError(`a key of ${suite} has ${keyBytes + SALT_BYTES} bytes`);
  const masterKey = masterKeyAndSalt.subarray(0, keyBytes);
  const derive = (label: number, bytes: number): Buffer => {
    const start = Buffer.alloc(BLOCK_BYTES);
    start.set(masterKeyAndSalt.subarray(keyBytes));
    start.writeUInt8(start.readUInt8(7) ^ label, 7);
    return counterMode(masterKey, start, Buffer.alloc(bytes));
  };
  return { encryption: derive(0, keyBytes), authentication: derive(1, AUTH_KEY_BYTES), salt: derive(2, SALT_BYTES) };
}

/** AES in counter mode from a start block (RFC 3711 section 4.1.1); its own inverse. */
export function counterMode(key: Uint8Array, start: Uint8Array, data: Uint8Array): Buffer {
  const cipher = createCipheriv(key.length === 32 ? 'aes-256-ctr' : 'aes-128-ctr', key, start);
  return Buffer.concat([cipher.update(data), cipher.final()]);
}

/** Encrypts or decrypts the payload of one packet by its SSRC and index. */
export function payloadOf(
  { encryption, salt }: SessionKeys,
  ssrc: number,
  rollover: number,
  sequence: number,
  payload: Uint8Array,
): Buffer {
  const start = Buffer.alloc(BLOCK_BYTES);
  start.set(salt);
  start.writeUInt32BE((start.readUInt32BE(4) ^ ssrc) >>> 0, 4);
  start.writeUInt32BE((start.readUInt32BE(8) ^ rollover) >>> 0, 8);
  start.writeUInt16BE(start.readUInt16BE(12) ^ sequence, 12);
  return counterMode(encryption, start, payload);
}

/** The tag of a packet without its tag (RFC 3711 section 4.2). */
export function tagOf({ authentication }: SessionKeys, rollover: number, packet: Uint8Array): Buffer {
  const counter = Buffer.alloc(4);
  counter.writeUInt32BE(rollover);
  return createHmac('sha1', authentication).update(packet).update(counter).digest().subarray(0, TAG_BYTES);
}

/** The length of an RTP header with its contributing sources and extension; undefined when the packet is not RTP. */
export function headerBytes(packet: Buffer): number | undefined {
  if (packet.length < FIXED_HEADER_BYTES || packet.readUInt8(0) >> 6 !== 2) return undefined;
  const first = packet.readUInt8(0);
  const sources = FIXED_HEADER_BYTES + (first & 0x0f) * 4;
  if ((first & 0x10) === 0) return sources <= packet.length ? sources : undefined;
  if (packet.length < sources + 4) return undefined;
  const extended = sources + 4 + packet.readUInt16BE(sources + 2) * 4;
  return extended <= packet.length ? extended : undefined;
}

interface Stream {
  /** Rollover counter and sequence number of the newest packet. */
  rollover: number;
  newest: number;
  /** Indexes of packets that have arrived, within the window. */
  seen: Set<number>;
}

/**
 * Opens the packets of one key: resolves each to the RTP packet that was sent, or to undefined when its tag is wrong, when it already came,
 * or when it is too old. A wrong tag changes nothing.
 */
export function createSrtpReceiver(keys: SessionKeys): (packet: Buffer) => Buffer | undefined {
  const streams = new Map<number, Stream>();

  /**
   * The rollovers that the sequence number may belong to (RFC 3711 section 3.3.1). If the first packets of a stream did not arrive, its
   * number may already have started again.
   */
  function rolloversOf(stream: Stream | undefined, sequence: number): readonly number[] {
    if (stream === undefined) return sequence < 0x8000 ? [0, 1] : [0];
    const ahead = sequence - stream.newest;
    if (ahead > 0x8000) return stream.rollover === 0 ? [] : [stream.rollover - 1];
    return [ahead < -0x8000 ? stream.rollover + 1 : stream.rollover];
  }

  /** Whether the packet already came, or is too old to tell. */
  function isReplay({ rollover, newest, seen }: Stream, index: number): boolean {
    return index <= rollover * 0x1_0000 + newest - REPLAY_WINDOW || seen.has(index);
  }

  function remember(ssrc: number, stream: Stream | undefined, rollover: number, sequence: number): void {
    const index = rollover * 0x1_0000 + sequence;
    const known = stream ?? { rollover, newest: sequence, seen: new Set<number>() };
    const newest = known.rollover * 0x1_0000 + known.newest;
    known.seen.add(index);
    if (index > newest) {
      known.rollover = rollover;
      known.newest = sequence;
      if (known.seen.size > 2 * REPLAY_WINDOW) for (const each of known.seen) if (each <= index - REPLAY_WINDOW) known.seen.delete(each);
    }
    if (stream !== undefined) return;
    const [oldest] = streams.keys();
    if (streams.size >= MOST_STREAMS && oldest !== undefined) streams.delete(oldest);
    streams.set(ssrc, known);
  }

  return (packet) => {
    const header = headerBytes(packet);
    const end = packet.length - TAG_BYTES;
    if (header === undefined || end < header) return undefined;
    const [ssrc, sequence] = [packet.readUInt32BE(8), packet.readUInt16BE(2)];
    const stream = streams.get(ssrc);
    const rollover = rolloversOf(stream, sequence).find(
      (each) =>
        !(stream !== undefined && isReplay(stream, each * 0x1_0000 + sequence)) &&
        timingSafeEqual(tagOf(keys, each, packet.subarray(0, end)), packet.subarray(end)),
    );
    if (rollover === undefined) return undefined;
    remember(ssrc, stream, rollover, sequence);
    return Buffer.concat([packet.subarray(0, header), payloadOf(keys, ssrc, rollover, sequence, packet.subarray(header, end))]);
  };
}
