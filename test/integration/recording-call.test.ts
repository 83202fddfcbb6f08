import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'minio';
import mongoose from 'mongoose';
import { startDocumentStore, type DocumentStore } from '../../infra/embedded/documents/index.js';
import { startObjectStore, type ObjectStore } from '../../infra/embedded/objects/index.js';
import { createAesSealer, createMasterKeyWrapper } from '../../services/recording/archive/adapters/aes-sealer.js';
import { createFfmpegEncoder } from '../../services/recording/archive/adapters/ffmpeg-encoder.js';
import { createMongoRecordings } from '../../services/recording/archive/adapters/mongo-recordings.js';
import { createS3Archive } from '../../services/recording/archive/adapters/s3-archive.js';
import { Playback } from '../../services/recording/archive/playback.js';
import type { Recording } from '../../services/recording/archive/ports.js';
import { createRecordingLedger } from '../../services/recording/index.js';
import { createMongoLedger } from '../../services/recording/ledger/adapters/mongo-ledger.js';
import type { EventOf } from '../../services/shared/events/catalogue.js';
import { silentLogger } from '../../services/shared/platform/logger.js';
import type { NgClient } from '../../services/shared/platform/rtpengine-ng.js';
import { createValkeyBus } from '../../services/shared/platform/valkey-bus.js';
import { createValkeyCommands } from '../../services/shared/platform/valkey-commands.js';
import {
  channelsOf,
  loudness,
  placeCall,
  removeFolder,
  seconds,
  startRtpengine,
  startValkey,
  stopProcess,
  temporaryFolder,
  toneShare,
  type PlainCall,
} from './recording-support.js';

const CALLER_HZ = 440;
const AGENT_HZ = 1_000;
const MASTER_KEY = Buffer.alloc(32, 7).toString('base64');
const root = join(import.meta.dirname, '..', '..');

let folder: string;
let relay: { url: string; ng: NgClient; child: ChildProcess };
let valkey: { url: string; child: ChildProcess };
let documents: DocumentStore;
let store: ObjectStore;
let objects: Client;
let mongo: mongoose.Connection;
let bus: ReturnType<typeof createValkeyBus>;
let commands: ReturnType<typeof createValkeyCommands>;
let ledger: ReturnType<typeof createRecordingLedger>;
let recorder: ChildProcess;
const archived = new Map<string, EventOf<'recording.archived'>>();
const heard = new Map<string, () => void>();

