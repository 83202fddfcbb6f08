import { join } from 'node:path';
import { Client } from 'minio';
import mongoose from 'mongoose';
import { startDocumentStore } from '../../../infra/embedded/documents/index.js';
import { startObjectStore } from '../../../infra/embedded/objects/index.js';
import { createSealedShelf, readSealed } from '../../../services/recording/archive/adapters/call-folder.js';
import { Archiver } from '../../../services/recording/archive/archiver.js';
import type { FinishedCall } from '../../../services/recording/archive/finaliser.js';
import { createAesSealer } from '../../../services/recording/archive/adapters/aes-sealer.js';
import { createOpusEncoder } from '../../../services/recording/archive/adapters/opus-encoder.js';
import type { KeeperDependencies } from '../../../services/recording/archive/keeper.js';
import { defaultRetention } from '../../../services/recording/archive/retention.js';
import { encodeAlaw } from '../../../services/shared/domain/sound/g711.js';
import type { Config } from '../../../services/shared/platform/settings/config.js';
import type { DayFacts } from '../../../services/recording/ledger/ports.js';
import { createMongoLedger } from '../../../services/recording/ledger/adapters/mongo-ledger.js';
import { removeFolder, temporaryFolder } from './recording-support.js';

export const BUCKET = 'recordings';
const ACCESS = { accessKey: 'keeper', secretKey: 'keeper-secret' };
const LENGTH_MS = 60_000;

export interface RecordingStores {
  readonly folder: string;
  readonly endpoint: string;
  /** The URI of the document store, with its database. */
  readonly uri: string;
  readonly objects: Client;
  readonly mongo: mongoose.Connection;
  stop(): Promise<void>;
}

/** The embedded stores, empty, in a folder of their own. */
export async function startRecordingStores(): Promise<RecordingStores> {
  const folder = await temporaryFolder();
  const [documents, store] = await Promise.all([
    startDocumentStore({ folder: join(folder, 'documents') }),
    startObjectStore({
      dataFolder: join(folder, 'objects'),
      host: '127.0.0.1',
      port: 0,
      credentials: [{ ...ACCESS, policy: 'admin' }],
      log: () => undefined,
    }),
  ]);
  const { hostname, port } = new URL(store.endpoint);
  const objects = new Client({ endPoint: hostname, port: Number(port), useSSL: false, ...ACCESS, region: 'us-east-1' });
  const mongo = await mongoose.createConnection(`${documents.uri}proofline`).asPromise();
  return {
    folder,
    endpoint: store.endpoint,
    uri: `${documents.uri}proofline`,
    objects,
    mongo,
    async stop() {
      await mongo.close();
      await store.stop();
      await documents.close();
      await removeFolder(folder);
    },
  };
}

/** Days without other rows than those of the ledger. */
export const noFacts: DayFacts = { of: async () => ({}), contradictions: async () => [] };

/** The settings that the slice reads. */
export const recordingConfig = {
  MASTER_KEY: Buffer.alloc(32, 1).toString('base64'),
  MASTER_KEY_PREVIOUS: [],
  S3_BUCKET: BUCKET,
  S3_REGION: 'us-east-1',
  SITE_TIME_ZONE: 'Asia/Shanghai',
} as unknown as Config;

/** The product's archiver, built from the keeper's dependencies. */
export const archiverOf = (deps: KeeperDependencies, mongo: mongoose.Connection, now: Date): Archiver =>
  new Archiver({
    ...deps,
    ledger: createMongoLedger(mongo),
    sealer: createAesSealer(deps.keys),
    retention: async () => defaultRetention,
    now: () => now,
  });

/** A second of 440 Hz from both sides, as it is stored. */
export function toneOfASecond(): Promise<Uint8Array> {
  const tone = Uint8Array.from({ length: 8_000 }, (_, i) => encodeAlaw(Math.round(8_000 * Math.sin((2 * Math.PI * 440 * i) / 8_000))));
  return createOpusEncoder().encode({ caller: tone, agent: tone });
}

/** A call of a minute as the recorder finished it. */
export const finishedCall = (endedAt: Date, ogg: Uint8Array): FinishedCall => ({
  encoded: { ogg, durationMs: LENGTH_MS, peaks: { bucketMs: 100, caller: new Uint8Array(600), agent: new Uint8Array(600).fill(9) } },
  account: {
    stretches: [{ kind: 'recorded', fromMs: 0, toMs: LENGTH_MS }],
    ms: { recorded: LENGTH_MS, paused: 0, 'no-media': 0, lost: 0 },
    answeredMs: LENGTH_MS,
  },
  witnesses: { recorder: undefined, capture: undefined },
  gaps: [],
  marks: [],
  startedAt: new Date(endedAt.getTime() - LENGTH_MS).toISOString(),
  endedAt: endedAt.toISOString(),
});

/** Archives a call of a minute with the sound that is given. */
export async function archiveCall(
  { mongo }: RecordingStores,
  archiver: Archiver,
  { callId, number, endedAt, ogg }: { readonly callId: string; readonly number: number; readonly endedAt: Date; readonly ogg: Uint8Array },
): Promise<{ deliverAgain: () => Promise<unknown> }> {
  const ledger = createMongoLedger(mongo);
  const finished = finishedCall(endedAt, ogg);
  if (number === 1) await ledger.lease('test', 1_000, []);
  await ledger.intend({ number, callId, intendedAt: finished.startedAt });
  const kept = new Map<string, Uint8Array>();
  const shelf = createSealedShelf({ keepSealed: async (id, bytes) => void kept.set(id, bytes) }, callId);
  await archiver.deliver(await archiver.seal(callId, number, finished, shelf), { again: false });
  return {
    async deliverAgain() {
      await archiver.deliver(readSealed(kept.get(callId) ?? new Uint8Array()), { again: true });
    },
  };
}

/** No customers: requests about recordings alone. */
export const noCustomers = { erase: async () => undefined, present: async () => undefined, gone: async () => true };
