import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeAuthorities } from './authorities.js';
import { ensureCertificate } from './certificate.js';
import { StartFailure } from '../start-failure.js';

let folder: string;
let pem: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'authorities-'));
  await ensureCertificate(folder, ['localhost']);
  pem = await readFile(join(folder, 'authority-certificate.pem'), 'utf8');
});
afterAll(() => rm(folder, { recursive: true }));

async function taken(content: string, nowMs?: number): Promise<string> {
  await writeFile(join(folder, 'site.pem'), content);
  return takeAuthorities(join(folder, 'site.pem'), folder, nowMs);
}

async function problemOf(attempt: Promise<string>): Promise<unknown> {
  const error = await attempt.catch((failure: unknown) => failure);
  return error instanceof StartFailure ? error.facts['problem'] : error;
}

test('a bundle is written down for this start: its certificates, and nothing else that stood in the file', async () => {
  const file = await taken(`words of an administrator\n${pem}\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n${pem}`);
  const written = await readFile(file, 'utf8');
  expect(written.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
  expect(written).not.toMatch(/words|PRIVATE/);
});

test('a file that is not there, holds no certificate, a damaged one, or expired ones alone is refused', async () => {
  expect(await problemOf(Promise.resolve().then(() => takeAuthorities(join(folder, 'none.pem'), folder)))).toBe('unreadable');
  expect(await problemOf(taken('no certificate'))).toBe('no-certificate');
  expect(await problemOf(taken(pem.replace(/\n[A-Za-z0-9+/]{20}/, '\nAAAAAAAAAAAAAAAAAAAA')))).toBe('damaged');
  expect(await problemOf(taken(pem, Date.UTC(2100, 0, 1)))).toBe('expired');
});
