import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'minio';
import mongoose from 'mongoose';
import { startDocumentStore, type DocumentStore } from '../../../infra/embedded/documents/index.js';
import { startObjectStore, type ObjectStore } from '../../../infra/embedded/objects/index.js';
import { createAesSealer, createMasterKeyWrapper } from '../../../services/recording/archive/adapters/aes-sealer.js';
import { createOpusEncoder } from '../../../services/recording/archive/adapters/opus-encoder.js';
import { createMongoRecordings } from '../../../services/recording/archive/adapters/mongo-recordings.js';
import { createS3Archive } from '../../../services/recording/archive/adapters/s3-archive.js';
import { Playback } from '../../../services/recording/archive/playback.js';
import type { Recording } from '../../../services/recording/archive/ports.js';
import { createRecordingLedger } from '../../../services/recording/index.js';
import { createMongoLedger } from '../../../services/recording/ledger/adapters/mongo-ledger.js';
import type { LedgerRow } from '../../../services/recording/ledger/ports.js';
import type { EventOf } from '../../../services/shared/events/catalogue.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import type { NgClient } from '../../../services/shared/platform/network/rtpengine-ng.js';
import { createValkeyBus } from '../../../services/shared/platform/events/valkey-bus.js';
import { createValkeyCommands } from '../../../services/shared/platform/events/valkey-commands.js';
import {
  channelsOf,
  freePort,
  placeCall,
  removeFolder,
  startRtpengine,
  startValkey,
  stopProcess,
  temporaryFolder,
  type PlainCall,
} from './recording-support.js';

export const CALLER_HZ = 440;
export const AGENT_HZ = 1_000;
const MASTER_KEY = Buffer.alloc(32, 7).toString('base64');
/** The settings that a check of the ledger reads. */
export const rigStores = { MASTER_KEY, MASTER_KEY_PREVIOUS: [], S3_BUCKET: 'recordings', S3_REGION: 'us-east-1' };
const root = join(import.meta.dirname, '..', '..', '..');

export interface Recorded {
  readonly call: PlainCall;
  readonly callId: string;
  readonly ledgerNumber: number;
  readonly answeredMs: number;
}

/** Real relay, stores and Valkey, and the recorder role in a process of its own, as the product runs it. */
export class RecorderRig {
  readonly archived = new Map<string, EventOf<'recording.archived'>>();
  readonly #heard = new Map<string, () => void>();
  recorder!: ChildProcess;
  store!: ObjectStore;
  documents!: DocumentStore;

  private constructor(
    readonly folder: string,
    public relay: { url: string; ng: NgClient; child: ChildProcess },
    readonly valkey: { url: string; child: ChildProcess },
    readonly ports: { readonly objects: number; readonly documents: number },
    readonly objects: Client,
    readonly mongo: mongoose.Connection,
    readonly bus: ReturnType<typeof createValkeyBus>,
    readonly commands: ReturnType<typeof createValkeyCommands>,
    readonly ledger: ReturnType<typeof createRecordingLedger>,
    private readonly portMin: number,
    private readonly settings: Readonly<Record<string, string>>,
  ) {}

  /** `settings`: extra variables of the recorder, also after a restart. */
  static async start(portMin: number, settings: Readonly<Record<string, string>> = {}): Promise<RecorderRig> {
    const folder = await temporaryFolder();
    const ports = { objects: await freePort(), documents: await freePort() };
    await mkdir(join(folder, 'pcap'));
    const [relay, valkey] = await Promise.all([startRtpengine(join(folder, 'pcap')), startValkey()]);
    const documents = await startDocumentStore({ folder: join(folder, 'documents'), port: ports.documents });
    const objects = new Client({
      endPoint: '127.0.0.1',
      port: ports.objects,
      useSSL: false,
      accessKey: 'recorder',
      secretKey: 'recorder-secret',
      region: 'us-east-1',
    });
    const mongo = await mongoose.createConnection(`${documents.uri}proofline`).asPromise();
    const bus = createValkeyBus({ url: valkey.url, log: silentLogger });
    const commands = createValkeyCommands({ url: valkey.url, log: silentLogger });
    const ledger = createRecordingLedger({ mongo, config: { PROOFLINE_HOME: folder }, log: silentLogger });
    await ledger.start();
    const rig = new RecorderRig(folder, relay, valkey, ports, objects, mongo, bus, commands, ledger, portMin, settings);
    rig.documents = documents;
    await rig.startStore();
    await bus.follow(({ name, event }) => {
      if (name !== 'recording.archived') return;
      rig.archived.set(event.callId, event);
      rig.#heard.get(event.callId)?.();
    });
    rig.recorder = await rig.startRecorder();
    return rig;
  }

  async startStore(): Promise<void> {
    this.store = await startObjectStore({
      dataFolder: join(this.folder, 'objects'),
      host: '127.0.0.1',
      port: this.ports.objects,
      credentials: [{ accessKey: 'recorder', secretKey: 'recorder-secret', policy: 'admin' }],
      log: () => undefined,
    });
  }

  async startDocuments(): Promise<void> {
    this.documents = await startDocumentStore({ folder: join(this.folder, 'documents'), port: this.ports.documents });
  }

