import { storedCall } from '../../support/centre/stored-call.js';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import { createAesSealer, createMasterKeyWrapper } from '../../../services/recording/archive/adapters/aes-sealer.js';
import { createCallReads } from '../../../services/calls/reads.js';
import { createCallIndex } from '../../../services/recording/archive/adapters/call-index.js';
import { createMongoRecordings } from '../../../services/recording/archive/adapters/mongo-recordings.js';
import { createS3Archive } from '../../../services/recording/archive/adapters/s3-archive.js';
import { Archiver, type ArchiverDependencies, type SealedCall } from '../../../services/recording/archive/archiver.js';
import { DAY_MS, defaultRetention } from '../../../services/recording/archive/retention.js';
import { createMongoLedger } from '../../../services/recording/ledger/adapters/mongo-ledger.js';
import type { EventBus } from '../../../services/shared/events/catalogue.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import { refusal } from '../objects/objects-support.js';
import { BUCKET, finishedCall, startRecordingStores, type RecordingStores } from './recording-stores.js';

const UNLOCKED = 'recordings-unlocked';

let stores: RecordingStores;
let deps: ArchiverDependencies;
const archive = (): ArchiverDependencies['archive'] => deps.archive;

beforeAll(async () => {
  stores = await startRecordingStores();
  const { objects, mongo } = stores;
  deps = {
    archive: createS3Archive(objects, BUCKET, 'us-east-1'),
    recordings: createMongoRecordings(mongo),
    calls: createCallIndex(createCallReads(mongo).calls),
    ledger: createMongoLedger(mongo),
    sealer: createAesSealer(createMasterKeyWrapper([Buffer.alloc(32, 1).toString('base64')])),
    bus: { publish: async () => undefined } as unknown as EventBus,
    log: silentLogger,
    retention: async () => defaultRetention,
    now: () => new Date(),
  };
  await archive().prepare();
  await objects.makeBucket(UNLOCKED, 'us-east-1');
});

afterAll(() => stores.stop());

const sealed = (callId: string, endedAt = new Date()): Promise<SealedCall> =>
  new Archiver(deps).seal(callId, 1, finishedCall(endedAt, randomBytes(20_000)), { keep: async () => undefined });

const writeRecord = (callId: string, direction: 'inbound' | 'outbound'): Promise<unknown> =>
  stores.mongo.collection('calls').replaceOne({ _id: callId as never }, storedCall({ _id: callId, direction }), { upsert: true });

/** Methods of the requests for one object, in order. */
async function requestsFor(key: string, work: () => Promise<unknown>): Promise<string[]> {
  const seen: string[] = [];
  stores.objects.traceOn(
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        for (const [, method, path] of chunk.toString().matchAll(/^REQUEST: (\S+) (\S+)/gm))
          if (method !== undefined && path?.startsWith(`/${BUCKET}/${key}`) === true)
            seen.push(`${method}${path.includes('retention') ? ' retention' : ''}`);
        done();
      },
    }),
  );
  await work();
  stores.objects.traceOff();
  return seen;
}

test.each([
  ['inbound', 'GOVERNANCE', 180, 'none'],
  ['outbound', 'COMPLIANCE', 30, 'AccessDenied'],
] as const)(
  'an %s call goes to the store with one request and one to read it back, and is locked from there on',
  async (direction, mode, days, bypass) => {
    const endedAt = new Date();
    const call = await sealed(`at-once-${direction}`, endedAt);
    await writeRecord(`at-once-${direction}`, direction);
    const archiver = new Archiver(deps);
    await archiver.deliver(await sealed('learns-of-the-store'), { again: false });
    const { objectKey } = call.record.recording;
    expect(await requestsFor(objectKey, () => archiver.deliver(call, { again: false }))).toEqual(['PUT', 'GET']);

    const stored = (await deps.recordings.find(`at-once-${direction}`))!;
    const until = new Date(endedAt.getTime() + days * DAY_MS);
    expect(stored.lockedUntil).toBe(until.toISOString());
    expect(await archive().lockOf(objectKey, stored.objectVersion)).toEqual({ mode, until });
    const remove = (bypassGovernance: boolean): Promise<string> =>
      refusal(archive().remove(objectKey, stored.objectVersion, { bypassGovernance }));
    expect(await remove(false)).toBe('AccessDenied');
    expect(await archive().get(objectKey, stored.objectVersion)).toBeDefined();
    expect(await remove(true)).toBe(bypass);
  },
);

