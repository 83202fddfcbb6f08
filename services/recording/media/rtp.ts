/** The fixed header of an RTP packet and where its payload lies (RFC 3550 section 5.1). */
export interface RtpHeader {
  readonly payloadType: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly payloadStart: number;
  readonly payloadEnd: number;
}

const FIXED_BYTES = 12;

/** `undefined` for a packet that is not RTP version 2, is RTCP (payload types 64-95 after the marker bit, RFC 5761), or is cut short. */
export function parseRtp(packet: Uint8Array): RtpHeader | undefined {
  const first = packet[0];
  const second = packet[1];
  if (first === undefined || second === undefined || packet.length < FIXED_BYTES || first >> 6 !== 2) return undefined;
  const payloadType = second & 0x7f;
  if (payloadType >= 64 && payloadType <= 95) return undefined;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  let payloadStart = FIXED_BYTES + (first & 0x0f) * 4;
  if ((first & 0x10) !== 0) {
    if (packet.length < payloadStart + 4) return undefined;
    payloadStart += 4 + view.getUint16(payloadStart + 2) * 4;
  }
  const padding = (first & 0x20) === 0 ? 0 : view.getUint8(packet.length - 1);
  const payloadEnd = packet.length - padding;
  if (payloadEnd < payloadStart) return undefined;
  return {
    payloadType,
    sequence: view.getUint16(2),
    timestamp: view.getUint32(4),
    ssrc: view.getUint32(8),
    payloadStart,
    payloadEnd,
  };
}

/** Signed distance from `from` to `to` on a counter that wraps at 2^32. */
export const distance32 = (from: number, to: number): number => (to - from) | 0;

/** Signed distance on a counter that wraps at 2^16. */
export const distance16 = (from: number, to: number): number => ((to - from) << 16) >> 16;
