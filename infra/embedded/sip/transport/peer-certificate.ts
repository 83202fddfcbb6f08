import type { X509Certificate } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/** The certificate that a peer showed in the handshake. */
export interface ShownCertificate {
  readonly certificate: X509Certificate | undefined;
  /** Whether a trusted authority signed it. */
  readonly trusted: boolean;
}

/** Why the certificate of a peer is not the expected one. */
export type CertificateFault = 'none' | 'out of date' | 'untrusted' | 'another';

/** Decides who may use TLS. `undefined` means yes; a text is the reason for the log. */
export interface TlsPeers {
  callerFault(address: string, shown: ShownCertificate): string | undefined;
  /** `serverName`: the name before resolution, where there was one. */
  serverFault(called: { readonly address: string; readonly serverName: string | undefined }, shown: ShownCertificate): string | undefined;
}

/** A SHA-256 fingerprint, as openssl prints it. Any other expected value is a name. */
const FINGERPRINT = /^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/i;

/** Reads the certificate of a connection's peer, on the first call after the handshake. */
export function shownOnce(socket: Socket): () => ShownCertificate {
  let shown: ShownCertificate | undefined;
  return () =>
    (shown ??=
      socket instanceof TLSSocket
        ? { certificate: socket.getPeerX509Certificate(), trusted: socket.authorized }
        : { certificate: undefined, trusted: false });
}

/**
 * Whether a certificate is one of the expected ones: by a name or an address in it (RFC 5922 section 7.2: no wildcards), signed by a
 * trusted authority, or by its fingerprint, which needs no authority. In both cases it must not have expired.
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
