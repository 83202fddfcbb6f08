import { createAllReads } from '../../../services/main/reads.js';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { open, readdir, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import express from 'express';
import { answerOf } from '../../../services/api/adapters/answer.js';
import { parse } from 'csv-parse/sync';
import { strFromU8, unzipSync } from 'fflate';
import { createExpressApp } from '../../../services/api/adapters/express-app.js';
import { scrub, type KeeperDependencies } from '../../../services/recording/archive/keeper.js';
import { DAY_MS } from '../../../services/recording/archive/retention.js';
import { sealedBytes } from '../../../services/recording/archive/sealed-range.js';
import { keeperOf } from '../../../services/recording/adapters/keeping.js';
import { createRecordingExport, createRecordingHolds, createRecordingRoutes } from '../../../services/recording/index.js';
import type { Principal } from '../../../services/shared/domain/people/rights.js';
import type { EventBus } from '../../../services/shared/events/catalogue.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import { createReach } from '../../../services/shared/platform/reach/reach.js';
import type { AuditEntry } from '../../../services/shared/platform/http/route.js';
import { reachesAll } from '../../support/reaches.js';
import {
  archiveCall,
  archiverOf,
  noCustomers,
  noFacts,
  recordingConfig,
  toneOfASecond,
  startRecordingStores,
  type RecordingStores,
} from './recording-stores.js';

// What somebody does to the files of the object store behind everybody's back, and who finds it.
const now = new Date();
const compliance: Principal = {
  userId: 'compliance',
  name: 'compliance',
  sessionId: 's',
  roles: ['compliance'],
  scope: { queues: [], sites: [], clientUnits: [] },
};
const told: { code: string; text: { en: string; 'zh-CN': string } }[] = [];
const audited: AuditEntry[] = [];
let stores: RecordingStores;
let deps: KeeperDependencies;
let server: Server;
let base: string;

/** Bytes of sound of each recording, by which its file in the store is found. The last is longer than one check of the store covers. */
const BYTES = { whole: 0, flipped: 50_001, truncated: 50_002, deleted: 50_003, 'flipped-late': 9_000_004 };
const VERDICTS = {
  flipped: 'recording-damaged',
  truncated: 'recording-truncated',
  deleted: 'recording-missing',
  'flipped-late': 'recording-damaged',
} as const;

beforeAll(async () => {
  stores = await startRecordingStores();
  const { objects, mongo } = stores;
  const config = recordingConfig;
  const bus = { publish: async (_name: string, event: (typeof told)[0]) => void told.push(event) } as unknown as EventBus;
  const audit = async (entry: AuditEntry): Promise<void> => void audited.push(entry);
  const options = {
    config,
    mongo,
    reads: createAllReads(mongo),
    objects,
    bus,
    audit,
    log: silentLogger,
    reachOf: createReach(async () => []),
  };
  deps = keeperOf(options);
  const archiver = archiverOf(deps, mongo, now);
  const sound = await toneOfASecond();
  for (const [place, [callId, bytes]] of Object.entries(BYTES).entries())
    await archiveCall(stores, archiver, {
      callId,
      number: place + 1,
      endedAt: new Date(now.getTime() - 60_000 - place * 1_000),
      ogg: bytes === 0 ? sound : randomBytes(bytes),
    });

  const routes = createRecordingRoutes({ ...options, facts: noFacts, customers: noCustomers });
  const app = express();
  app.get('/export', async (_request, response) => {
    const query = { from: new Date(now.getTime() - DAY_MS), to: now };
    const run = { principal: compliance, from: '127.0.0.1', exportId: 'e1', reason: 'for the court', response: answerOf(response) };
    await createRecordingExport(options).send(query, run);
  });
  app.use(
    createExpressApp({
      lookUps: { take: async () => true },
      routes,
      whoIs: async () => compliance,
      reaches: reachesAll(true),
      audit,
      log: silentLogger,
      proxies: [],
      pages: stores.folder,
      overTls: false,
      checksAnswers: true,
    }),
  );
  server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}, 60_000);

afterAll(async () => {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
  await stores.stop();
});

const get = (path: string): Promise<Response> => fetch(`${base}${path}`, { headers: { authorization: 'Bearer x' } });

async function fileOf(callId: keyof typeof BYTES): Promise<string> {
  const bytes = sealedBytes((await deps.recordings.find(callId))!.format);
  const root = join(stores.folder, 'objects');
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && (await stat(path)).size === bytes) return path;
  }
  throw new Error('the object has no file of its own');
}

async function flip(path: string, at: number): Promise<void> {
  const file = await open(path, 'r+');
  const one = Buffer.alloc(1);
  await file.read(one, 0, 1, at);
  await file.write(Buffer.from([(one[0] ?? 0) ^ 1]), 0, 1, at);
  await file.close();
}

