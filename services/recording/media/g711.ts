/** Payload types of RFC 3551 section 6 that carry telephone speech at 8 kHz. */
export const PCMU = 0;
export const PCMA = 8;

/** A-law of a sample of zero. */
export const ALAW_SILENCE = 0xd5;

/** ITU-T G.711 A-law to 16-bit linear. */
export const alawToLinear: Int16Array = Int16Array.from({ length: 256 }, (_, code) => {
  const bits = code ^ 0x55;
  const exponent = (bits >> 4) & 7;
  const mantissa = (bits & 0x0f) << 4;
  const magnitude = exponent === 0 ? mantissa + 8 : (mantissa + 0x108) << (exponent - 1);
  return (bits & 0x80) === 0 ? -magnitude : magnitude;
});

/** ITU-T G.711 mu-law to 16-bit linear. */
export const ulawToLinear: Int16Array = Int16Array.from({ length: 256 }, (_, code) => {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + 0x84) << ((bits >> 4) & 7)) - 0x84;
  return (bits & 0x80) === 0 ? magnitude : -magnitude;
});

/** 16-bit linear to A-law. */
export function linearToAlaw(sample: number): number {
  const positive = sample >= 0;
  const magnitude = Math.min(positive ? sample : -sample - 1, 32_767) >> 3;
  let exponent = 0;
  for (let rest = magnitude >> 5; rest > 0; rest >>= 1) exponent += 1;
  const code = exponent === 0 ? magnitude >> 1 : (exponent << 4) | ((magnitude >> exponent) & 0x0f);
  return (code | (positive ? 0x80 : 0)) ^ 0x55;
}

const ulawToAlaw: Uint8Array = Uint8Array.from(ulawToLinear, linearToAlaw);

/** Speech of a payload type as A-law, or `undefined` when it is of a codec that is not G.711. */
export function toAlaw(payloadType: number, payload: Uint8Array): Uint8Array | undefined {
  if (payloadType === PCMA) return payload;
  if (payloadType === PCMU) return payload.map((code) => ulawToAlaw[code] ?? ALAW_SILENCE);
  return undefined;
}
