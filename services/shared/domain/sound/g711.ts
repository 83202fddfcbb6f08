/** ITU-T G.711 A-law: octets on the wire, and 16-bit linear samples at 8 kHz. */
const SEGMENT_ENDS = [0x1f, 0x3f, 0x7f, 0xff, 0x1ff, 0x3ff, 0x7ff, 0xfff];

function encodeSample(linear: number): number {
  let value = linear >> 3;
  let mask = 0xd5;
  if (value < 0) {
    mask = 0x55;
    value = -value - 1;
  }
  const segment = SEGMENT_ENDS.findIndex((end) => value <= end);
  if (segment < 0) return 0x7f ^ mask;
  const low = segment < 2 ? (value >> 1) & 0x0f : (value >> segment) & 0x0f;
  return ((segment << 4) | low) ^ mask;
}

function decodeOctet(octet: number): number {
  const code = octet ^ 0x55;
  const segment = (code & 0x70) >> 4;
  let value = (code & 0x0f) << 4;
  if (segment === 0) value += 8;
  else if (segment === 1) value += 0x108;
  else value = (value + 0x108) << (segment - 1);
  return (code & 0x80) === 0 ? -value : value;
}

const decoded = Int16Array.from({ length: 256 }, (_, octet) => decodeOctet(octet));
const encoded = Uint8Array.from({ length: 65_536 }, (_, index) => encodeSample(index - 32_768));

/** The A-law octet of a zero sample. */
export const ALAW_SILENCE = 0xd5;

export const decodeAlaw = (octet: number): number => decoded[octet] ?? 0;
/** Encodes a sample. A sample outside 16 bits is clipped. */
export const encodeAlaw = (sample: number): number => encoded[Math.max(-32_768, Math.min(32_767, sample)) + 32_768] ?? ALAW_SILENCE;

export const alawToLinear = (octets: Uint8Array): Int16Array => Int16Array.from(octets, decodeAlaw);
export const linearToAlaw = (samples: Int16Array): Uint8Array => Uint8Array.from(samples, encodeAlaw);
