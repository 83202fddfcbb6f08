import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAesSealer, createMasterKeyWrapper } from '../../../services/recording/archive/adapters/aes-sealer.js';
import { createCallReads } from '../../../services/calls/reads.js';
import { createCallIndex } from '../../../services/recording/archive/adapters/call-index.js';
import { createMongoDeletions, createMongoLockProbes } from '../../../services/recording/archive/adapters/mongo-keeping.js';
import { createMongoRecordings } from '../../../services/recording/archive/adapters/mongo-recordings.js';
import { createS3Archive } from '../../../services/recording/archive/adapters/s3-archive.js';
import type { Archiver } from '../../../services/recording/archive/archiver.js';
import { deleteDue, probeLock, rewrapKeys, scrub, type KeeperDependencies } from '../../../services/recording/archive/keeper.js';
import { Playback } from '../../../services/recording/archive/playback.js';
import { DAY_MS } from '../../../services/recording/archive/retention.js';
import { checkRecordingLedger } from '../../../services/recording/index.js';
import { createMongoLedger } from '../../../services/recording/ledger/adapters/mongo-ledger.js';
import { createMongoSheets } from '../../../services/recording/ledger/adapters/mongo-sheets.js';
import { createS3SheetAnchors } from '../../../services/recording/ledger/adapters/s3-sheet-anchors.js';
import { dayOf, nextDay, startOfDay } from '../../../services/recording/ledger/days.js';
import type { DayFacts } from '../../../services/recording/ledger/ports.js';
import { WHOLE_CENTRE } from '../../../services/shared/platform/reach/reach.js';
import { sealedAuditHeads } from '../../../services/recording/index.js';
import { createMongoClock } from '../../../services/recording/ledger/adapters/mongo-clock.js';
import { clockOf, createClockWatch } from '../../../services/recording/ledger/clock-watch.js';
import { closeDays } from '../../../services/recording/ledger/day-closing.js';
import type { EventBus } from '../../../services/shared/events/catalogue.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import type { AuditEntry } from '../../../services/shared/platform/http/route.js';
import {
  archiveCall,
  archiverOf,
  BUCKET,
  noFacts,
  recordingConfig,
  startRecordingStores,
  type RecordingStores,
} from './recording-stores.js';

const OLD_KEY = Buffer.alloc(32, 1).toString('base64');
const NEW_KEY = Buffer.alloc(32, 2).toString('base64');
const CONFIG = { ...recordingConfig, MASTER_KEY: NEW_KEY, MASTER_KEY_PREVIOUS: [OLD_KEY] };
/** Noon of today at the site, or of yesterday in the morning: the stores know the true time. */
const today = dayOf(new Date(Date.now() - DAY_MS / 2), 'Asia/Shanghai');
const now = new Date(startOfDay(today, 'Asia/Shanghai').getTime() + DAY_MS / 2);
const midnight = startOfDay(nextDay(today), 'Asia/Shanghai').getTime();
const hoursAfterMidnight = (hours: number): Date => new Date(midnight + hours * 3_600_000);

let stores: RecordingStores;
let { folder, objects, mongo } = {} as RecordingStores;
let deps: KeeperDependencies;
let archiver: Archiver;
const told: { name: string; event: unknown }[] = [];
const audited: AuditEntry[] = [];
let nextNumber = 1;
/** What the other slices hold of each day, as the sheets fix it. */
let facts: DayFacts = noFacts;

const bus = {
  publish: async (name: string, event: unknown) => void told.push({ name, event }),
} as unknown as EventBus;

function keeperWith(...keys: [string, ...string[]]): KeeperDependencies {
  const wrapper = createMasterKeyWrapper(keys);
  const archive = createS3Archive(objects, BUCKET, 'us-east-1');
  const sealer = createAesSealer(wrapper);
  return {
    recordings: createMongoRecordings(mongo),
    archive,
    calls: createCallIndex(createCallReads(mongo).calls),
    deletions: createMongoDeletions(mongo),
    probes: createMongoLockProbes(mongo),
    playback: new Playback({ archive, sealer, steadyMs: () => performance.now() }),
    keys: wrapper,
    sha256: sealer.sha256,
    bus,
    audit: async (entry) => void audited.push(entry),
    log: silentLogger,
    random: () => 0,
  };
}

beforeAll(async () => {
  stores = await startRecordingStores();
  ({ folder, objects, mongo } = stores);
  deps = keeperWith(OLD_KEY);
  archiver = archiverOf(deps, stores.mongo, now);
});

