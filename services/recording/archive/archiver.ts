import type { EventBus } from '../../shared/events/catalogue.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { LedgerStore } from '../ledger/ports.js';
import type { FinishedCall } from './finaliser.js';
import type {
  CallFacets,
  CallIndex,
  IndexedCall,
  ObjectArchive,
  Recording,
  RecordingStore,
  Sealer,
  Settlement,
  StoredPeaks,
  StoredVersion,
} from './ports.js';
import { keepingOf, type Lock, type RetentionClassName, type RetentionDays } from './retention.js';
import type { CallId } from '../../shared/domain/ids.js';

/** Stored next to a sealed file, so that a second attempt sends the same bytes. */
export interface SealedRecord {
  readonly recording: Omit<Recording, 'facets' | 'retentionClass' | 'keepUntil'>;
  readonly settlement: Settlement;
}

export interface SealedCall {
  readonly record: SealedRecord;
  readonly bytes: Uint8Array;
  readonly peaks: StoredPeaks;
}

/** The folder of the call, for data that must survive a crash between sealing and the end of the upload. */
export interface SealedShelf {
  keep(sealed: SealedCall): Promise<void>;
}

export interface ArchiverDependencies {
  readonly archive: ObjectArchive;
  readonly recordings: RecordingStore;
  readonly calls: CallIndex;
  readonly ledger: LedgerStore;
  readonly sealer: Sealer;
  readonly bus: EventBus;
  readonly log: Logger;
  readonly retention: () => Promise<RetentionDays>;
  readonly now: () => Date;
}

/** Seals a finished call, uploads it, reads it back, and only then records that it is stored. */
export class Archiver {
  #lock: boolean | undefined;

  constructor(private readonly deps: ArchiverDependencies) {}

  async seal(callId: CallId, ledgerNumber: number, finished: FinishedCall, shelf: SealedShelf): Promise<SealedCall> {
    const { sealer, now } = this.deps;
    const { encoded } = finished;
    const sealed = await sealer.seal(encoded.ogg, callId);
    const sha256 = sealer.sha256(encoded.ogg);
    const objectKey = `calls/${finished.startedAt.slice(0, 10).replaceAll('-', '/')}/${callId}.ogg.sealed`;
    const kept: SealedCall = {
      record: {
        recording: {
          callId,
          ledgerNumber,
          startedAt: finished.startedAt,
          endedAt: finished.endedAt,
          durationMs: encoded.durationMs,
          sha256,
          sizeBytes: encoded.ogg.length,
          codec: 'opus',
          objectKey,
          objectVersion: '',
          objectSha256: sealed.sha256,
          format: sealed.format,
          key: sealed.key,
          marks: finished.marks,
          gaps: finished.gaps,
          notes: [],
          holds: [],
          archivedAt: now().toISOString(),
        },
        settlement: {
          callId,
          ledgerNumber,
          answeredAt: finished.startedAt,
          endedAt: finished.endedAt,
          account: finished.account,
          witnesses: {
            dialog: { answeredAt: finished.startedAt, endedAt: finished.endedAt },
            ...finished.witnesses,
            object: { key: objectKey, sha256, durationMs: encoded.durationMs },
          },
        },
      },
      bytes: sealed.bytes,
      peaks: encoded.peaks,
    };
    await shelf.keep(kept);
    return kept;
  }

  /**
   * Idempotent: may be tried `again` after any failure, also by another process with the content of the shelf. Fails when the store did not
   * keep the bytes.
   */
  async deliver({ record, bytes, peaks }: SealedCall, { again }: { readonly again: boolean }): Promise<Recording> {
    const { archive, recordings, ledger, sealer, bus, now } = this.deps;
    const { recording, settlement } = record;
    this.#lock ??= (await archive.prepare()).lock;
    const first = await this.#known(recording);
    // The lock follows from the record of the call, which may not exist yet; a lock cannot be changed later.
    const lock = first.indexed === undefined ? undefined : first.lock;
    const put = await archive.put(recording.objectKey, bytes, recording.objectSha256, { again, lock });
    const back = await archive.get(recording.objectKey, put.version);
    if (back === undefined || sealer.sha256(back) !== recording.objectSha256) throw new Error('the store returned other bytes');
    const known = first.indexed === undefined ? await this.#known(recording) : first;
    const locked = put.isNew && lock !== undefined ? lock : await this.#lockLater(recording.objectKey, put, known.lock);
    const { indexed } = known;
    const stored: Recording = {
      ...recording,
      objectVersion: put.version,
      facets: known.facets,
      retentionClass: known.retentionClass,
      keepUntil: known.keepUntil.toISOString(),
      archivedAt: now().toISOString(),
      ...(locked === undefined ? {} : { lockedUntil: locked.until.toISOString() }),
    };
    await recordings.save(stored, peaks);
    await ledger.settle({
      number: settlement.ledgerNumber,
      callId: settlement.callId,
      state: 'accounted',
      answeredAt: settlement.answeredAt,
      endedAt: settlement.endedAt,
      account: settlement.account,
      witnesses: { ...settlement.witnesses, ...(indexed?.relay === undefined ? {} : { relay: indexed.relay }) },
      recording: { objectKey: recording.objectKey, sha256: recording.sha256, durationMs: recording.durationMs },
    });
    await bus.publish('recording.archived', {
      callId: recording.callId,
      at: now().toISOString(),
      ledgerNumber: recording.ledgerNumber,
      objectKey: recording.objectKey,
      sha256: recording.sha256,
      durationMs: recording.durationMs,
      sizeBytes: recording.sizeBytes,
      hasFacets: indexed !== undefined,
    });
    return stored;
  }

  /** What the record of the call says, if it exists, and what follows from it. */
  async #known({ callId, endedAt }: SealedRecord['recording']): Promise<Known> {
    const indexed = await this.deps.calls.find(callId);
    const facets = facetsIn(indexed) ?? unknownCall;
    const retentionClass: RetentionClassName = facets.direction === 'outbound' ? 'outbound' : 'inbound';
    const { keepUntil, lock } = keepingOf(retentionClass, await this.deps.retention(), new Date(endedAt));
    // A recording that waited in the spool for longer than its lock would have lasted is not locked.
    const locks = this.#lock === true && lock.until > this.deps.now();
    return { indexed, facets, retentionClass, keepUntil, lock: locks ? lock : undefined };
  }

  /** Locks a version that was stored without a lock. The lock of an earlier attempt stays. */
  async #lockLater(key: string, { version, isNew }: StoredVersion, wanted: Lock | undefined): Promise<Lock | undefined> {
    if (wanted === undefined) return undefined;
    const there = isNew ? undefined : await this.deps.archive.lockOf(key, version);
    if (there !== undefined && there.until > this.deps.now()) return there;
    await this.deps.archive.lock(key, version, wanted);
    return wanted;
  }
}

interface Known {
  readonly indexed: IndexedCall | undefined;
  readonly facets: CallFacets;
  readonly retentionClass: RetentionClassName;
  readonly keepUntil: Date;
  /** `undefined` when the object is not locked. */
  readonly lock: Lock | undefined;
}

/** The part of a call's record by which recordings are found. */
export function facetsIn(indexed: IndexedCall | undefined): CallFacets | undefined {
  if (indexed === undefined) return undefined;
  const { answeredAt: _answeredAt, endedAt: _endedAt, relay: _relay, ...facets } = indexed;
  return facets;
}

/** Used until the call record exists. */
const unknownCall: CallFacets = { direction: 'inbound', callerMasked: '', callerHash: '', called: '', agentIds: [] };