test('a call whose record is written while its recording is stored is locked as the record says', async () => {
  const call = await sealed('late-record');
  const archiver = new Archiver({
    ...deps,
    archive: {
      ...archive(),
      async put(...sent) {
        const put = await archive().put(...sent);
        await writeRecord('late-record', 'outbound');
        return put;
      },
    },
  });
  const { objectKey, objectVersion, retentionClass } = await archiver.deliver(call, { again: false });
  expect(retentionClass).toBe('outbound');
  expect(await archive().lockOf(objectKey, objectVersion)).toMatchObject({ mode: 'COMPLIANCE' });
});

test('an object that an attempt left without a lock gets it, and one that was left with a lock keeps that', async () => {
  const call = await sealed('again');
  const { objectKey, objectSha256 } = call.record.recording;
  const left = await archive().put(objectKey, call.bytes, objectSha256, { again: false });
  expect(await archive().lockOf(objectKey, left.version)).toBeUndefined();

  await writeRecord('again', 'inbound');
  const first = await new Archiver(deps).deliver(call, { again: true });
  expect(first.objectVersion).toBe(left.version);
  const lock = (await archive().lockOf(objectKey, left.version))!;
  expect(lock.mode).toBe('GOVERNANCE');

  // A store may refuse to turn one lock into the other: that must not keep the recording in the spool.
  await writeRecord('again', 'outbound');
  const second = await new Archiver(deps).deliver(call, { again: true });
  expect(second).toMatchObject({ objectVersion: left.version, retentionClass: 'outbound', lockedUntil: lock.until.toISOString() });
  expect(await archive().lockOf(objectKey, left.version)).toEqual(lock);
});

test('what the store gives back changed is not stored, and the next attempt brings another version', async () => {
  const call = await sealed('damaged');
  await writeRecord('damaged', 'inbound');
  const { objectKey } = call.record.recording;
  const archiver = new Archiver({
    ...deps,
    archive: {
      ...archive(),
      put: (key, bytes, sha256, options) =>
        archive().put(
          key,
          bytes.map((byte) => byte ^ 1),
          sha256,
          options,
        ),
    },
  });
  await expect(archiver.deliver(call, { again: false })).rejects.toThrow('other bytes');
  expect(await deps.recordings.find('damaged')).toBeUndefined();
  const { objectVersion } = await new Archiver(deps).deliver(call, { again: true });
  const versions: (string | undefined)[] = [];
  for await (const { versionId } of stores.objects.listObjects(BUCKET, objectKey, true, { IncludeVersion: true }) as AsyncIterable<{
    versionId?: string;
  }>)
    versions.push(versionId);
  expect(versions).toHaveLength(2);
  expect(versions).toContain(objectVersion);
  // The damaged version came with a lock too, and stays for its time.
  for (const version of versions) expect(await archive().lockOf(objectKey, version ?? '')).toMatchObject({ mode: 'GOVERNANCE' });
});

test('what waited for longer than its lock would last, and what goes to a store without Object Lock, is not locked', async () => {
  const old = await sealed('waited', new Date(Date.now() - 200 * DAY_MS));
  await writeRecord('waited', 'inbound');
  const late = await new Archiver(deps).deliver(old, { again: false });
  expect(late.lockedUntil).toBeUndefined();
  expect(await archive().lockOf(late.objectKey, late.objectVersion)).toBeUndefined();

  const call = await sealed('unlocked');
  await writeRecord('unlocked', 'outbound');
  const plain = createS3Archive(stores.objects, UNLOCKED, 'us-east-1');
  const stored = await new Archiver({ ...deps, archive: plain }).deliver(call, { again: false });
  expect(stored).toMatchObject({ objectVersion: '', retentionClass: 'outbound' });
  expect(stored.lockedUntil).toBeUndefined();
  expect(Buffer.from((await plain.get(stored.objectKey, ''))!).equals(Buffer.from(call.bytes))).toBe(true);
});