afterAll(() => stores.stop());

/** Archives an hour-old call of that many bytes; the sound itself does not matter here. */
async function archive(
  callId: string,
  endedAt: Date,
  bytes = 100_000,
): Promise<{ number: number; ogg: Uint8Array; deliverAgain: () => Promise<unknown> }> {
  const number = nextNumber;
  nextNumber += 1;
  const ogg = randomBytes(bytes);
  const { deliverAgain } = await archiveCall(stores, archiver, { callId, number, endedAt, ogg });
  return { number, ogg, deliverAgain };
}

async function versionsOf(prefix: string): Promise<number> {
  let count = 0;
  for await (const _object of objects.listObjects(BUCKET, prefix, true, { IncludeVersion: true })) count += 1;
  return count;
}

test('the same recording brought twice is one object, and its peaks and bytes come back', async () => {
  const { ogg, deliverAgain } = await archive('twice', now);
  await deliverAgain();
  const recording = (await deps.recordings.find('twice'))!;
  expect(await versionsOf(recording.objectKey)).toBe(1);
  expect(Buffer.from(await deps.playback.whole(recording)).equals(ogg)).toBe(true);
  expect(Buffer.from(await deps.playback.part(recording, 65_000, 70_000)).equals(ogg.subarray(65_000, 70_000))).toBe(true);
  expect((await deps.recordings.peaks('twice'))?.agent[599]).toBe(9);
});

test('the object cannot be removed while its lock lasts, by anybody without the bypass', async () => {
  const recording = (await deps.recordings.find('twice'))!;
  await expect(deps.archive.remove(recording.objectKey, recording.objectVersion, { bypassGovernance: false })).rejects.toThrow();
  expect(await deps.archive.get(recording.objectKey, recording.objectVersion)).toBeDefined();
});

test('the hourly probe finds that a locked object can neither be removed nor changed, and writes it down', async () => {
  expect(await probeLock(deps, new Date())).toBe(true);
  expect(await deps.probes.newest(1)).toEqual([
    expect.objectContaining({ lock: true, remove: 'refused', shorten: 'refused', intact: true }),
  ]);
});

test('keys are wrapped anew by a new master key, the sound is not touched, and the old key can go', async () => {
  const before = (await deps.recordings.find('twice'))!;
  const rotating = keeperWith(NEW_KEY, OLD_KEY);
  expect(await rewrapKeys(rotating)).toBeGreaterThan(0);
  expect(await rewrapKeys(rotating)).toBe(0);
  const after = (await deps.recordings.find('twice'))!;
  expect(after.objectVersion).toBe(before.objectVersion);
  expect(after.key).not.toEqual(before.key);
  const withNewOnly = keeperWith(NEW_KEY);
  expect(deps.sha256(await withNewOnly.playback.whole(after))).toBe(after.sha256);
  await expect(keeperWith(OLD_KEY).playback.whole(after)).rejects.toMatchObject({ code: 'service-unavailable' });
  await rewrapKeys(keeperWith(OLD_KEY, NEW_KEY));
});

test('a byte that is flipped in the store is found by play and by the nightly scrub', async () => {
  await archive('flipped', now, 50_000);
  const recording = (await deps.recordings.find('flipped'))!;
  expect((await scrub(deps, new Date(now.getTime() + 60_000))).damaged).toEqual([]);
  await flipOnDisk(join(folder, 'objects'), recording.format.plainBytes + 16);
  await expect(deps.playback.whole(recording)).rejects.toThrow();
  await expect(keeperWith(OLD_KEY).playback.part(recording, 0, 10)).rejects.toThrow();
  expect((await scrub(deps, new Date(now.getTime() + 60_000))).damaged).toEqual([{ callId: 'flipped', why: 'recording-damaged' }]);
  expect(told.at(-1)).toMatchObject({ name: 'notice.raised', event: { code: 'recording-damaged' } });
  // Flipped back, so that the later tests find the store whole.
  await flipOnDisk(join(folder, 'objects'), recording.format.plainBytes + 16);
  await expect(deps.playback.whole(recording)).resolves.toHaveLength(50_000);
});

