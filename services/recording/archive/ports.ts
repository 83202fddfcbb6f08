import type { Look, Opened } from './opened.js';
import type { Reach } from '../../shared/platform/reach/reach.js';
import type { Spool, SpoolFile } from '../capture/ports.js';
import type { CapturedDatagram } from '../media/pcap.js';
import type { Lock, RetentionDays } from './retention.js';
import type { Account } from '../ledger/account.js';
import type { ChannelCounts } from '../media/timeline.js';
import type { AgentId, CallId, QueueId } from '../../shared/domain/ids.js';

/** Both sides as A-law at 8 kHz, of the same length. */
export interface StereoSound {
  readonly caller: Uint8Array;
  readonly agent: Uint8Array;
}

/** The spool file of a call, read when the call has ended or is long. */
export type SpoolReading = Pick<SpoolFile, 'header' | 'read'>;

/** The spool, as the archiving process sees it. */
export interface EndedSpool extends Pick<Spool, 'keepSealed' | 'remove' | 'folderOf'> {
  /** A call that may still be live. */
  open(callId: CallId): Promise<SpoolReading | undefined>;
  /** A call that has ended, with the finished recording if it was sealed before. */
  take(callId: CallId): Promise<(SpoolReading & { readonly sealed: Uint8Array | undefined }) | undefined>;
}

/** The current time of a live call, on its own clock. */
export interface LiveMoment {
  readonly callId: CallId;
  readonly nowMs: number;
}

export interface Encoder {
  /** Ogg Opus, two channels (caller left, agent right), packets of `OPUS_PACKET_MS`. */
  encode(sound: StereoSound): Promise<Uint8Array>;
  /** WAV of 16-bit samples at 8 kHz from an Ogg Opus file. */
  toWav(ogg: Uint8Array): Promise<Uint8Array>;
}

/** A key in stored form: wrapped by the master key with that id. */
export interface WrappedKey {
  readonly masterKeyId: string;
  /** Base64 of nonce, wrapped key and tag. */
  readonly wrapped: string;
}

/** Wraps the keys of recordings, by a master key from a file or by a key service. */
export interface KeyWrapper {
  readonly currentKeyId: string;
  wrap(key: Uint8Array, context: string): Promise<WrappedKey>;
  /** Fails with `service-unavailable` when the master key with that id is not available. */
  unwrap(key: WrappedKey, context: string): Promise<Uint8Array>;
}

/** How a sealed object is read, without the key. */
export interface SealedFormat {
  readonly noncePrefix: string;
  readonly segmentBytes: number;
  readonly plainBytes: number;
}

export interface Sealed {
  readonly bytes: Uint8Array;
  readonly format: SealedFormat;
  readonly key: WrappedKey;
  /** SHA-256 of the sealed bytes, hex. */
  readonly sha256: string;
}

export interface Sealer {
  seal(plain: Uint8Array, context: string): Promise<Sealed>;
  /** Opens whole segments; `first` is the number of the first. Fails when a byte was changed. */
  open(segments: Uint8Array, first: number, format: SealedFormat, key: WrappedKey, context: string): Promise<Uint8Array>;
  sha256(bytes: Uint8Array): string;
}

/** The result of a put. `isNew` is false when the same bytes were already there, whatever their lock. */
export interface StoredVersion {
  /** An empty string when the bucket keeps no versions. */
  readonly version: string;
  readonly isNew: boolean;
}

/** The store of sealed recordings, using only S3. */
export interface ObjectArchive {
  /** Creates the bucket when it is missing, with Object Lock if the store has it. */
  prepare(): Promise<{ readonly lock: boolean }>;
  /** A new version is stored with its `lock`. Tried `again`, the same bytes create no second version. */
  put(
    key: string,
    bytes: Uint8Array,
    sha256: string,
    options: { readonly again: boolean; readonly lock?: Lock | undefined },
  ): Promise<StoredVersion>;
  /** `undefined` when there is no such object. */
  get(key: string, version: string, range?: { readonly from: number; readonly length: number }): Promise<Uint8Array | undefined>;
  /** Overwrites whatever was there before, as anybody with the right to write could. */
  overwrite(key: string, bytes: Uint8Array): Promise<void>;
  lock(key: string, version: string, lock: Lock): Promise<void>;
  /** The lock of a version, including an expired one. */
  lockOf(key: string, version: string): Promise<Lock | undefined>;
  setLegalHold(key: string, version: string, on: boolean): Promise<void>;
  remove(key: string, version: string, options: { readonly bypassGovernance: boolean }): Promise<void>;
  /** Whether the store refuses to remove this version and to shorten its lock. An answer other than a refusal counts as `allowed`. */
  tryToBreak(key: string, version: string): Promise<{ readonly remove: 'refused' | 'allowed'; readonly shorten: 'refused' | 'allowed' }>;
}