/** The recorder role as the product runs it: a process of its own. */
async function startRecorder(): Promise<ChildProcess> {
  const endpoint = new URL(store.endpoint);
  const child = spawn(process.execPath, ['--import', 'tsx', 'services/main.ts'], {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      ROLES: 'recorder',
      LOG_LEVEL: 'warn',
      PROOFLINE_HOME: folder,
      VALKEY_URL: valkey.url,
      MONGODB_URI: `${documents.uri}proofline`,
      S3_ENDPOINT: endpoint.origin,
      S3_ACCESS_KEY: 'recorder',
      S3_SECRET_KEY: 'recorder-secret',
      DRACHTIO_SECRET: 'not-used-here',
      TOKEN_KEY: 'not-used-here-but-long-enough-for-a-key',
      SEAT_KEY: 'not-used-here-either',
      MASTER_KEY,
      RTPENGINE_URLS: relay.url,
      RTPENGINE_PCAP_DIR: join(folder, 'pcap'),
      RECORDER_PORT_MIN: '30000',
      RECORDER_PORT_MAX: '30999',
      SPOOL_ALARM_FREE_BYTES: '0',
      SPOOL_REFUSE_FREE_BYTES: '0',
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await new Promise<void>((resolve, reject) => {
    child.on('message', (message: { type?: string }) => {
      if (message.type === 'ready') resolve();
    });
    child.once('exit', (code) => reject(new Error(`the recorder ended with ${String(code)}`)));
  });
  return child;
}

beforeAll(async () => {
  folder = await temporaryFolder();
  [relay, valkey, documents, store] = await Promise.all([
    startRtpengine(join(folder, 'pcap')),
    startValkey(),
    startDocumentStore({ folder: join(folder, 'documents') }),
    startObjectStore({
      dataFolder: join(folder, 'objects'),
      host: '127.0.0.1',
      port: 0,
      credentials: [{ accessKey: 'recorder', secretKey: 'recorder-secret', policy: 'admin' }],
    }),
  ]);
  const endpoint = new URL(store.endpoint);
  objects = new Client({
    endPoint: endpoint.hostname,
    port: Number(endpoint.port),
    useSSL: false,
    accessKey: 'recorder',
    secretKey: 'recorder-secret',
    region: 'us-east-1',
  });
  mongo = await mongoose.createConnection(`${documents.uri}proofline`).asPromise();
  bus = createValkeyBus({ url: valkey.url, log: silentLogger });
  commands = createValkeyCommands({ url: valkey.url, log: silentLogger });
  ledger = createRecordingLedger({ mongo, config: { PROOFLINE_HOME: folder }, log: silentLogger });
  await ledger.start();
  await bus.follow(({ name, event }) => {
    if (name !== 'recording.archived') return;
    archived.set(event.callId, event);
    heard.get(event.callId)?.();
  });
  recorder = await startRecorder();
});

afterAll(async () => {
  await stopProcess(recorder);
  await ledger.stop();
  await commands.close();
  await bus.close();
  await mongo.close();
  await store.stop();
  await documents.close();
  relay.ng.close();
  await stopProcess(relay.child);
  await stopProcess(valkey.child);
  await removeFolder(folder);
});

interface Recorded {
  readonly call: PlainCall;
  readonly callId: string;
  readonly ledgerNumber: number;
  readonly answeredMs: number;
}

async function answer(callId: string): Promise<Recorded> {
  const call = await placeCall(relay.ng, `media-${callId}`, { caller: CALLER_HZ, agent: AGENT_HZ });
  const media = { relay: relay.url, mediaCallId: call.mediaCallId, callerTag: 'A', farTag: 'far' };
  const { ledgerNumber } = await ledger.intent({ callId, legId: 'A', at: new Date().toISOString() });
  await commands.send('recorder.start', { callId, ledgerNumber, ...media });
  const answeredMs = Date.now();
  await bus.publish('call.answered', { callId, at: new Date(answeredMs).toISOString(), ledgerNumber, media });
  return { call, callId, ledgerNumber, answeredMs };
}

async function hangUp({ call, callId, answeredMs }: Recorded): Promise<{ talkMs: number; event: EventOf<'recording.archived'> }> {
  const stored = new Promise<void>((resolve) => heard.set(callId, resolve));
  const talkMs = Date.now() - answeredMs;
  await call.hangUp();
  await bus.publish('call.ended', {
    callId,
    at: new Date(answeredMs + talkMs).toISOString(),
    cause: 'completed',
    by: 'caller',
    answered: true,
  });
  await stored;
  return { talkMs, event: archived.get(callId)! };
}

async function playBack(callId: string): Promise<{ recording: Recording; ogg: Uint8Array; left: Int16Array; right: Int16Array }> {
  const recording = await createMongoRecordings(mongo).find(callId);
  if (recording === undefined) throw new Error('not stored');
  const playback = new Playback({
    archive: createS3Archive(objects, 'recordings', 'us-east-1'),
    sealer: createAesSealer(createMasterKeyWrapper([MASTER_KEY])),
    steadyMs: () => performance.now(),
  });
  const ogg = await playback.whole(recording);
  return { recording, ogg, ...channelsOf(await createFfmpegEncoder().toWav(ogg)) };
}

test('a call is stored with the caller left and the agent right, its hash and its length', async () => {
  const recorded = await answer('call-plain');
  await pause(3_000);
  const { talkMs, event } = await hangUp(recorded);
  const { recording, ogg, left, right } = await playBack('call-plain');

  expect(createHash('sha256').update(ogg).digest('hex')).toBe(event.sha256);
  expect(Math.abs(recording.durationMs - talkMs)).toBeLessThanOrEqual(1);
  expect(Math.abs(left.length / 8 - talkMs)).toBeLessThan(500);
  expect(toneShare(seconds(left, 1, 2), CALLER_HZ)).toBeGreaterThan(0.95);
  expect(toneShare(seconds(left, 1, 2), AGENT_HZ)).toBeLessThan(0.01);
  expect(toneShare(seconds(right, 1, 2), AGENT_HZ)).toBeGreaterThan(0.95);
  expect(toneShare(seconds(right, 1, 2), CALLER_HZ)).toBeLessThan(0.01);
  expect(loudness(seconds(left, 1, 2))).toBeGreaterThan(7_000);

  const row = await createMongoLedger(mongo).ofCall('call-plain');
  expect(row).toMatchObject({ number: recorded.ledgerNumber, state: 'accounted', recording: { sha256: event.sha256 } });
  expect(row!.account!.ms.lost).toBe(0);
  expect(row!.account!.ms.recorded).toBeGreaterThan(talkMs - 100);
  // The sealed object holds no readable sound, and nothing stays behind on the disk of the recorder or the relay.
  const sealed = await createS3Archive(objects, 'recordings', 'us-east-1').get(recording.objectKey, recording.objectVersion);
  expect(Buffer.from(sealed!).includes('OpusHead')).toBe(false);
  expect(await readdir(join(folder, 'spool', 'recordings', 'calls'))).toEqual([]);
});

test('a pause leaves nothing of the sound and is declared with its reason', async () => {
  const recorded = await answer('call-paused');
  await pause(2_000);
  await commands.send('recorder.pause', { callId: 'call-paused', reason: 'card data' });
  await pause(2_000);
  await commands.send('recorder.resume', { callId: 'call-paused' });
  await pause(2_000);
  await hangUp(recorded);
  const { recording, left, right } = await playBack('call-paused');

  for (const channel of [left, right]) expect(loudness(seconds(channel, 2.3, 3.7))).toBeLessThan(20);
  expect(toneShare(seconds(left, 4.5, 5.5), CALLER_HZ)).toBeGreaterThan(0.95);
  expect(recording.gaps).toEqual([expect.objectContaining({ kind: 'paused', reason: 'card data' })]);
  const [gap] = recording.gaps;
  expect(gap!.toMs - gap!.fromMs).toBeGreaterThan(1_900);
  expect(gap!.toMs - gap!.fromMs).toBeLessThan(2_200);
});

test('a recorder that is killed in a call takes it up again, and the relay’s capture fills what it missed', async () => {
  const recorded = await answer('call-killed');
  await pause(2_500);
  await stopProcess(recorder, 'SIGKILL');
  await pause(1_500);
  recorder = await startRecorder();
  await pause(2_500);
  const { talkMs } = await hangUp(recorded);
  const { left, right } = await playBack('call-killed');

  expect(Math.abs(left.length / 8 - talkMs)).toBeLessThan(500);
  for (let second = 0.5; second + 0.5 < talkMs / 1_000; second += 0.5) {
    expect(toneShare(seconds(left, second, second + 0.4), CALLER_HZ)).toBeGreaterThan(0.8);
    expect(toneShare(seconds(right, second, second + 0.4), AGENT_HZ)).toBeGreaterThan(0.8);
  }
  const row = await createMongoLedger(mongo).ofCall('call-killed');
  expect(row!.account!.ms.lost).toBe(0);
  expect(row!.witnesses).toMatchObject({ recorder: { restarts: 1 } });
});
