import { hash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from 'minio';
import mongoose from 'mongoose';
import { startDocumentStore, type DocumentStore } from '../../../infra/embedded/documents/index.js';
import { startObjectStore, type ObjectStore } from '../../../infra/embedded/objects/index.js';
import { createMongoAuditStore } from '../../../services/audit/adapters/mongo-audit-store.js';
import { createS3AnchorStore } from '../../../services/audit/adapters/s3-anchor-store.js';
import { createAuditWriter } from '../../../services/audit/audit-service.js';
import type { Anchor, ChainVerdict } from '../../../services/audit/chain.js';
import { checkWhole } from '../../../services/audit/check.js';
import { createAuditKeeper } from '../../../services/audit/keeper.js';
import type { AnchorStore, AuditStore } from '../../../services/audit/ports.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import { removeFolder, temporaryFolder } from '../recording/recording-support.js';

const BUCKET = 'recordings';
const KEEP_DAYS = 400;
const DAY_MS = 86_400_000;
const sha256Hex = (text: string | Uint8Array): string => hash('sha256', text);

let folder: string;
let documents: DocumentStore;
let store: ObjectStore;
let objects: Client;
let mongo: mongoose.Connection;
let rows: AuditStore;
let anchors: AnchorStore;
let sealed: Anchor[] = [];
const broken: ChainVerdict[] = [];
/** The keeper's clock; the rows' own times come from it too. */
let clock = new Date();

const check = (): Promise<ChainVerdict> => checkWhole({ store: rows, anchors, sealedHeads: async () => sealed, sha256Hex });
const writer = () => createAuditWriter({ store: rows, sha256Hex, now: () => clock });
const keeper = () =>
  createAuditKeeper({
    store: rows,
    anchors,
    audit: (entry) => writer().append(entry),
    check,
    broken: async (verdict) => void broken.push(verdict),
    keepDays: KEEP_DAYS,
    log: silentLogger,
    now: () => clock,
  });
const stored = () => mongo.collection<{ _id: number }>('audit');

beforeAll(async () => {
  folder = await temporaryFolder();
  [documents, store] = await Promise.all([
    startDocumentStore({ folder: join(folder, 'documents') }),
    startObjectStore({
      dataFolder: join(folder, 'objects'),
      host: '127.0.0.1',
      port: 0,
      credentials: [{ accessKey: 'test-access', secretKey: 'test-secret-key', policy: 'admin' }],
    }),
  ]);
  mongo = await mongoose.createConnection(`${documents.uri}proofline`).asPromise();
  const endpoint = new URL(store.endpoint);
  objects = new Client({
    endPoint: endpoint.hostname,
    port: Number(endpoint.port),
    useSSL: false,
    accessKey: 'test-access',
    secretKey: 'test-secret-key',
    region: 'us-east-1',
  });
  rows = createMongoAuditStore(mongo);
  anchors = createS3AnchorStore({ objects, bucket: BUCKET, keepDays: KEEP_DAYS });
  const append = writer();
  await Promise.all(
    Array.from({ length: 50 }, (_, i) => append.append({ who: 'u1', what: 'recording.played', object: `c${i}`, success: true })),
  );
  await keeper().anchor();
}, 60_000);

afterAll(async () => {
  await mongo.close();
  await store.stop();
  await documents.close();
  await removeFolder(folder);
});

test('two processes that write at once keep one gapless chain', async () => {
  const [one, other] = [writer(), writer()];
  await Promise.all(
    Array.from({ length: 200 }, (_, i) =>
      (i % 2 === 0 ? one : other).append({ who: 'u2', what: 'number.saved', object: `o${i}`, success: true }),
    ),
  );
  expect(await check()).toMatchObject({ rows: 250, integrity: { ok: true }, completeness: { ok: true } });
  expect(new Set((await rows.search({ what: 'number.saved', limit: 500 })).map(({ object }) => object)).size).toBe(200);
});

test('an event that comes twice, also to the next process, leaves one row; one that differs at all leaves its own', async () => {
  const listened = {
    who: 'u3',
    what: 'call.listened',
    object: 'call:c1',
    success: true,
    reason: 'listen · 12 s',
    after: { beganAt: '2026-11-28T01:00:00.000Z', seconds: 12 },
    once: true,
  } as const;
  const pressed = { who: 'u3', what: 'do-not-call.added', object: 'call:c1', success: true, once: true } as const;
  const first = writer();
  await first.append(listened);
  await first.append(listened);
  await first.append(pressed);
  const second = writer();
  for (const entry of [
    listened,
    pressed,
    { ...listened, who: 'u4' },
    { ...listened, object: 'call:c2' },
    { ...listened, reason: 'listen · 13 s' },
    { ...listened, after: { ...listened.after, beganAt: '2026-11-28T02:00:00.000Z' } },
    { who: 'u3', what: 'call.listened', object: 'call:c1', success: true, once: true } as const,
  ])
    await second.append(entry);
  const rowsOf = async (what: string) => (await rows.search({ what, limit: 20 })).length;
  expect([await rowsOf('call.listened'), await rowsOf('do-not-call.added')]).toEqual([6, 1]);
  // Doing the same thing twice makes two rows.
  const { once: _once, ...act } = pressed;
  await second.append(act);
  expect(await rowsOf('do-not-call.added')).toBe(2);
  expect(await check()).toMatchObject({ rows: 258, integrity: { ok: true }, completeness: { ok: true } });
});

describe('the check finds', () => {
  test('a changed row, by integrity alone', async () => {
    await stored().updateOne({ _id: 7 }, { $set: { who: 'somebody-else' } });
    const verdict = await check();
    expect(verdict.integrity).toEqual({ ok: false, firstBadRow: 7 });
    expect(verdict.completeness.ok).toBe(true);
    await stored().updateOne({ _id: 7 }, { $set: { who: 'u1' } });
  });

  test('a missing row, by completeness, and the day tells it', async () => {
    const row = (await stored().findOne({ _id: 9 }))!;
    await stored().deleteOne({ _id: 9 });
    expect((await check()).completeness.missing).toEqual([9]);
    await keeper().checkDay();
    expect(broken.at(-1)?.completeness.missing).toEqual([9]);
    await stored().insertOne(row);
    expect((await check()).completeness.ok).toBe(true);
  });

  test('a tail that was cut, by the anchor of the hour or by the sheet of the day', async () => {
    const tail = await stored()
      .find({ _id: { $gt: 40 } })
      .toArray();
    await stored().deleteMany({ _id: { $gt: 40 } });
    expect((await check()).completeness).toMatchObject({ ok: false, cutTailBelow: 50 });
    await stored().insertMany(tail.slice(0, 10));
    // All anchors agree now, but the day sheet knows of a later row.
    expect((await check()).completeness.ok).toBe(true);
    sealed = [{ number: 200, hash: 'x', at: clock.toISOString() }];
    expect((await check()).completeness).toMatchObject({ ok: false, cutTailBelow: 200 });
    sealed = [];
    await stored().insertMany(tail.slice(10));
  });

  test('a chain built anew on other facts, although somebody wrote over the anchor or deleted it', async () => {
    const names: string[] = [];
    for await (const { name } of objects.listObjects(BUCKET, 'audit-anchors/', true) as AsyncIterable<{ name: string }>) names.push(name);
    const [name = ''] = names;
    const before = (await stored().findOne({ _id: 50 }))!;
    await stored().updateOne({ _id: 50 }, { $set: { hash: 'f'.repeat(64) } });
    await objects.putObject(BUCKET, name, JSON.stringify({ number: 50, hash: 'f'.repeat(64), at: clock.toISOString() }));
    await objects.removeObject(BUCKET, name);
    expect((await check()).integrity.ok).toBe(false);
    expect((await anchors.all()).filter(({ number }) => number === 50)).toHaveLength(2);
    await stored().replaceOne({ _id: 50 }, before);
  });
});

test('an anchor is under lock: its version cannot be deleted before its time', async () => {
  const listed = objects.listObjects(BUCKET, 'audit-anchors/', true, { IncludeVersion: true });
  const versions: { name: string; versionId: string; isDeleteMarker?: boolean }[] = [];
  for await (const version of listed as AsyncIterable<(typeof versions)[number]>) versions.push(version);
  const first = versions.filter(({ isDeleteMarker }) => isDeleteMarker !== true).at(-1)!;
  await expect(objects.removeObject(BUCKET, first.name, { versionId: first.versionId, governanceBypass: true })).rejects.toMatchObject({
    code: 'AccessDenied',
  });
});

test('rows beyond their time go, up to an anchored one; the chain is whole from there, and rows cut by hand are still missed', async () => {
  // The forged anchor above stays in this store for ever; a chain of its own shows the ageing.
  const aged = createS3AnchorStore({ objects, bucket: 'aged', keepDays: KEEP_DAYS });
  anchors = aged;
  await keeper().anchor();
  const head = (await rows.newest())!;
  expect(await keeper().letGo()).toBe(0);
  clock = new Date(clock.getTime() + (KEEP_DAYS + 1) * DAY_MS);
  await writer().append({ who: 'u3', what: 'number.saved', success: true });
  expect(await keeper().letGo()).toBe(head.number - 1);
  expect(await check()).toMatchObject({ rows: 3, integrity: { ok: true }, completeness: { ok: true, missing: [] } });
  expect((await rows.search({ what: 'audit.let-go', limit: 1 }))[0]).toMatchObject({ object: `1-${head.number - 1}` });
  expect(await keeper().letGo()).toBe(0);
  await stored().deleteOne({ _id: head.number });
  expect((await check()).completeness).toMatchObject({ ok: false, missing: [head.number] });
});