  async startRecorder(more: Readonly<Record<string, string>> = {}): Promise<ChildProcess> {
    const child = spawn(process.execPath, ['--import', 'tsx', 'services/main.ts'], {
      cwd: root,
      env: {
        PATH: process.env['PATH'],
        ROLES: 'recorder',
        LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'error',
        PROOFLINE_HOME: this.folder,
        VALKEY_URL: this.valkey.url,
        MONGODB_URI: `mongodb://127.0.0.1:${this.ports.documents}/proofline`,
        S3_ENDPOINT: `http://127.0.0.1:${this.ports.objects}`,
        S3_ACCESS_KEY: 'recorder',
        S3_SECRET_KEY: 'recorder-secret',
        DRACHTIO_SECRET: 'not-used-here',
        TOKEN_KEY: 'not-used-here-but-long-enough-for-a-key',
        SEAT_KEY: 'not-used-here-either',
        MASTER_KEY,
        RTPENGINE_URLS: this.relay.url,
        RTPENGINE_PCAP_DIR: join(this.folder, 'pcap'),
        RECORDER_PORT_MIN: String(this.portMin),
        RECORDER_PORT_MAX: String(this.portMin + 999),
        SPOOL_ALARM_FREE_BYTES: '0',
        SPOOL_REFUSE_FREE_BYTES: '0',
        ...this.settings,
        ...more,
      },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    await new Promise<void>((resolve, reject) => {
      child.on('message', (message: { type?: string }) => {
        if (message.type === 'ready') resolve();
      });
      child.once('exit', (code) => reject(new Error(`the recorder ended with ${String(code)}`)));
    });
    return child;
  }

  /** Kills the recorder without a word and starts it again after `awayMs`. */
  async killRecorder(awayMs = 0): Promise<void> {
    await stopProcess(this.recorder, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, awayMs));
    this.recorder = await this.startRecorder();
  }

  async stop(): Promise<void> {
    await stopProcess(this.recorder);
    await this.ledger.stop();
    await this.commands.close();
    await this.bus.close();
    await this.mongo.close();
    await this.store.stop();
    await this.documents.close();
    this.relay.ng.close();
    await stopProcess(this.relay.child);
    await stopProcess(this.valkey.child);
    await removeFolder(this.folder);
  }

  /** `told`: whether telephony reports the relay's ports before and at the answer; `relay`: a proxy in front of the relay. */
  async answer(
    callId: string,
    { relay = this.relay.url, told = [true, true] }: { relay?: string; told?: [boolean, boolean] } = {},
  ): Promise<Recorded> {
    const call = await placeCall(this.relay.ng, `media-${callId}`, { caller: CALLER_HZ, agent: AGENT_HZ });
    const place = { relay, mediaCallId: call.mediaCallId, callerTag: 'A', farTag: 'far' };
    const [before, after] = told.map((tells) => (tells ? { ...place, ports: call.ports } : place));
    const { ledgerNumber } = await this.ledger.intent({ callId, legId: 'A', at: new Date().toISOString(), media: { ...place, ...before } });
    // As telephony does it: a recorder that is down does not keep the call from being answered.
    await this.commands.send('recorder.start', { callId, ledgerNumber, ...place, ...before }, { timeoutMs: 500 }).catch(() => undefined);
    const answeredMs = Date.now();
    await this.bus.publish('call.answered', {
      callId,
      at: new Date(answeredMs).toISOString(),
      ledgerNumber,
      media: { ...place, ...after },
    });
    return { call, callId, ledgerNumber, answeredMs };
  }

  /** Ends the call without waiting for its recording. */
  async end({ call, callId, answeredMs }: Recorded): Promise<{ talkMs: number; stored: Promise<void> }> {
    const stored = new Promise<void>((resolve) => this.#heard.set(callId, resolve));
    const talkMs = Date.now() - answeredMs;
    await call.hangUp();
    const at = new Date(answeredMs + talkMs).toISOString();
    await this.bus.publish('call.ended', { callId, at, cause: 'completed', by: 'caller', answered: true });
    return { talkMs, stored };
  }

  async hangUp(recorded: Recorded): Promise<{ talkMs: number; event: EventOf<'recording.archived'> }> {
    const { talkMs, stored } = await this.end(recorded);
    await stored;
    return { talkMs, event: this.archived.get(recorded.callId)! };
  }

  async playBack(callId: string): Promise<{ recording: Recording; ogg: Uint8Array; left: Int16Array; right: Int16Array }> {
    const recording = await createMongoRecordings(this.mongo).find(callId);
    if (recording === undefined) throw new Error('not stored');
    const playback = new Playback({
      archive: createS3Archive(this.objects, 'recordings', 'us-east-1'),
      sealer: createAesSealer(createMasterKeyWrapper([MASTER_KEY])),
      steadyMs: () => performance.now(),
    });
    const ogg = await playback.whole(recording);
    return { recording, ogg, ...channelsOf(await createOpusEncoder().toWav(ogg)) };
  }

  async row(callId: string): Promise<LedgerRow> {
    const row = await createMongoLedger(this.mongo).ofCall(callId);
    if (row === undefined) throw new Error('not in the ledger');
    return row;
  }
}
