import { createPrivateKey, X509Certificate } from 'node:crypto';
import { access, constants, open, readFile, rm, statfs } from 'node:fs/promises';
import { isIP } from 'node:net';
import { dirname, join } from 'node:path';
import { isOfThisMachine } from '../../services/shared/platform/network/own-addresses.js';
import { refusalOf } from '../supervisor/plan/free-ports.js';
import { variableOf, type Binding } from '../supervisor/plan/ports.js';
import type { Finding } from './finding.js';

const GB = 1_000_000_000;
const WRITES = 20;
/** A recording is written once a second; slower writes pile up. */
const WRITE_LIMIT_MS = 100;
const WRITTEN = Buffer.alloc(4_096, 1);
const DAY_MS = 86_400_000;
const DAYS_LEFT_AT_LEAST = 30;

/** Why something failed, for people: the code of the system, or the message. */
export const reasonOf = (error: unknown): string => {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return typeof code === 'string' ? code : typeof message === 'string' ? (message.split('\n')[0] ?? '') : 'unknown';
};

/** Each port that the product opens on this machine, tried for a moment. */
export async function checkPorts(bindings: readonly Binding[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const binding of bindings) {
    const refusal = await refusalOf(binding);
    const facts = { variable: variableOf(binding), reason: refusal ?? '', address: binding.host };
    const bad = refusal === 'EADDRINUSE' ? 'port-taken' : refusal === 'EADDRNOTAVAIL' ? 'address-not-here' : 'port-refused';
    findings.push({
      check: 'ports',
      subject: `${binding.host}:${binding.port}/${binding.transport}`,
      code: refusal === undefined ? 'port-free' : bad,
      facts,
    });
  }
  return findings;
}

/** Space and speed of the disk under a folder; the median of some small writes that must reach the disk. */
export async function checkDisk(folder: string, neededBytes: number): Promise<Finding> {
  const finding = (code: Finding['code'], facts: Finding['facts']): Finding => ({ check: 'disks', subject: folder, code, facts });
  const file = join(folder, `.check-${process.pid}`);
  try {
    const { bavail, bsize } = await statfs(folder);
    const freeBytes = bavail * bsize;
    const freeGb = Math.floor(freeBytes / GB);
    const tookMs: number[] = [];
    const handle = await open(file, 'wx', 0o600);
    try {
      for (let i = 0; i < WRITES; i += 1) {
        const sinceMs = performance.now();
        await handle.write(WRITTEN);
        await handle.datasync();
        tookMs.push(performance.now() - sinceMs);
      }
    } finally {
      await handle.close();
      await rm(file, { force: true });
    }
    const writeMs = Math.ceil(tookMs.sort((a, b) => a - b)[WRITES / 2] ?? 0);
    if (freeBytes < neededBytes) return finding('disk-small', { freeGb, neededGb: Math.ceil(neededBytes / GB) });
    if (writeMs > WRITE_LIMIT_MS) return finding('disk-slow', { writeMs, limitMs: WRITE_LIMIT_MS });
    return finding('disk-good', { freeGb, writeMs });
  } catch (error) {
    return finding('folder-not-writable', { reason: reasonOf(error) });
  }
}

/**
 * Whether the relay's own capture of a call outlives the recorder, and can be read by the next one. Asked where a machine has the recorder and
 * not telephony: on a single machine both end together in any case.
 */
export async function checkWitnesses(relays: readonly string[], captures: string | undefined): Promise<Finding[]> {
  const together = relays.map((url) => new URL(url).hostname.replace(/^\[|\]$/g, '')).filter(isOfThisMachine);
  const folder = join(captures ?? '', 'pcaps');
  const reason =
    captures === undefined
      ? 'RTPENGINE_PCAP_DIR'
      : await access(folder, constants.R_OK | constants.W_OK | constants.X_OK).then(() => undefined, reasonOf);
  const finding = (subject: string, code: Finding['code'], facts: Finding['facts'] = {}): Finding => ({
    ...{ check: 'witnesses', subject, code, facts },
  });
  return [
    ...together.map((address) => finding('RTPENGINE_URLS', 'witnesses-together', { address })),
    reason === undefined ? finding(folder, 'captures-there') : finding('RTPENGINE_PCAP_DIR', 'captures-missing', { reason }),
  ];
}

/** The nearest folder that exists: the product makes its own at its first start. */
export async function existing(folder: string): Promise<string> {
  const isThere = await statfs(folder).then(
    () => true,
    () => false,
  );
  return isThere || dirname(folder) === folder ? folder : existing(dirname(folder));
}

/** A certificate that the site serves: readable, with its own key, valid for long enough, and for the name that browsers are sent to. */
export async function checkCertificate(
  { certFile, keyFile, name }: { readonly certFile: string; readonly keyFile: string; readonly name?: string | undefined },
  nowMs: number,
): Promise<Finding> {
  const finding = (code: Finding['code'], facts: Finding['facts'] = {}): Finding => ({
    check: 'certificates',
    subject: certFile,
    code,
    facts,
  });
  try {
    const certificate = new X509Certificate(await readFile(certFile));
    if (!certificate.checkPrivateKey(createPrivateKey(await readFile(keyFile)))) return finding('certificate-key');
    const days = daysLeft(certificate.validTo, nowMs);
    if (days < DAYS_LEFT_AT_LEAST) return finding('certificate-ends', { days });
    if (name !== undefined && (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) === undefined)
      return finding('certificate-name', { name });
    return finding('certificate-good', { days });
  } catch (error) {
    return finding('certificate-unreadable', { reason: reasonOf(error) });
  }
}

export const daysLeft = (validTo: string, nowMs: number): number => Math.floor((Date.parse(validTo) - nowMs) / DAY_MS);
export const isTooShort = (days: number): boolean => days < DAYS_LEFT_AT_LEAST;
