import { randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
// The dependency container of x509 reads metadata at import, so the polyfill comes first.
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { writePrivateFile } from '../plan/secrets.js';
import { StartFailure } from '../start-failure.js';

export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
  /** The local authority that people may import so that browsers trust the address; absent for a site's own certificate. */
  readonly authorityFile?: string;
}

const DAY_MS = 86_400_000;
const AUTHORITY_DAYS = 3650;
/** Browsers accept no server certificate with a longer life. */
const SERVER_DAYS = 397;
const RENEW_BEFORE_DAYS = 30;

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** Names that people on this machine or its network may type into a browser. */
export function localNames(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).filter(({ internal, family }) => !internal && family === 'IPv4').map((entry) => entry.address),
  );
  return [...new Set(['localhost', hostname(), '127.0.0.1', '::1', ...addresses])];
}

/**
 * A certificate for `names`, signed by an authority of this installation. Made at the first start; renewed when names were added or it is
 * about to expire.
 */
export async function ensureCertificate(folder: string, names: readonly string[], nowMs = Date.now()): Promise<CertificateFiles> {
  const files = {
    certFile: join(folder, 'web-certificate.pem'),
    keyFile: join(folder, 'web-key.pem'),
    authorityFile: join(folder, 'authority-certificate.pem'),
  };
  if (stillGood(files, names, nowMs)) return files;
  x509.cryptoProvider.set(webcrypto);
  const authority = await loadAuthority(folder, nowMs);
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: `CN=Proofline`,
    issuer: authority.certificate.subject,
    notBefore: new Date(nowMs - DAY_MS),
    notAfter: new Date(nowMs + SERVER_DAYS * DAY_MS),
    signingKey: authority.key,
    publicKey: keys.publicKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value }))),
      await x509.AuthorityKeyIdentifierExtension.create(authority.certificate.publicKey),
    ],
  });
  writePrivateFile(files.keyFile, await pemOf(keys.privateKey));
  writePrivateFile(files.certFile, `${certificate.toString('pem')}\n${authority.certificate.toString('pem')}\n`);
  return files;
}

/** Checks a site's own certificate, so that a misfit shows at the start and not in the first browser. */
export function checkOwnCertificate({ certFile, keyFile }: CertificateFiles, nowMs = Date.now()): void {
  try {
    const certificate = new X509Certificate(readFileSync(certFile));
    readFileSync(keyFile);
    if (Date.parse(certificate.validTo) < nowMs) throw new Error('expired');
  } catch {
    throw new StartFailure('bad-certificate', { file: certFile });
  }
}

function stillGood(files: CertificateFiles, names: readonly string[], nowMs: number): boolean {
  try {
    const certificate = new X509Certificate(readFileSync(files.certFile));
    readFileSync(files.keyFile);
    const covers = names.every((name) => (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined);
    return covers && Date.parse(certificate.validTo) - nowMs > RENEW_BEFORE_DAYS * DAY_MS;
  } catch {
    return false;
  }
}

async function loadAuthority(folder: string, nowMs: number): Promise<{ certificate: x509.X509Certificate; key: webcrypto.CryptoKey }> {
  const certFile = join(folder, 'authority-certificate.pem');
  const keyFile = join(folder, 'authority-key.pem');
  try {
    const certificate = new x509.X509Certificate(readFileSync(certFile, 'utf8'));
    const key = await webcrypto.subtle.importKey('pkcs8', x509.PemConverter.decodeFirst(readFileSync(keyFile, 'utf8')), algorithm, false, [
      'sign',
    ]);
    if (certificate.notAfter.getTime() - nowMs > (SERVER_DAYS + RENEW_BEFORE_DAYS) * DAY_MS) return { certificate, key: key };
  } catch {
    // There is none yet, or it cannot be read: a new one is made below.
  }
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: `CN=Proofline local authority ${randomBytes(3).toString('hex')}`,
    notBefore: new Date(nowMs - DAY_MS),
    notAfter: new Date(nowMs + AUTHORITY_DAYS * DAY_MS),
    keys: keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  writePrivateFile(keyFile, await pemOf(keys.privateKey));
  writePrivateFile(certFile, `${certificate.toString('pem')}\n`);
  return { certificate, key: keys.privateKey };
}

/** Positive and not guessable (RFC 5280, 4.1.2.2). */
const serial = (): string => `00${randomBytes(16).toString('hex')}`;

const pemOf = async (key: webcrypto.CryptoKey): Promise<string> =>
  `${x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`;
