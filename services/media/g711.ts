/** G.711 A-law (ITU-T G.711), table-driven. */

function expand(code: number): number {
  const inverted = code ^ 0x55;
  const exponent = (inverted >> 4) & 0x07;
  const mantissa = inverted & 0x0f;
  const magnitude = exponent === 0 ? (mantissa << 4) + 8 : ((mantissa << 4) + 0x108) << (exponent - 1);
  return (inverted & 0x80) === 0 ? -magnitude : magnitude;
}

function compress(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0;
  let magnitude = Math.min(sample >= 0 ? sample : -sample - 1, 32_635);
  let exponent = 0;
  if (magnitude >= 256) {
    exponent = 1;
    while (magnitude > 511) {
      magnitude >>= 1;
      exponent += 1;
    }
  }
  const mantissa = (magnitude >> 4) & 0x0f;
  return (sign | (exponent << 4) | mantissa) ^ 0x55;
}

const DECODED = Int16Array.from({ length: 256 }, (_, code) => expand(code));
const ENCODED = Uint8Array.from({ length: 65_536 }, (_, index) => compress(index - 32_768));

export const decodeALaw = (code: number): number => DECODED[code] ?? 0;
/** `sample` outside 16 bits is clipped. */
export const encodeALaw = (sample: number): number => ENCODED[Math.max(-32_768, Math.min(32_767, sample)) + 32_768] ?? 0xd5;
export const A_LAW_SILENCE = 0xd5;
