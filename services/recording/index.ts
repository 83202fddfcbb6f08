import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Connection } from 'mongoose';
import { CallCentreError } from '../shared/domain/failure.js';
import type { CommandBus } from '../shared/contracts/calls/commands.js';
import type { EventBus } from '../shared/events/catalogue.js';
import type { Config } from '../shared/platform/settings/config.js';
import { nodeBoundToParent } from '../shared/platform/processes/bound-process.js';
import type { ExportKind } from '../shared/platform/reach/export-kind.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import { numberHasher, type NumberHash } from '../shared/platform/reach/number-hash.js';
import type { ObjectClient } from '../shared/platform/stores/objects.js';
import type { ReachOf } from '../shared/platform/reach/reach.js';
import type { Audit, Route } from '../shared/platform/http/route.js';
import type { NgClient } from '../shared/platform/network/rtpengine-ng.js';
import type { Service } from '../shared/platform/processes/service.js';
import type { CallReads } from '../shared/records/call.js';
import { keepingRoutes, masterKeys } from './adapters/keeping.js';
import { recordingBodies, type RecordingBodies } from './adapters/recording-bodies.js';
import { recordingLooks, type RecordingLooks } from './adapters/recording-looks.js';
import { createRecordingsExport } from './adapters/recordings-export.js';
import { createAesSealer } from './archive/adapters/aes-sealer.js';
import { createCallIndex } from './archive/adapters/call-index.js';
import { FinishingProcess } from './archive/adapters/finishing-process.js';
import { createOpusEncoder } from './archive/adapters/opus-encoder.js';
import { createMongoRecordings } from './archive/adapters/mongo-recordings.js';
import { createPcapFolder } from './archive/adapters/pcap-folder.js';
import { createS3Archive } from './archive/adapters/s3-archive.js';
import { channelsOf } from './archive/channels.js';
import { damageIn, damageWords, type Damage } from './archive/damage.js';
import type { Recording } from './archive/ports.js';
import { Playback } from './archive/playback.js';
import { createFileSpool } from './capture/adapters/file-spool.js';
import { endSpooled } from './capture/end-spooled.js';
import { createRtpengineCopies } from './capture/adapters/rtpengine-copies.js';
import { createStrangePackets } from './capture/strange-packets.js';
import { createUdpTaps } from './capture/adapters/udp-taps.js';
import { RecorderService } from './capture/recorder-service.js';
import type { CustomerErasure } from './keeping/http.js';
import { createRecordingHttp } from './http.js';
import { createFileIntentSpool } from './ledger/adapters/file-intent-spool.js';
import type { DaySheet } from './ledger/day-sheet.js';
import { canonicalRow } from './ledger/sheet.js';
import type { DayFacts, IntendedLeg } from './ledger/ports.js';
import { createMongoSheets } from './ledger/adapters/mongo-sheets.js';
import { createMongoLedger, createNumbersReader } from './ledger/adapters/mongo-ledger.js';
import { ledgerNumbers, missingNumbers, type LedgerNumbers } from './ledger/numbers.js';
import { RecordingLedger } from './ledger/recording-ledger.js';
import { systemClock } from '../shared/platform/processes/system-clock.js';
import { every } from '../shared/platform/processes/rounds.js';
import type { CallId } from '../shared/domain/ids.js';

export { checkRecordingDays, checkRecordingLedger, createRecordingKeeper, sealedAuditHeads } from './adapters/keeping.js';
export { createOpenJumps } from './adapters/open-jumps.js';
export { createProofWitnesses } from './adapters/proof.js';

const DELIVER_EVERY_MS = 1_000;
const steadyMs = (): number => performance.now();

/** In its own session, so that it can yield to calls. */
const startFinishing = (script: URL): ChildProcess =>
  fork(script, { detached: true, serialization: 'advanced', ...nodeBoundToParent(process.execArgv) });

export interface RecorderOptions {
  readonly config: Config;
  readonly commands: CommandBus;
  readonly bus: EventBus;
  readonly mongo: Connection;
  /** Of the slice that owns calls. */
  readonly reads: { readonly calls: CallReads };
  readonly log: Logger;
  /** The script of the archiving process. */
  readonly finishing: URL;
  /** How a relay is reached; tests may count commands. */
  readonly ng?: (url: string) => NgClient;
}

