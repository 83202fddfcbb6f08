import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client } from 'minio';
import { startObjectStore } from '../../../infra/embedded/objects/index.js';
import { createOriginals } from '../../../services/outbound/adapters/s3-originals.js';
import type { ObjectClient } from '../../../services/shared/platform/stores/objects.js';

const HOST = '127.0.0.1';
const AT = new Date();
const credential = { accessKey: 'originals-test', secretKey: 'originals-test-secret', policy: 'admin' as const };
const form = new TextEncoder().encode('I agree to be called.');

let folder: string;
let store: Awaited<ReturnType<typeof startObjectStore>>;
let objects: ObjectClient;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proofline-originals-'));
  store = await startObjectStore({ dataFolder: folder, host: HOST, port: 0, credentials: [credential] });
  const { port } = new URL(store.endpoint);
  objects = new Client({ endPoint: HOST, port: Number(port), useSSL: false, ...credential, pathStyle: true });
  await objects.makeBucket('locked', '', { ObjectLocking: true });
  await objects.makeBucket('open');
});
afterAll(async () => {
  await store.stop();
  await rm(folder, { recursive: true, force: true });
});

test('an original is locked from its first moment: not even the owner of the store removes it', async () => {
  const originals = createOriginals({ objects, bucket: 'locked', keepDays: 30 });
  const { sha256, lockedUntil } = await originals.put('k1', form, 'text/plain', AT);
  expect(lockedUntil?.getTime()).toBe(AT.getTime() + 30 * 86_400_000);
  const name = `consents/k1/${sha256}`;
  const { versionId } = await objects.statObject('locked', name);
  await expect(objects.removeObject('locked', name, { versionId: versionId ?? '', governanceBypass: true })).rejects.toThrow();
  expect(await originals.has('k1', sha256)).toBe(true);
  expect(new TextDecoder().decode(await originals.read('k1', sha256))).toBe('I agree to be called.');
});

test('two that come at the same moment lie beside each other', async () => {
  const originals = createOriginals({ objects, bucket: 'locked', keepDays: 30 });
  const other = new TextEncoder().encode('another form');
  const [first, second] = await Promise.all([form, other].map((body) => originals.put('k2', body, 'text/plain', AT)));
  expect(Buffer.from(await originals.read('k2', first?.sha256 ?? ''))).toEqual(Buffer.from(form));
  expect(Buffer.from(await originals.read('k2', second?.sha256 ?? ''))).toEqual(Buffer.from(other));
});

test('other bytes under its name are not given out as the original', async () => {
  const originals = createOriginals({ objects, bucket: 'open', keepDays: 30 });
  const { sha256, lockedUntil } = await originals.put('k3', form, 'text/plain', AT);
  expect(lockedUntil).toBeUndefined();
  await objects.putObject('open', `consents/k3/${sha256}`, 'forged');
  await expect(originals.read('k3', sha256)).rejects.toMatchObject({ code: 'file-damaged' });
});

test('a store that gives no answer about its locks gets no original', async () => {
  const silent: ObjectClient = Object.assign(Object.create(objects) as ObjectClient, {
    getObjectLockConfig: async () => Promise.reject(new Error('no answer')),
  });
  const originals = createOriginals({ objects: silent, bucket: 'locked', keepDays: 30 });
  await expect(originals.put('k4', form, 'text/plain', AT)).rejects.toThrow('no answer');
});
