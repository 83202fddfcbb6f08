import { familyOf } from '../../shared/platform/network/networks.js';
import {
  cryptoSuites,
  fingerprintBytes,
  type Candidate,
  type Crypto,
  type CryptoSuite,
  type Dtls,
  type FingerprintHash,
} from './description.js';

/** Each function reads the value of one attribute. An empty list means that the value is not one that we support. */

/** `a=candidate` (RFC 8839 section 5.1): over UDP, at an address. */
export function readCandidate(value: string): Candidate[] {
  const [, foundation = '', component, priority, address = '', port, type] =
    /^([A-Za-z0-9+/]{1,32}) ([12]) UDP (\d{1,10}) ([0-9A-Fa-f.:]{2,45}) (\d{1,5}) typ (host|srflx|prflx|relay)(?: |$)/i.exec(value) ?? [];
  if (familyOf(address) === undefined) return [];
  const [portNumber, priorityNumber] = [Number(port), Number(priority)];
  if (portNumber < 1 || portNumber > 65_535 || priorityNumber < 1 || priorityNumber > 0x7fff_ffff) return [];
  return [
    {
      foundation,
      component: component === '2' ? 2 : 1,
      priority: priorityNumber,
      address,
      port: portNumber,
      type: (type?.toLowerCase() ?? 'host') as Candidate['type'],
    },
  ];
}

/** `a=fingerprint` (RFC 8122 section 5). */
export function readFingerprint(value: string): Dtls['fingerprints'][number][] {
  const [, hashText = '', bytes = ''] = /^([A-Za-z0-9-]{5,8}) ([0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){19,63})$/.exec(value) ?? [];
  const hash = (Object.keys(fingerprintBytes) as FingerprintHash[]).find((known) => known === hashText.toLowerCase());
  if (hash === undefined || bytes.split(':').length !== fingerprintBytes[hash]) return [];
  return [{ hash, value: bytes.toUpperCase() }];
}

/** `a=crypto` (RFC 4568 section 9.1) with one key and no session parameters. */
export function readCrypto(value: string): Crypto[] {
  const [, tag, suiteText, key = ''] =
    /^(\d{1,9}) ([A-Z0-9_]{1,40}) inline:([A-Za-z0-9+/]{40,64}={0,2})(?:\|2\^\d{1,2})?$/.exec(value.trimEnd()) ?? [];
  const suite = (Object.keys(cryptoSuites) as CryptoSuite[]).find((known) => known === suiteText);
  if (suite === undefined || Buffer.from(key, 'base64').length !== cryptoSuites[suite]) return [];
  return [{ tag: Number(tag), suite, key }];
}