test('at the end of its time a recording is deleted with a record, unless something holds it', async () => {
  for (const callId of ['old', 'old-held']) {
    await archive(callId, now);
    await mongo
      .collection('recordings')
      .updateOne({ _id: callId as never }, { $set: { keepUntil: new Date(now.getTime() - DAY_MS).toISOString() } });
  }
  await deps.recordings.addHold('old-held', { id: 'h1', reason: 'complaint', by: 'u1', at: now.toISOString() });
  expect(await deleteDue(deps, new Date(now.getTime() - 2 * DAY_MS))).toEqual({ deleted: 0, failed: 0 });
  expect(await deleteDue(deps, now)).toEqual({ deleted: 1, failed: 0 });
  const gone = (await deps.recordings.find('old'))!;
  expect(gone.deletion).toMatchObject({ by: 'system:recording' });
  expect(gone.key).toBeUndefined();
  expect(await deps.archive.get(gone.objectKey, gone.objectVersion)).toBeUndefined();
  expect(await deps.deletions.list({ limit: 10 })).toEqual([
    expect.objectContaining({ callId: 'old', rule: 'end of time of class inbound' }),
  ]);
  expect(audited.at(-1)).toMatchObject({ what: 'recording.deleted', object: 'old' });
  expect((await deps.recordings.find('old-held'))?.deletion).toBeUndefined();
});

test('recordings are found by what they are, page by page, and only within the scope', async () => {
  for (let i = 0; i < 5; i += 1) {
    await archive(`found-${i}`, new Date(now.getTime() - i * 1_000));
    await deps.recordings.setFacets(`found-${i}`, {
      agentIds: ['a1', `only-${i}`],
      queueId: i < 3 ? 'service' : 'sales',
      callerHash: `hash${i}`,
      score: i,
    });
  }
  const ids = async (query: object): Promise<string[]> =>
    (await deps.recordings.search({ limit: 50, reach: WHOLE_CENTRE, ...query })).map(({ callId }) => callId);
  expect(await ids({ agentId: 'a1' })).toEqual(['found-0', 'found-1', 'found-2', 'found-3', 'found-4']);
  expect(await ids({ callerHash: 'hash3' })).toEqual(['found-3']);
  expect(await ids({ agentId: 'a1', queueId: 'sales' })).toEqual(['found-3', 'found-4']);
  expect(await ids({ agentId: 'a1', reach: { queues: ['service'], numbers: undefined } })).toEqual(['found-0', 'found-1', 'found-2']);
  expect(await ids({ agentId: 'a1', minScore: 3 })).toEqual(['found-3', 'found-4']);
  // Searched by length or score alone, recordings still come in order of time.
  const all = await ids({});
  expect(await ids({ minMs: 1 })).toEqual(all);
  expect(await ids({ minMs: 10_000_000 })).toEqual([]);
  expect(await ids({ minScore: 3 })).toEqual(['found-3', 'found-4']);
  expect(await ids({ minMs: 1, minScore: 4 })).toEqual(['found-4']);
  expect((await ids({ held: true })).sort()).toEqual(['old-held']);
  expect((await ids({ held: false })).sort()).toEqual(all.filter((callId) => callId !== 'old-held').sort());
  await deps.recordings.addNote('found-2', { id: 'n1', atMs: 5, text: 'Asked for a *refund*', by: 'u', at: now.toISOString() });
  expect(await ids({ note: '*REFUND*' })).toEqual(['found-2']);
  await deps.recordings.addComplaint('found-1', 'complaint-1');
  expect(await ids({ agentId: 'a1', complaint: true })).toEqual(['found-1']);
  const [first, second] = await deps.recordings.search({ agentId: 'a1', limit: 2, reach: WHOLE_CENTRE });
  expect(await ids({ agentId: 'a1', before: { startedAt: second!.startedAt, callId: second!.callId }, limit: 2 })).toEqual([
    'found-2',
    'found-3',
  ]);
  expect(first?.callId).toBe('found-0');
});

test('a score, a result and a complaint that come before the recording is stored are found with it, and stay when it is brought twice', async () => {
  await deps.recordings.learn('early', { score: 2, disposition: ['question', 'price'] });
  await deps.recordings.addComplaint('early', 'complaint-2');
  const { deliverAgain } = await archive('early', now);
  await deliverAgain();
  await deps.recordings.learn('early', { disposition: ['question', 'delivery'] });
  const facets = (await deps.recordings.find('early'))!.facets;
  expect(facets).toMatchObject({ score: 2, disposition: ['question', 'delivery'], complaintIds: ['complaint-2'], direction: 'inbound' });
  const found = await deps.recordings.search({ disposition: 'delivery', maxScore: 2, complaint: true, limit: 10, reach: WHOLE_CENTRE });
  expect(found.map(({ callId }) => callId)).toEqual(['early']);
  expect(await mongo.collection('recording_early_facets').countDocuments()).toBe(0);
});

