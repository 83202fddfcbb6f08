import { headerBytes, payloadOf, tagOf, type SessionKeys } from '../../../services/shared/platform/network/srtp.js';

/** Encrypts RTP packets of one stream in the order in which they are sent (RFC 3711 section 3.3). */
export function createSrtpSender(keys: SessionKeys): (packet: Buffer) => Buffer {
  let rollover = 0;
  let before: number | undefined;
  return (packet) => {
    const [header, sequence] = [headerBytes(packet) ?? packet.length, packet.readUInt16BE(2)];
    if (before !== undefined && sequence < before) rollover += 1;
    before = sequence;
    const sealed = Buffer.concat([
      packet.subarray(0, header),
      payloadOf(keys, packet.readUInt32BE(8), rollover, sequence, packet.subarray(header)),
    ]);
    return Buffer.concat([sealed, tagOf(keys, rollover, sealed)]);
  };
}