/** The recorder role: copies live calls to the spool, and finished calls to the archive. */
export function createRecorder({ config, commands, bus, mongo, reads, log, finishing: script, ng }: RecorderOptions): Service {
  const spool = createFileSpool({ folder: join(config.PROOFLINE_HOME, 'spool', 'recordings'), log });
  const captures = createPcapFolder(config.RTPENGINE_PCAP_DIR);
  const ledger = createMongoLedger(mongo);
  const finishing = new FinishingProcess({ spool, start: () => startFinishing(script), log });
  const recorder = new RecorderService({
    commands,
    bus,
    spool,
    captures,
    ledger,
    calls: createCallIndex(reads.calls),
    finishing,
    log,
    taps: createUdpTaps({ address: config.RECORDER_ADDRESS, portMin: config.RECORDER_PORT_MIN, portMax: config.RECORDER_PORT_MAX }),
    copies: createRtpengineCopies({ srtp: config.RECORDER_SRTP, connect: ng }),
    clock: { steadyMs, wallMs: systemClock.nowMs, every: systemClock.every },
    strange: createStrangePackets({ bus, steadyMs, wallMs: systemClock.nowMs, log }),
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

/** For a restored system, before its first start: ends the calls that went on when it was backed up. */
export async function endSpooledCalls({
  config,
  mongo,
  log,
}: Pick<RecorderOptions, 'mongo' | 'log'> & { readonly config: Pick<Config, 'PROOFLINE_HOME'> }): Promise<{
  readonly ended: number;
  readonly notAnswered: number;
}> {
  const spool = createFileSpool({ folder: join(config.PROOFLINE_HOME, 'spool', 'recordings'), log });
  await spool.start();
  try {
    return await endSpooled({ spool, ledger: createMongoLedger(mongo) });
  } finally {
    await spool.stop();
  }
}

/** The numbers of the recording ledger, for telephony: `intent` before the 200 OK. It is also a service: start it before the first call. */
export function createRecordingLedger({
  mongo,
  config,
  log,
}: {
  readonly mongo: Connection;
  readonly config: Pick<Config, 'PROOFLINE_HOME'>;
  readonly log: Logger;
}): Service & {
  intent(leg: IntendedLeg): Promise<{ readonly ledgerNumber: number }>;
} {
  const ledger = new RecordingLedger({
    store: createMongoLedger(mongo),
    spool: createFileIntentSpool(join(config.PROOFLINE_HOME, 'spool', 'ledger')),
    log,
    steadyMs,
  });
  const delivering = every(DELIVER_EVERY_MS, () => ledger.deliver(), 'ledger rows could not be delivered', log);
  return {
    name: 'recording-ledger',
    async start() {
      await ledger.start();
      delivering.start();
    },
    async stop() {
      await delivering.stop();
      await ledger.deliver();
      await ledger.close();
    },
    health: async () => ({ ok: true, facts: ledger.status() }),
    intent: (leg) => ledger.intent(leg),
  };
}

export interface RecordingRoutesOptions {
  readonly config: Config;
  readonly mongo: Connection;
  readonly objects: ObjectClient;
  readonly bus: EventBus;
  readonly audit: Audit;
  readonly log: Logger;
  /** The same hash that services/calls uses for the numbers of its records. */
  readonly numberHash?: NumberHash;
  readonly reachOf: ReachOf;
}

/** Search, play, download, notes. */
export function createRecordingRoutes(
  options: RecordingRoutesOptions & { readonly facts: DayFacts; readonly customers: CustomerErasure },
): Route[] {
  const { config, mongo, objects, audit, numberHash, reachOf, facts, customers } = options;
  const listening = createRecordingHttp({
    ...playedBack(options),
    encoder: createOpusEncoder(),
    reachOf,
    numberHash: numberHash ?? numberHasher(config.MASTER_KEY),
  });
  return [...listening, ...keepingRoutes({ config, mongo, objects, audit, reachOf, facts, customers })];
}

/** The recordings of a period as files, requested by one person and approved by another. */
export const createRecordingExport = (options: RecordingRoutesOptions): ExportKind =>
  createRecordingsExport({ ...playedBack(options), reachOf: options.reachOf });

/** The bytes of archived recordings by their call, for packs. */
export const createRecordingBodies = (options: Omit<RecordingRoutesOptions, 'numberHash' | 'reachOf'>): RecordingBodies =>
  recordingBodies(playedBack(options));

/** Looks at archived recordings while a pack is made: one of these for each pack. */
export function createRecordingLooks({
  config,
  mongo,
  objects,
  bus,
  log,
}: Omit<RecordingRoutesOptions, 'numberHash' | 'reachOf' | 'audit'>) {
  const archive = createS3Archive(objects, config.S3_BUCKET, config.S3_REGION);
  const playback = new Playback({ archive, sealer: createAesSealer(masterKeys(config)), steadyMs });
  return (): RecordingLooks =>
    recordingLooks({ recordings: createMongoRecordings(mongo), archive, playback, bus, log, now: () => new Date() });
}

/** What playing and downloading have in common: both raise the same alarm when a recording is not as it was stored. */
function playedBack({ config, mongo, objects, bus, audit, log }: Omit<RecordingRoutesOptions, 'numberHash' | 'reachOf'>) {
  const recordings = createMongoRecordings(mongo);
  return {
    recordings,
    playback: new Playback({
      archive: createS3Archive(objects, config.S3_BUCKET, config.S3_REGION),
      sealer: createAesSealer(masterKeys(config)),
      steadyMs,
    }),
    audit,
    now: () => new Date(),
    async damagedFound(recording: Recording, error: unknown): Promise<void> {
      const { callId, ledgerNumber } = recording;
      const damage = damageIn(error) ?? 'recording-damaged';
      log.error({ callId, ledgerNumber, code: damage }, 'a stored recording is damaged');
      await audit({ who: 'system:recording', what: 'recording.damaged-found', object: callId, success: false, reason: damage });
      await raiseDamaged(bus, { callId, ledgerNumber }, damage);
      // After the alarm, which a store that is away must not hold back.
      await recordings.noteOpened(recording, { at: new Date().toISOString(), by: 'playback', damage });
    },
  };
}

const raiseUnlocked = (bus: EventBus, { callId, ledgerNumber }: Pick<Recording, 'callId' | 'ledgerNumber'>): Promise<void> =>
  bus.publish('notice.raised', {
    at: new Date().toISOString(),
    code: 'legal-hold-not-set',
    subject: callId,
    text: {
      en: `The object store did not take the legal hold of the recording with ledger number ${ledgerNumber}; the product keeps it, the store does not yet.`,
      'zh-CN': `对象存储未能对台账编号 ${ledgerNumber} 的录音设置法律保留：系统不会删除该录音，但存储侧尚未锁定。`,
    },
  });

const raiseDamaged = (bus: EventBus, { callId, ledgerNumber }: Pick<Recording, 'callId' | 'ledgerNumber'>, damage: Damage): Promise<void> =>
  bus.publish('notice.raised', {
    at: new Date().toISOString(),
    code: damage,
    subject: callId,
    text: {
      en: `The stored recording with ledger number ${ledgerNumber} ${damageWords[damage].en}.`,
      'zh-CN': `台账编号 ${ledgerNumber} 的录音${damageWords[damage]['zh-CN']}。`,
    },
  });

type StoredRecordings = Pick<RecordingRoutesOptions, 'config' | 'mongo' | 'objects'>;

/** A stored recording, read back and decoded with its hashes checked. For test calls and for the inspector's view. */
export function createRecordingReader({ config, mongo, objects }: StoredRecordings): {
  read(callId: CallId): Promise<{
    readonly caller: Int16Array;
    readonly agent: Int16Array;
    readonly durationMs: number;
    readonly sha256: string;
    readonly hashEqual: boolean;
  }>;
} {
  const recordings = createMongoRecordings(mongo);
  const encoder = createOpusEncoder();
  const sealer = createAesSealer(masterKeys(config));
  const playback = new Playback({ archive: createS3Archive(objects, config.S3_BUCKET, config.S3_REGION), sealer, steadyMs });
  return {
    async read(callId) {
      const recording = await recordings.find(callId);
      if (recording === undefined) throw new CallCentreError('not-found', 'there is no such recording');
      const plain = await playback.whole(recording);
      const { left, right } = channelsOf(await encoder.toWav(plain));
      const sha256 = sealer.sha256(plain);
      return { caller: left, agent: right, durationMs: recording.durationMs, sha256, hashEqual: sha256 === recording.sha256 };
    },
  };
}

/** The rows of the ledger with an intent in this period, as their day sheets cover them, ordered by number. */
export function createLedgerReader(
  mongo: Connection,
): (stretch: {
  readonly fromMs: number;
  readonly untilMs: number;
}) => AsyncGenerator<readonly { readonly number: number; readonly callId: CallId; readonly atMs: number; readonly row: string }[]> {
  const ledger = createMongoLedger(mongo);
  return async function* ({ fromMs, untilMs }) {
    for await (const row of ledger.between(new Date(fromMs).toISOString(), new Date(untilMs).toISOString()))
      yield [{ number: row.number, callId: row.callId, atMs: Date.parse(row.intendedAt), row: canonicalRow(row) }];
  };
}

/** A number is given out a moment before its row is written. */
const ROW_WITHIN_MS = 2_000;

/** The numbers of the ledger from one to another, for packs. A gap is read again, because a row may be on its way. */
export function createLedgerNumbers(mongo: Connection): (from: number, to: number) => Promise<LedgerNumbers> {
  const read = createNumbersReader(mongo);
  return async (from, to) => {
    const found = ledgerNumbers(await read(from, to));
    if (missingNumbers(found).length === 0) return found;
    await new Promise((resolve) => setTimeout(resolve, ROW_WITHIN_MS));
    return ledgerNumbers(await read(from, to));
  };
}

/** The sealed day sheets from a day on (`YYYY-MM-DD`), in order. */
export function createSheetReader(mongo: Connection): (day: string) => Promise<readonly DaySheet[]> {
  const sheets = createMongoSheets(mongo);
  return async (day) => {
    const found: DaySheet[] = [];
    for await (const sheet of sheets.inOrder()) if (sheet.day >= day) found.push(sheet);
    return found;
  };
}

/**
 * Holds recordings past their retention while something needs them. A call whose recording is not stored yet is skipped. The hold is valid
 * once its entry is written. If the store lacks the object or does not answer, an alarm is raised and the caller's work continues.
 */
export function createRecordingHolds({
  config,
  mongo,
  objects,
  bus,
  log,
}: StoredRecordings & Pick<RecordingRoutesOptions, 'bus' | 'log'>): {
  hold(callIds: readonly CallId[], reason: string): Promise<void>;
  release(callIds: readonly CallId[], reason: string): Promise<void>;
} {
  const recordings = createMongoRecordings(mongo);
  const archive = createS3Archive(objects, config.S3_BUCKET, config.S3_REGION);
  return {
    async hold(callIds, reason) {
      for (const callId of callIds) {
        const recording = await recordings.find(callId);
        if (recording === undefined || recording.deletion !== undefined || recording.holds.some(({ id }) => id === reason)) continue;
        await recordings.addHold(callId, { id: reason, reason, by: 'system:complaints', at: new Date().toISOString() });
        try {
          await archive.setLegalHold(recording.objectKey, recording.objectVersion, true);
        } catch (error) {
          const { ledgerNumber } = recording;
          log.error({ err: error, callId, ledgerNumber }, 'the store did not accept a legal hold; the record of the recording has it');
          const damage = damageIn(error);
          await (damage === undefined ? raiseUnlocked(bus, recording) : raiseDamaged(bus, recording, damage));
        }
      }
    },
    async release(callIds, reason) {
      for (const callId of callIds) {
        if (!(await recordings.removeHold(callId, reason))) continue;
        const recording = await recordings.find(callId);
        if (recording?.holds.length !== 0) continue;
        await archive.setLegalHold(recording.objectKey, recording.objectVersion, false).catch((error: unknown) => {
          // The alarm about a missing recording was raised when it was held.
          if (damageIn(error) === undefined) throw error;
        });
      }
    },
  };
}

/** The hash of the caller in the recording of a call; undefined for a withheld number. */
export async function setRecordedCaller(mongo: Connection, callId: CallId, callerHash: string | undefined): Promise<void> {
  await mongo
    .collection<{ _id: string; callId: CallId }>('recordings')
    .updateMany(
      { _id: callId },
      callerHash === undefined ? { $unset: { 'facets.callerHash': '' } } : { $set: { 'facets.callerHash': callerHash } },
    );
}
