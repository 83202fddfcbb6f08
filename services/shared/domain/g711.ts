/** ITU-T G.711 A-law, as octets on the wire and 16-bit linear samples at 8 kHz. */
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

export const alawToLinear = (octets: Uint8Array): Int16Array => Int16Array.from(octets, (octet) => decoded[octet] ?? 0);
export const linearToAlaw = (samples: Int16Array): Uint8Array => Uint8Array.from(samples, encodeSample);
