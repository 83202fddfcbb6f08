import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import type { Client } from 'minio';
import type { Connection } from 'mongoose';
import type { CommandBus } from '../shared/contracts/commands.js';
import type { EventBus } from '../shared/events/catalogue.js';
import type { Config } from '../shared/platform/config.js';
import type { Logger } from '../shared/platform/logger.js';
import type { Audit, Route } from '../shared/platform/route.js';
import type { NgClient } from '../shared/platform/rtpengine-ng.js';
import type { Service } from '../shared/platform/service.js';
import { createAesSealer, createMasterKeyWrapper } from './archive/adapters/aes-sealer.js';
import { createPieceShelf, createSealedShelf } from './archive/adapters/call-folder.js';
import { createFfmpegEncoder } from './archive/adapters/ffmpeg-encoder.js';
import { createMongoCallIndex } from './archive/adapters/mongo-call-index.js';
import { createMongoRecordings } from './archive/adapters/mongo-recordings.js';
import { createPcapFolder } from './archive/adapters/pcap-folder.js';
import { createS3Archive } from './archive/adapters/s3-archive.js';
import { Archiver } from './archive/archiver.js';
import { FinishingQueue } from './archive/finishing.js';
import { Playback } from './archive/playback.js';
import { defaultRetention } from './archive/retention.js';
import { createFileSpool } from './capture/adapters/file-spool.js';
import { createRtpengineCopies } from './capture/adapters/rtpengine-copies.js';
import { createUdpTaps } from './capture/adapters/udp-taps.js';
import { RecorderService } from './capture/recorder-service.js';
import { createRecordingHttp } from './http.js';
import { createFileIntentSpool } from './ledger/adapters/file-intent-spool.js';
import { createMongoLedger } from './ledger/adapters/mongo-ledger.js';
import { RecordingLedger } from './ledger/recording-ledger.js';

const DELIVER_EVERY_MS = 1_000;
const steadyMs = (): number => performance.now();

export interface RecorderOptions {
  readonly config: Config;
  readonly commands: CommandBus;
  readonly bus: EventBus;
  readonly mongo: Connection;
  readonly objects: Client;
  readonly log: Logger;
  /** How a relay is reached; tests may count commands. */
  readonly ng?: (url: string) => NgClient;
}

/** The recorder role: copies of live calls to the spool, finished calls to the archive. */
export function createRecorder({ config, commands, bus, mongo, objects, log, ng }: RecorderOptions): Service {
  const spool = createFileSpool({ folder: join(config.PROOFLINE_HOME, 'spool', 'recordings'), log });
  const captures = createPcapFolder(config.RTPENGINE_PCAP_DIR);
  const ledger = createMongoLedger(mongo);
  const now = (): Date => new Date();
  const finishing = new FinishingQueue({
    spool,
    captures,
    bus,
    log,
    now,
    encoder: createFfmpegEncoder(),
    pieces: createPieceShelf,
    sealed: createSealedShelf,
    archiver: new Archiver({
      archive: createS3Archive(objects, config.S3_BUCKET, config.S3_REGION),
      recordings: createMongoRecordings(mongo),
      calls: createMongoCallIndex(mongo),
      sealer: createAesSealer(createMasterKeyWrapper([config.MASTER_KEY])),
      retention: async () => defaultRetention,
      ledger,
      bus,
      log,
      now,
    }),
  });
  const recorder = new RecorderService({
    commands,
    bus,
    spool,
    captures,
    ledger,
    finishing,
    log,
    taps: createUdpTaps({ address: config.RECORDER_ADDRESS, portMin: config.RECORDER_PORT_MIN, portMax: config.RECORDER_PORT_MAX }),
    copies: createRtpengineCopies(ng),
    clock: { steadyMs, wallMs: () => Date.now() },
    alarmFreeBytes: config.SPOOL_ALARM_FREE_BYTES,
    refuseFreeBytes: config.SPOOL_REFUSE_FREE_BYTES,
  });
  return {
    name: 'recorder',
    start: () => recorder.start(),
    async stop() {
      await finishing.stop();
      await recorder.stop();
    },
    health: async () => recorder.health(),
  };
}

/**
 * The numbers of the recording ledger, for telephony: `intent` before the 200 OK. A service besides: start it before the first call.
 */
export function createRecordingLedger({
  mongo,
  config,
  log,
}: {
  readonly mongo: Connection;
  readonly config: Pick<Config, 'PROOFLINE_HOME'>;
  readonly log: Logger;
}): Service & {
  intent(leg: { readonly callId: string; readonly legId?: string; readonly at: string }): Promise<{ readonly ledgerNumber: number }>;
} {
  const ledger = new RecordingLedger({
    store: createMongoLedger(mongo),
    spool: createFileIntentSpool(join(config.PROOFLINE_HOME, 'spool', 'ledger')),
    log,
    steadyMs,
  });
  let timer: NodeJS.Timeout | undefined;
  return {
    name: 'recording-ledger',
    async start() {
      await ledger.start();
      timer = setInterval(() => void ledger.deliver(), DELIVER_EVERY_MS);
    },
    async stop() {
      clearInterval(timer);
      await ledger.deliver();
    },
    health: async () => ({ ok: true, facts: ledger.status() }),
    intent: (leg) => ledger.intent(leg),
  };
}

export interface RecordingRoutesOptions {
  readonly config: Config;
  readonly mongo: Connection;
  readonly objects: Client;
  readonly bus: EventBus;
  readonly audit: Audit;
  readonly log: Logger;
  /** As services/calls hashes the numbers of its records. */
  readonly numberHash?: (number: string) => string;
}

/** Search, play, download, notes. */
export function createRecordingRoutes({ config, mongo, objects, bus, audit, log, numberHash }: RecordingRoutesOptions): Route[] {
  const playback = new Playback({
    archive: createS3Archive(objects, config.S3_BUCKET, config.S3_REGION),
    sealer: createAesSealer(createMasterKeyWrapper([config.MASTER_KEY])),
    steadyMs,
  });
  return createRecordingHttp({
    recordings: createMongoRecordings(mongo),
    encoder: createFfmpegEncoder(),
    playback,
    audit,
    now: () => new Date(),
    numberHash: numberHash ?? ((number) => createHmac('sha256', config.MASTER_KEY).update(number).digest('hex')),
    async damagedFound({ callId, ledgerNumber }) {
      log.error({ callId, ledgerNumber }, 'a stored recording is damaged');
      await audit({ who: 'system:recording', what: 'recording.damaged-found', object: callId, success: false });
      await bus.publish('notice.raised', {
        at: new Date().toISOString(),
        level: 'alarm',
        code: 'recording-damaged',
        text: {
          en: `The stored recording with ledger number ${ledgerNumber} does not match its hash.`,
          'zh-CN': `账册编号 ${ledgerNumber} 的录音与其哈希值不符。`,
        },
      });
    },
  });
}