test('a day closes with a sealed sheet, and the check finds a missing number, a cut tail and a changed row', async () => {
  const ledger = createMongoLedger(mongo);
  const clock = createMongoClock(mongo);
  const host = { wallMs: now.getTime(), steadyMs: 0, boot: 'first' };
  const watch = createClockWatch({
    ...{ memory: clock, read: () => ({ ...host }), limitMs: 1_000, log: silentLogger },
    audit: async (entry: AuditEntry) => void audited.push(entry),
  });
  await watch.look();
  Object.assign(host, { wallMs: host.wallMs + 10_000 - 3_600_000, steadyMs: 10_000 });
  await watch.look();
  const ago = (ms: number): string => new Date(now.getTime() - ms).toISOString();
  const jumps = [{ at: new Date(host.wallMs).toISOString(), byMs: -3_600_000 }];
  const closing = {
    ledger,
    sheets: createMongoSheets(mongo),
    anchors: createS3SheetAnchors({ objects, bucket: BUCKET, keepDays: 184 }),
    recordOf: async (callId: string) =>
      callId === 'never-told'
        ? { answeredAt: ago(1_600_000), endedAt: ago(1_590_000) }
        : callId === 'never-answered'
          ? {}
          : { endedAt: ago(1_739_000) },
    facts,
    audit: async (entry: AuditEntry) => void audited.push(entry),
    auditHead: async () => ({ number: 7, hash: 'a'.repeat(64) }),
    clock: () => clockOf(clock, async () => ({ source: 'chrony', offsetMs: 3 })),
    clockCarried: clock.carried,
    sha256: (text: string) => deps.sha256(Buffer.from(text)),
    timeZone: 'Asia/Shanghai',
    log: silentLogger,
  };
  const check = () => checkRecordingLedger({ config: CONFIG, mongo, objects, facts, whole: true });
  const rows = mongo.collection('ledger');
  expect((await check()).findings).toEqual([]);

  // Nobody reported the end of this one: the day waits for it, then seals it as lost.
  const open = nextNumber;
  await ledger.intend({ number: open, callId: 'never-ended', intendedAt: new Date(now.getTime() - 1_800_000).toISOString() });
  await ledger.answered({ number: open, callId: 'never-ended', answeredAt: new Date(now.getTime() - 1_799_000).toISOString() });
  // The ledger was told of no answer of these two; the record of the first has one, so its recording is missing.
  await ledger.intend({ number: open + 1, callId: 'never-told', intendedAt: ago(1_601_000) });
  await ledger.intend({ number: open + 2, callId: 'never-answered', intendedAt: ago(1_601_000) });
  nextNumber += 3;
  const fact = { columns: ['callId'], rows: 2, sha256: 'b'.repeat(64) };
  facts = closing.facts = { ...noFacts, of: async () => ({ calls: fact }) };
  await closeDays(closing, hoursAfterMidnight(1));
  expect((await closing.sheets.newest())?.day).not.toBe(today);
  await closeDays(closing, hoursAfterMidnight(7));
  const sheet = (await closing.sheets.newest())!;
  expect(sheet).toMatchObject({ day: today, timeZone: 'Asia/Shanghai' });
  expect(sheet.legs).toBe(sheet.answered + 1);
  expect((await ledger.ofCall('never-answered'))?.state).toBe('void');
  expect(sheet.facts).toEqual({ calls: fact });
  expect(sheet.clock).toEqual({ source: 'chrony', offsetMs: 3, jumps, moreJumps: 0 });
  expect(audited.at(-1)).toMatchObject({ what: 'ledger.day-sealed', object: today, reason: sheet.hash });
  // A row of another slice is changed after its day was sealed.
  facts = { ...noFacts, of: async () => ({ calls: { ...fact, sha256: 'c'.repeat(64) } }) };
  expect((await check()).findings).toEqual([
    {
      what: 'facts-changed',
      detail: `${today}, calls: sealed with 2, and one or more of them altered or exchanged since`,
      zh: `${today} 通话：封存时 2 条，之后有一条或多条被改动或调换`,
    },
  ]);
  facts = closing.facts;
  // A second anchor of the audit log, outside the database.
  expect(await sealedAuditHeads(objects, BUCKET)).toContainEqual({ number: 7, hash: 'a'.repeat(64), at: sheet.sealedAt });
  expect(sheet.ms.lost).toBe(70_000);
  expect(sheet.gaps).toEqual([
    { number: open, kind: 'lost', fromMs: 0, toMs: 60_000, reason: 'no-account' },
    { number: open + 1, kind: 'lost', fromMs: 0, toMs: 10_000, reason: 'no-account' },
  ]);
  expect((await check()).findings).toEqual([]);

  // The recording turns up after all: the sealed row stays, the next sheet carries the amendment.
  await ledger.settle({ number: open, callId: 'never-ended', state: 'accounted', reason: 'found in a spool' });
  expect((await ledger.ofCall('never-ended'))?.reason).toBe('sealed without a recording');
  await closeDays(closing, hoursAfterMidnight(31));
  expect((await closing.sheets.newest())?.amendments).toEqual([expect.objectContaining({ number: open })]);
  // Each jump stands on one sheet, and what the copy outside the database says of the clock has its hash.
  expect((await closing.sheets.newest())?.clock?.jumps).toEqual([]);
  expect((await check()).findings).toEqual([]);

  const whole = (await rows.findOne({ _id: 3 as never }))!;
  await rows.deleteOne({ _id: 3 as never });
  expect((await check()).findings.map(({ what }) => what).sort()).toEqual(['number-missing', 'recording-without-row', 'rows-changed']);
  await rows.insertOne(whole);
  expect((await check()).ok).toBe(true);

  await rows.updateOne({ _id: 3 as never }, { $set: { 'account.stretches.0.toMs': 59_000 } });
  const cut = (await check()).findings;
  expect(cut.map(({ what }) => what).sort()).toEqual(['account-incomplete', 'rows-changed']);
  expect(cut.some(({ detail }) => detail.includes('the tail from 59000 to 60000 ms is cut'))).toBe(true);
  await rows.replaceOne({ _id: 3 as never }, whole);

  const sheets = mongo.collection('ledger_sheets');
  await sheets.updateOne({ _id: today as never }, { $set: { 'sheet.legs': 1 } });
  expect((await check()).findings.map(({ what }) => what)).toContain('sheet-changed');
});

