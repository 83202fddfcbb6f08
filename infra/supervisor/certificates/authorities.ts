import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivateFile } from '../plan/secrets.js';
import { StartFailure } from '../start-failure.js';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** Why a file of authorities is refused; `words.ts` has a sentence for each. */
export type AuthoritiesProblem = 'unreadable' | 'no-certificate' | 'damaged' | 'expired';

/**
 * The site's authorities (`TLS_CA_FILE`), checked and copied for this start: every process trusts the same ones, even when it is restarted
 * after the file has changed. Returns the file for `NODE_EXTRA_CA_CERTS`, through which every TLS client in a Node.js process trusts them.
 */
export function takeAuthorities(file: string, runFolder: string, nowMs = Date.now()): string {
  const refuse = (problem: AuthoritiesProblem): never => {
    throw new StartFailure('bad-authorities', { file, problem });
  };
  const certificates = read(file, refuse).match(CERTIFICATE) ?? refuse('no-certificate');
  // A system's bundle may hold some that have expired; a bundle in which all have expired trusts nobody.
  if (certificates.every((pem) => validUntilMs(pem, refuse) < nowMs)) refuse('expired');
  const taken = join(runFolder, 'authorities.pem');
  writePrivateFile(taken, `${certificates.join('\n')}\n`);
  return taken;
}

function read(file: string, refuse: (problem: AuthoritiesProblem) => never): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return refuse('unreadable');
  }
}

function validUntilMs(pem: string, refuse: (problem: AuthoritiesProblem) => never): number {
  try {
    return Date.parse(new X509Certificate(pem).validTo);
  } catch {
    return refuse('damaged');
  }
}