export interface Gap {
  readonly fromMs: number;
  readonly toMs: number;
  readonly kind: string;
  readonly reason: string;
}

export interface LegalHold {
  readonly id: string;
  readonly reason: string;
  readonly by: string;
  readonly at: string;
}

export interface Note {
  readonly id: string;
  readonly atMs: number;
  readonly text: string;
  readonly by: string;
  readonly at: string;
}

/** The search fields, copied from the record of the call. */
export interface CallFacets {
  readonly direction: 'inbound' | 'outbound';
  readonly callerMasked: string;
  readonly callerHash: string;
  readonly called: string;
  readonly agentIds: readonly AgentId[];
  readonly queueId?: QueueId;
  /** The path through the queue's results, by codes. A search for its last code finds the call. */
  readonly disposition?: readonly string[];
  readonly cause?: string;
  readonly score?: number;
  readonly complaintIds?: readonly string[];
}

/** One recording, under the id of its call. */
export interface Recording {
  readonly callId: CallId;
  readonly ledgerNumber: number;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly durationMs: number;
  /** The hash of the audio file as it is played, in hex. */
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly codec: 'opus';
  readonly objectKey: string;
  readonly objectVersion: string;
  readonly objectSha256: string;
  readonly format: SealedFormat;
  readonly key: WrappedKey;
  readonly marks: readonly { readonly atMs: number; readonly what: string }[];
  readonly gaps: readonly Gap[];
  readonly notes: readonly Note[];
  readonly facets: CallFacets;
  readonly retentionClass: string;
  readonly keepUntil: string;
  readonly lockedUntil?: string;
  readonly holds: readonly LegalHold[];
  readonly archivedAt: string;
  readonly deletion?: { readonly at: string; readonly by: string; readonly rule: string };
  readonly opened?: Opened;
}

export interface RecordingSearch {
  readonly callerHash?: string | undefined;
  readonly called?: string | undefined;
  readonly agentId?: AgentId | undefined;
  readonly queueId?: QueueId | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly minMs?: number | undefined;
  readonly maxMs?: number | undefined;
  readonly disposition?: string | undefined;
  readonly minScore?: number | undefined;
  readonly maxScore?: number | undefined;
  readonly complaint?: boolean | undefined;
  readonly note?: string | undefined;
  readonly held?: boolean | undefined;
  readonly cause?: string | undefined;
  readonly direction?: 'inbound' | 'outbound' | undefined;
  /** The cursor of the previous page: start time and id of its last row. */
  readonly before?: { readonly startedAt: string; readonly callId: CallId } | undefined;
  readonly limit: number;
  /** The reach of the person who asks. */
  readonly reach: Reach;
}

export interface StoredPeaks {
  readonly bucketMs: number;
  readonly caller: Uint8Array;
  readonly agent: Uint8Array;
}

