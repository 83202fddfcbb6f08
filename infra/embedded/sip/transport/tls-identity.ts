import type { SecureContextOptions } from 'node:tls';

/** Who this server is over TLS, and whom it believes (RFC 3261 section 26.3.1, RFC 5922). All PEM. */
export interface TlsIdentity {
  readonly key: Buffer;
  readonly cert: Buffer;
  /** Authorities believed in place of the system's. */
  readonly ca?: Buffer;
  /** Whether a peer that is called must show a valid certificate for its name. */
  readonly verifyServers?: boolean;
  /** Whether a peer that calls over TLS must show a valid certificate; browsers over wss are not asked. */
  readonly verifyClients?: boolean;
}

/** What a TLS socket of ours shows and believes. */
export function credentials({ key, cert, ca }: TlsIdentity): SecureContextOptions {
  return { key, cert, ...(ca === undefined ? {} : { ca }) };
}
