import { ALAW_SILENCE, encodeAlaw } from '../../shared/domain/sound/g711.js';

/** Payload types of RFC 3551 section 6 that carry telephone speech at 8 kHz. */
export const PCMU = 0;
export const PCMA = 8;

/** ITU-T G.711 mu-law to 16-bit linear. */
const ulawToLinear: Int16Array = Int16Array.from({ length: 256 }, (_, code) => {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + 0x84) << ((bits >> 4) & 7)) - 0x84;
  return (bits & 0x80) === 0 ? magnitude : -magnitude;
});

const ulawToAlaw: Uint8Array = Uint8Array.from(ulawToLinear, (sample) => encodeAlaw(sample));

/** G.711 speech as A-law, or `undefined` when the payload type is another codec. */
export function toAlaw(payloadType: number, payload: Uint8Array): Uint8Array | undefined {
  if (payloadType === PCMA) return payload;
  if (payloadType === PCMU) return payload.map((code) => ulawToAlaw[code] ?? ALAW_SILENCE);
  return undefined;
}
