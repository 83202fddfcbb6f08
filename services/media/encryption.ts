import { CallCentreError } from '../shared/domain/failure.js';
import type { MediaEncryption } from '../shared/contracts/calls/flow.js';
import { isSecure, type AudioDescription, type Crypto, type Profile } from './sdp/description.js';

/** The profile of the same medium when it is encrypted with keys from the SDP (RFC 4568). */
const encrypted: Readonly<Partial<Record<Profile, Profile>>> = {
  'RTP/AVP': 'RTP/SAVP',
  'RTP/AVPF': 'RTP/SAVPF',
  'RTP/SAVP': 'RTP/SAVP',
  'RTP/SAVPF': 'RTP/SAVPF',
};

const refused = (why: string): CallCentreError => new CallCentreError('no-common-codec', why);

/**
 * A trunk party's description for the relay: with keys and a matching profile, or plain without keys. `offered`: the keys that we offered,
 * when the description is an answer. Fails with `no-common-codec` when the trunk does not allow this.
 */
export function byEncryption(audio: AudioDescription, encryption: MediaEncryption, offered?: readonly Crypto[]): AudioDescription {
  const profile = encrypted[audio.profile];
  // An answer selects one of the offered lines (RFC 4568 section 5.1.2).
  const crypto =
    offered === undefined ? audio.crypto : audio.crypto.filter((each) => offered.some((known) => isSameLine(each, known))).slice(0, 1);
  if (encryption !== 'off' && profile !== undefined && crypto.length > 0) return { ...audio, profile, crypto, dtls: undefined };
  if (encryption === 'required') throw refused('This trunk accepts only encrypted media');
  if (isSecure(audio)) throw refused('The media uses an encryption that this trunk does not accept');
  return { ...audio, crypto: [] };
}

const isSameLine = (one: Crypto, other: Crypto): boolean => one.tag === other.tag && one.suite === other.suite;

/** Our offer to a carrier: only encrypted, or plain together with keys (RFC 8643). */
export const offeredBy = (audio: AudioDescription, encryption: MediaEncryption): AudioDescription => ({
  ...audio,
  dtls: undefined,
  profile: encryption === 'required' ? 'RTP/SAVP' : 'RTP/AVP',
  crypto: encryption === 'off' ? [] : audio.crypto,
});