test('the check opens the archive: an object gone, one changed and a deletion by hand are each found, and a day is sealed once', async () => {
  const check = (whole: boolean) => checkRecordingLedger({ config: CONFIG, mongo, objects, facts, whole });
  const findings = async (whole: boolean): Promise<string[]> =>
    (await check(whole)).findings.map(({ what }) => what).filter((what) => !['sheet-changed', 'rows-changed'].includes(what));
  expect(await findings(true)).toEqual([]);
  await archive('cut', now, 40_000);
  const cut = (await deps.recordings.find('cut'))!;
  expect(cut.opened).toBeUndefined();
  expect(await findings(true)).toEqual([]);
  // Packs say of each recording when it was last opened, and by what it was damaged then.
  const openedOf = async () => (await deps.recordings.find('cut'))?.opened;
  expect(await openedOf()).toEqual({ at: expect.any(String) });
  await flipOnDisk(join(folder, 'objects'), cut.format.plainBytes + 16);
  expect(await findings(true)).toEqual(['object-differs']);
  const at = expect.any(String);
  expect(await openedOf()).toEqual({ at, damage: 'recording-damaged', found: { at, by: 'ledger' } });
  await objects.removeObject(BUCKET, cut.objectKey, { versionId: cut.objectVersion, governanceBypass: true });
  // Without opening anything: the store is asked what it has.
  expect(await findings(false)).toEqual(['object-missing']);
  const deletion = { at: now.toISOString(), by: 'nobody', rule: 'end of time of class inbound' };
  await mongo.collection('recordings').updateOne({ _id: 'cut' as never }, { $set: { deletion } });
  expect(await findings(false)).toEqual(['deletion-unlawful']);
});

/** Flips one bit of the only file of that length. */
async function flipOnDisk(root: string, bytes: number): Promise<void> {
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || (await stat(path)).size !== bytes) continue;
    const content = await readFile(path);
    content[100] = (content[100] ?? 0) ^ 1;
    await writeFile(path, content);
    return;
  }
  throw new Error('the object has no file of its own');
}
