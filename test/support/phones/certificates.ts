import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const openssl = (...args: readonly string[]): Promise<unknown> => run('openssl', args);

/** Files of a certificate and its key, PEM. */
export interface Certificate {
  readonly certFile: string;
  readonly keyFile: string;
  /** SHA-256, as openssl prints it. */
  readonly fingerprint: string;
}

const DATES = {
  now: ['-days', '30'],
  year: ['-days', '365'],
  past: ['-not_before', '20200101000000Z', '-not_after', '20200201000000Z'],
} as const;

/** Makes certificates with openssl in a folder. */
class CertificateMaker {
  private made = 0;
  constructor(private readonly folder: string) {}

  /** Of an authority, or of a host by itself: signed with its own key. */
  selfSigned(name: string): Promise<Certificate> {
    return this.make(name, DATES.now);
  }

  /** For a host, signed by an authority; `past`: it expired years ago. */
  signed(name: string, authority: Certificate, when: keyof typeof DATES = 'now'): Promise<Certificate> {
    return this.make(name, ['-CA', authority.certFile, '-CAkey', authority.keyFile, ...DATES[when]]);
  }

  private async make(name: string, more: readonly string[]): Promise<Certificate> {
    this.made += 1;
    const [certFile, keyFile] = [join(this.folder, `${this.made}.pem`), join(this.folder, `${this.made}.key`)];
    const kind = /^[\d.]+$/.test(name) ? 'IP' : 'DNS';
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', keyFile];
    await openssl('req', '-x509', ...key, '-subj', `/CN=${name}`, '-addext', `subjectAltName=${kind}:${name}`, ...more, '-out', certFile);
    const { stdout } = await run('openssl', ['x509', '-in', certFile, '-noout', '-fingerprint', '-sha256']);
    return { certFile, keyFile, fingerprint: stdout.trim().split('=')[1] ?? '' };
  }
}

/** Certificates of the web origin for a name: one for a year, one that ends soon, and one that ended. */
export async function webCertificates(folder: string, name: string): Promise<Readonly<Record<'year' | 'now' | 'past', Certificate>>> {
  const maker = new CertificateMaker(folder);
  const authority = await maker.selfSigned('authority.test');
  return {
    year: await maker.signed(name, authority, 'year'),
    now: await maker.signed(name, authority),
    past: await maker.signed(name, authority, 'past'),
  };
}

/** The certificates of a trial with a carrier over TLS. */
export type CarrierCertificates = Readonly<Record<'authority' | 'ours' | 'right' | 'neighbour' | 'expired' | 'untrusted', Certificate>>;

/** `ours` is for 127.0.0.1; of the others, all but `neighbour` have the carrier's name. */
export async function carrierCertificates(folder: string, name: string): Promise<CarrierCertificates> {
  const maker = new CertificateMaker(folder);
  const authority = await maker.selfSigned('authority.test');
  return {
    authority,
    ours: await maker.signed('127.0.0.1', authority),
    right: await maker.signed(name, authority),
    neighbour: await maker.signed('sbc.neighbour.test', authority),
    expired: await maker.signed(name, authority, 'past'),
    untrusted: await maker.selfSigned(name),
  };
}

/** What a server or a client is given of it. */
export async function materialOf({ certFile, keyFile }: Certificate): Promise<{ cert: Buffer; key: Buffer }> {
  const [cert, key] = await Promise.all([readFile(certFile), readFile(keyFile)]);
  return { cert, key };
}