export interface RecordingStore {
  save(recording: Recording, peaks: StoredPeaks): Promise<void>;
  find(callId: CallId): Promise<Recording | undefined>;
  peaks(callId: CallId): Promise<StoredPeaks | undefined>;
  search(query: RecordingSearch): Promise<Recording[]>;
  setFacets(callId: CallId, facets: Partial<CallFacets>): Promise<void>;
  /** Like `setFacets`. For a call whose recording is not stored yet, the value is kept and stored with it. */
  learn(callId: CallId, facets: Partial<CallFacets>): Promise<void>;
  /** Also for a call whose recording is not stored yet. */
  addComplaint(callId: CallId, complaintId: string): Promise<void>;
  addNote(callId: CallId, note: Note): Promise<void>;
  addHold(callId: CallId, hold: LegalHold): Promise<boolean>;
  removeHold(callId: CallId, holdId: string): Promise<boolean>;
  setKey(callId: CallId, key: WrappedKey): Promise<void>;
  /** Recordings whose key is wrapped by another master key than `keyId`, up to `limit`. */
  underOtherKey(keyId: string, limit: number): Promise<Recording[]>;
  /** Recordings that are past their retention and not held. */
  due(now: Date, limit: number, except: readonly string[]): Promise<Recording[]>;
  /** Notes what was found when a check opened a recording. */
  noteOpened(recording: Pick<Recording, 'callId' | 'opened'>, look: Look): Promise<void>;
  markDeleted(callId: CallId, deletion: NonNullable<Recording['deletion']>): Promise<void>;
  /** The call and the number of every recording, including deleted ones. */
  numbers(): AsyncIterable<{ readonly callId: CallId; readonly ledgerNumber: number }>;
  /** Existing recordings that began in `[from, to)`, oldest first: for the scrub and for reviews. */
  sample(from: Date, to: Date, limit: number): Promise<Recording[]>;
  /** The calls whose recordings began in this period and are not deleted. */
  stored(from: Date | undefined, to: Date): AsyncIterable<string>;
}

/** What the call record says about the call. */
export interface IndexedCall extends CallFacets {
  readonly answeredAt?: string;
  readonly endedAt?: string;
  /** The relay's own counts of the caller's packets over the whole dialog; missing while the record has none. */
  readonly relay?: RelayWitness;
}

export interface RelayWitness {
  readonly callerPackets: number;
  /** Sequence numbers that never reached the relay. */
  readonly callerLost: number;
}

/** The call record of services/calls, as far as recordings need it. */
export interface CallIndex {
  find(callId: CallId): Promise<IndexedCall | undefined>;
}

/** The relay's own captures. */
export interface Captures {
  /** In order of time; `undefined` when there is no capture for the call. */
  read(mediaCallId: string): Promise<CapturedDatagram[] | undefined>;
  /** Sets the current capture aside, so that a new one does not overwrite it. */
  setAside(mediaCallId: string): Promise<void>;
  remove(mediaCallId: string): Promise<void>;
  /** Removes captures that have not been written to for this long and belong to none of these calls. Resolves with their number. */
  removeOlder(ageMs: number, except: readonly string[]): Promise<number>;
}

/** Witnesses of one account, as the ledger stores them. */
export interface Witnesses {
  readonly dialog: { readonly answeredAt: string; readonly endedAt: string };
  readonly recorder: { readonly caller: ChannelCounts; readonly agent: ChannelCounts; readonly restarts: number } | undefined;
  readonly capture: { readonly callerPackets: number; readonly agentPackets: number; readonly filledMs: number } | undefined;
  /** Counted by the relay itself, independently of its capture; missing when the record of the call was not written yet. */
  readonly relay?: RelayWitness;
  readonly object: { readonly key: string; readonly sha256: string; readonly durationMs: number } | undefined;
}

export interface Settlement {
  readonly callId: CallId;
  readonly ledgerNumber: number;
  readonly answeredAt: string;
  readonly endedAt: string;
  readonly account: Account;
  readonly witnesses: Witnesses;
}

/** What was deleted, when, by whom and by which rule. The entry outlives the recording. */
export interface DeletionRecord {
  readonly callId: CallId;
  readonly ledgerNumber: number;
  readonly sha256: string;
  readonly durationMs: number;
  readonly startedAt: string;
  readonly retentionClass: string;
  readonly at: string;
  readonly by: string;
  readonly rule: string;
}

export interface DeletionStore {
  find(callId: CallId): Promise<DeletionRecord | undefined>;
  add(deletion: DeletionRecord): Promise<void>;
  list(query: { readonly from?: Date | undefined; readonly to?: Date | undefined; readonly limit: number }): Promise<DeletionRecord[]>;
}

/** An attempt to break the lock. */
export interface LockProbe {
  readonly at: string;
  readonly lock: boolean;
  readonly remove: 'refused' | 'allowed';
  readonly shorten: 'refused' | 'allowed';
  readonly intact: boolean;
}

export interface LockProbes {
  add(probe: LockProbe): Promise<void>;
  newest(limit: number): Promise<LockProbe[]>;
}

/** The settings of this slice that people change, in one document. */
export interface RetentionSettings {
  get(): Promise<RetentionDays>;
  set(days: RetentionDays): Promise<void>;
}
