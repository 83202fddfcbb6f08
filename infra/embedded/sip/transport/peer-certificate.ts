import type { X509Certificate } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/** What a peer showed in the handshake. */
export interface ShownCertificate {
  readonly certificate: X509Certificate | undefined;
  /** Whether an authority that we believe vouches for it. */
  readonly trusted: boolean;
}

/** Why the certificate of a peer is not the expected one. */
export type CertificateFault = 'none' | 'out of date' | 'untrusted' | 'another';

/** Who may speak over TLS. `undefined` is yes; a text says why not, for the log. */
export interface TlsPeers {
  callerFault(address: string, shown: ShownCertificate): string | undefined;
  /** `serverName`: the name before resolution, where there was one. */
  serverFault(called: { readonly address: string; readonly serverName: string | undefined }, shown: ShownCertificate): string | undefined;
}

/** A SHA-256 fingerprint, as openssl prints it; anything else that is expected is a name. */
const FINGERPRINT = /^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/i;

/** Reads what the peer of a connection showed, at the first call after its handshake. */
export function shownOnce(socket: Socket): () => ShownCertificate {
  let shown: ShownCertificate | undefined;
  return () =>
    (shown ??=
      socket instanceof TLSSocket
        ? { certificate: socket.getPeerX509Certificate(), trusted: socket.authorized }
        : { certificate: undefined, trusted: false });
}

/**
 * Whether a certificate is one of the expected: each a name or an address in it (RFC 5922 section 7.2: no wildcards), vouched for by an authority, or
 * its fingerprint, which needs no authority. Either way it is in date.
 */
export function certificateFault(
  { certificate, trusted }: ShownCertificate,
  expected: readonly string[],
  nowMs: number,
): CertificateFault | undefined {
  if (certificate === undefined) return 'none';
  if (nowMs < Date.parse(certificate.validFrom) || nowMs > Date.parse(certificate.validTo)) return 'out of date';
  if (expected.some((each) => FINGERPRINT.test(each) && each.toUpperCase() === certificate.fingerprint256)) return undefined;
  const names = expected.filter((each) => !FINGERPRINT.test(each));
  if (names.length > 0 && !trusted) return 'untrusted';
  return names.some((name) => isNamed(certificate, name)) ? undefined : 'another';
}

const isNamed = (certificate: X509Certificate, name: string): boolean =>
  isIP(name) === 0 ? certificate.checkHost(name, { wildcards: false }) !== undefined : certificate.checkIP(name) !== undefined;