test('before anything is touched all of them play, and the nightly check finds nothing', async () => {
  for (const callId of Object.keys(BYTES)) expect((await get(`/api/recordings/${callId}/audio`)).status).toBe(200);
  expect(await scrub(deps, now)).toEqual({ opened: 5, damaged: [], unread: 0 });
  await flip(await fileOf('flipped'), 100);
  await flip(await fileOf('flipped-late'), 8_999_000);
  await truncate(await fileOf('truncated'), 40_000);
  await rm(await fileOf('deleted'));
});

test.each(Object.entries(VERDICTS))(
  '%s: a play says %s, raises an alarm in both languages, and gives out no byte',
  async (callId, code) => {
    told.length = 0;
    const { status, body } = await get(`/api/recordings/${callId}/audio?format=wav`).then(async (answer) => ({
      status: answer.status,
      body: (await answer.json()) as unknown,
    }));
    expect(status).toBe(code === 'recording-missing' ? 410 : 409);
    expect(body).toMatchObject({ code });
    const words = { 'recording-damaged': '哈希值不符', 'recording-truncated': '截断', 'recording-missing': '不在存储中' }[code];
    expect(told).toEqual([
      expect.objectContaining({
        code,
        text: expect.objectContaining({ 'zh-CN': expect.stringContaining(words) as unknown }) as unknown,
      }),
    ]);
    expect(audited.at(-1)).toMatchObject({ what: 'recording.damaged-found', object: callId, reason: code });
  },
);

test('a bulk export has what agrees, leaves out what does not, and its list says why in both languages', async () => {
  told.length = 0;
  const files = unzipSync(new Uint8Array(await (await get('/export')).arrayBuffer()));
  expect(Object.keys(files).sort()).toEqual(['1_whole.ogg', 'recordings.csv']);
  expect(Buffer.from(files['1_whole.ogg']!).toString('latin1')).toContain('EXPORT=e1');
  const rows: Record<string, string>[] = parse(strFromU8(files['recordings.csv']!), { columns: true, bom: true });
  expect(Object.fromEntries(rows.map(({ call, verdict }) => [call, verdict]))).toEqual({ whole: 'ok', ...VERDICTS });
  expect(rows.find(({ call }) => call === 'deleted')).toMatchObject({
    file: '',
    'in words': 'is gone from the store',
    核验结果: '已不在存储中',
  });
  expect(told.map(({ code }) => code).sort()).toEqual(Object.values(VERDICTS).sort());
  const downloads = audited.filter(({ what }) => what === 'recording.downloaded');
  expect(downloads.map(({ object }) => object).sort()).toEqual(Object.keys(BYTES).sort());
  expect(downloads[0]?.reason).toBe('export e1: for the court');
});

test('the nightly check names each kind and counts it, and a store that is away is no damage', async () => {
  told.length = 0;
  const { damaged, unread } = await scrub(deps, now);
  expect(Object.fromEntries(damaged.map(({ callId, why }) => [callId, why]))).toEqual(VERDICTS);
  expect(unread).toBe(0);
  expect(told.map(({ code, text }) => [code, text.en, text['zh-CN']])).toEqual([
    ['recording-damaged', expect.stringMatching(/found 2 .*does not match its hash/), expect.stringMatching(/2 份录音与登记的哈希值不符/)],
    ['recording-truncated', expect.stringMatching(/found 1 .*is shorter than/), expect.stringMatching(/1 份录音比存入时短，已被截断/)],
    ['recording-missing', expect.stringMatching(/found 1 .*is gone from the store/), expect.stringMatching(/1 份录音已不在存储中/)],
  ]);
  const away = { ...deps, playback: { ...deps.playback, whole: () => Promise.reject(new Error('connect ECONNREFUSED')) } };
  expect(await scrub(away, now)).toEqual({ opened: 5, damaged: [], unread: 5 });
});

test('a case about a call whose object is gone holds what there is, and the alarm names it', async () => {
  const { objects, mongo } = stores;
  const bus = { publish: async (_name: string, event: (typeof told)[0]) => void told.push(event) } as unknown as EventBus;
  const holds = createRecordingHolds({ config: recordingConfig, mongo, objects, bus, log: silentLogger });
  const { objectKey, objectVersion, ledgerNumber } = (await deps.recordings.find('whole'))!;
  await objects.removeObject('recordings', objectKey, { versionId: objectVersion, governanceBypass: true });
  await holds.hold(['whole', 'no-recording-at-all'], 'complaint TS20261127-0001');
  expect(told.at(-1)).toMatchObject({ code: 'recording-missing', text: { en: expect.stringContaining(`ledger number ${ledgerNumber} `) } });
  expect((await deps.recordings.find('whole'))?.holds).toMatchObject([{ id: 'complaint TS20261127-0001' }]);
  await holds.release(['whole'], 'complaint TS20261127-0001');
  expect((await deps.recordings.find('whole'))?.holds).toEqual([]);
});
