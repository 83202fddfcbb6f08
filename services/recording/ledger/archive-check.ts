import type { Finding } from '../../shared/contracts/api/calls/retention.js';
import type { Damage } from '../archive/damage.js';
import { DAY_MS, isRetentionClass, retentionClasses } from '../archive/retention.js';
import type { Sha256Hex } from './sheet.js';
import type { CallId } from '../../shared/domain/ids.js';

/** Every recording is opened once within this many days of checks. */
export const SAMPLE_DAYS = 90;
/** A deletion is recorded before it is carried out: one that is younger than this may still be in progress. */
const DELETION_TAKES_MS = 3_600_000;

/** What the archive's index says about a recording. */
export interface ArchivedRecording {
  readonly callId: CallId;
  readonly ledgerNumber: number;
  readonly sha256: string;
  readonly objectKey: string;
  readonly objectVersion: string;
  /** Length of the object in bytes. */
  readonly storedBytes: number;
  readonly endedAt: string;
  readonly retentionClass: string;
  readonly keepUntil: string;
  readonly held: boolean;
  readonly deletion?: { readonly at: string; readonly rule: string };
}

/** The archive as the check queries it. */
export interface RecordingWitness {
  of(callId: CallId): Promise<ArchivedRecording | undefined>;
  /** The call and the number of every recording. */
  all(): AsyncIterable<{ readonly callId: CallId; readonly ledgerNumber: number }>;
  /** Bytes of one version of an object; undefined when the store does not have it. */
  sizeOf(key: string, version: string): Promise<number | undefined>;
  /** Reads and decrypts a recording, compares it with its hashes, and notes when that was; undefined when it is whole. */
  open(callId: CallId): Promise<Damage | undefined>;
  /** The record of a deletion, kept apart from the recording. */
  deletionOf(callId: CallId): Promise<{ readonly at: string; readonly rule: string; readonly sha256: string } | undefined>;
}

export interface Draw {
  readonly now: Date;
  /**
   * Text that the operator does not choose: an inspector's words, or a digest from outside. It decides which recording is opened on which
   * day.
   */
  readonly seed: string;
  /** Opens every recording instead of the day's share. */
  readonly whole: boolean;
}

/** Whether the check of this day opens this recording. Over `SAMPLE_DAYS` days in a row each recording is drawn exactly once per seed. */
export function isDrawn(callId: CallId, { now, seed, whole }: Draw, sha256: Sha256Hex): boolean {
  if (whole) return true;
  const place = Number.parseInt(sha256(`${seed}\n${callId}`).slice(0, 12), 16) % SAMPLE_DAYS;
  return place === Math.floor(now.getTime() / DAY_MS) % SAMPLE_DAYS;
}

/** What is wrong with a deletion; undefined when a rule allowed it. */
export function deletionProblem(
  recording: ArchivedRecording,
  record: Awaited<ReturnType<RecordingWitness['deletionOf']>>,
): string | undefined {
  const { deletion, retentionClass, endedAt, keepUntil, held, sha256 } = recording;
  if (deletion === undefined) return undefined;
  if (record === undefined) return 'it is marked as deleted, and no record of a deletion exists';
  if (record.sha256 !== sha256) return 'the record of its deletion names another recording';
  if (held) return 'it was deleted while a legal hold was in force';
  const { minimumDays } = retentionClasses[isRetentionClass(retentionClass) ? retentionClass : 'outbound'];
  const at = Date.parse(record.at);
  if (at < Date.parse(endedAt) + minimumDays * DAY_MS) return `it was deleted before the ${minimumDays} days of its class were over`;
  const onRequest = record.rule.startsWith('request ');
  return at < Date.parse(keepUntil) && !onRequest ? `it was deleted at ${record.at}, to be kept until ${keepUntil}` : undefined;
}

export interface ArchiveTally {
  /** Objects that exist with the length that was stored. */
  present: number;
  /** Recordings that were read and compared with their hashes. */
  opened: number;
  deleted: number;
}

export interface ArchiveCheck {
  readonly recordings: RecordingWitness;
  readonly draw: Draw;
  readonly sha256: Sha256Hex;
  readonly tally: ArchiveTally;
  readonly found: (what: Finding['what'], detail: string) => void;
}

/**
 * Compares one recording with the archive: index entry, the hash in its ledger row (undefined when the row has none), object, length,
 * deletion; reads the recording when it is drawn.
 */
export async function checkRecording(number: number, callId: CallId, namedSha256: string | undefined, asked: ArchiveCheck): Promise<void> {
  const problem = await recordingProblem(callId, namedSha256, asked);
  if (problem !== undefined) asked.found(problem.what, `number ${number}: ${problem.detail}`);
}

async function recordingProblem(
  callId: CallId,
  namedSha256: string | undefined,
  { recordings, draw, sha256, tally }: ArchiveCheck,
): Promise<Finding | undefined> {
  const stored = await recordings.of(callId);
  if (stored === undefined) return { what: 'recording-missing', detail: 'the archive has no entry of its recording' };
  if (namedSha256 !== undefined && stored.sha256 !== namedSha256)
    return { what: 'recording-differs', detail: 'the archive has another hash' };
  const bytes = await recordings.sizeOf(stored.objectKey, stored.objectVersion);
  const record = stored.deletion === undefined && bytes !== undefined ? undefined : await recordings.deletionOf(callId);
  if (stored.deletion !== undefined) {
    tally.deleted += 1;
    const detail =
      deletionProblem(stored, record) ?? (bytes === undefined ? undefined : 'it is marked as deleted, and its object is still stored');
    return detail === undefined ? undefined : { what: 'deletion-unlawful', detail };
  }
  if (bytes === undefined) {
    // A deletion in progress already has its record, and its object may already be gone.
    const isGoing = record !== undefined && draw.now.getTime() - Date.parse(record.at) < DELETION_TAKES_MS;
    return isGoing ? undefined : { what: 'object-missing', detail: 'the object of its recording is gone from the store' };
  }
  if (bytes !== stored.storedBytes)
    return { what: 'object-differs', detail: `the object has ${bytes} bytes, ${stored.storedBytes} were stored` };
  tally.present += 1;
  if (!isDrawn(callId, draw, sha256)) return undefined;
  tally.opened += 1;
  const damage = await recordings.open(callId);
  return damage === undefined ? undefined : { what: 'object-differs', detail: damage };
}
