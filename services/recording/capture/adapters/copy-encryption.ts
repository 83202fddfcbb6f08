import { randomBytes } from 'node:crypto';
import type { Config } from '../../../shared/platform/settings/config.js';
import { createSrtpReceiver, SALT_BYTES, sessionKeys, srtpSuites, type SrtpSuite } from '../../../shared/platform/network/srtp.js';

/**
 * A suite with 256 bits, which parties never have (services/media/sdp). For a suite that a party uses, the relay would offer that party's
 * own key, and one key stream would cover two different streams.
 */
const SUITE: SrtpSuite = 'AES_256_CM_HMAC_SHA1_80';
const KEY_BYTES = srtpSuites[SUITE].keyBytes + SALT_BYTES;
const OFFERED = new RegExp(`^a=crypto:(\\d{1,9}) ${SUITE} inline:([A-Za-z0-9+/]{62}(?:==)?)(?:[|\\s]|$)`, 'm');

/** `auto` encrypts the copies of a relay on another machine. */
export type CopyEncryption = Config['RECORDER_SRTP'];

export interface EncryptedCopy {
  /** The line that accepts the relay's key. It contains a key of ours that is never used, because we send nothing. */
  readonly answerLine: string;
  /** A packet as it was before the relay encrypted it; undefined when its tag is wrong or it is a replay. */
  readonly open: (packet: Uint8Array) => Uint8Array | undefined;
}

/** The key in the relay's offer of an encrypted copy (RFC 4568); undefined without a key of that suite. */
export function encryptedCopyOf(offer: string): EncryptedCopy | undefined {
  const [, tag, key] = OFFERED.exec(offer.replaceAll('\r', '')) ?? [];
  if (tag === undefined || key === undefined) return undefined;
  const receive = createSrtpReceiver(sessionKeys(SUITE, Buffer.from(key, 'base64')));
  return {
    answerLine: `a=crypto:${tag} ${SUITE} inline:${randomBytes(KEY_BYTES).toString('base64')}`,
    open: (packet) => receive(Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength)),
  };
}
