import type { SecureContextOptions } from 'node:tls';

/** The identity of this server over TLS, and its trusted authorities (RFC 3261 section 26.3.1, RFC 5922). All PEM. */
export interface TlsIdentity {
  readonly key: Buffer;
  readonly cert: Buffer;
  /** Trusted authorities instead of the system's. */
  readonly ca?: Buffer;
  /** Whether a peer that we call must show a valid certificate for its name. */
  readonly verifyServers?: boolean;
  /** Whether a peer that calls over TLS must show a valid certificate. Browsers over wss are not asked. */
  readonly verifyClients?: boolean;
}

/** The identity and the trust of a TLS socket of ours. */
export function credentials({ key, cert, ca }: TlsIdentity): SecureContextOptions {
  return { key, cert, ...(ca === undefined ? {} : { ca }) };
}
