import type { Finding } from '../../shared/contracts/api/calls/retention.js';
import { damageWords, type Damage } from '../archive/damage.js';
import { DAY_MS, isRetentionClass, retentionClasses } from '../archive/retention.js';
import type { Sha256Hex } from './sheet.js';
import type { CallId } from '../../shared/domain/ids.js';
import type { Words } from '../../shared/domain/language.js';

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
): Words | undefined {
  const { deletion, retentionClass, endedAt, keepUntil, held, sha256 } = recording;
  if (deletion === undefined) return undefined;
  if (record === undefined)
    return { zh: '已标记为删除，但没有删除记录', en: 'it is marked as deleted, and no record of a deletion exists' };
  if (record.sha256 !== sha256) return { zh: '其删除记录所指的是另一份录音', en: 'the record of its deletion names another recording' };
  if (held) return { zh: '在法律保全期间被删除', en: 'it was deleted while a legal hold was in force' };
  const { minimumDays } = retentionClasses[isRetentionClass(retentionClass) ? retentionClass : 'outbound'];
  const at = Date.parse(record.at);
  if (at < Date.parse(endedAt) + minimumDays * DAY_MS)
    return {
      zh: `未满所属类别规定的 ${minimumDays} 天即被删除`,
      en: `it was deleted before the ${minimumDays} days of its class were over`,
    };
  const onRequest = record.rule.startsWith('request ');
  if (at >= Date.parse(keepUntil) || onRequest) return undefined;
  return {
    zh: `于 ${record.at} 被删除，而应保存至 ${keepUntil}`,
    en: `it was deleted at ${record.at}, to be kept until ${keepUntil}`,
  };
}

export interface ArchiveTally {
  /** Objects that exist with the length that was stored. */
  present: number;
  /** Recordings that were read and compared with their hashes. */
  opened: number;
  deleted: number;
}

/** Notes what is wrong. */
export type Found = (what: Finding['what'], detail: Words) => void;

export interface ArchiveCheck {
  readonly recordings: RecordingWitness;
  readonly draw: Draw;
  readonly sha256: Sha256Hex;
  readonly tally: ArchiveTally;
  readonly found: Found;
}

/**
 * Compares one recording with the archive: index entry, the hash in its ledger row (undefined when the row has none), object, length,
 * deletion; reads the recording when it is drawn.
 */
export async function checkRecording(number: number, callId: CallId, namedSha256: string | undefined, asked: ArchiveCheck): Promise<void> {
  const problem = await recordingProblem(callId, namedSha256, asked);
  if (problem === undefined) return;
  const { what, zh, en } = problem;
  asked.found(what, { zh: `${numberWords(number).zh}：${zh}`, en: `${numberWords(number).en}: ${en}` });
}

/** A number of the ledger, in words. */
export const numberWords = (number: number): Words => ({ zh: `编号 ${number}`, en: `number ${number}` });

async function recordingProblem(
  callId: CallId,
  namedSha256: string | undefined,
  { recordings, draw, sha256, tally }: ArchiveCheck,
): Promise<(Words & Pick<Finding, 'what'>) | undefined> {
  const stored = await recordings.of(callId);
  if (stored === undefined)
    return { what: 'recording-missing', zh: '录音库中没有该录音的条目', en: 'the archive has no entry of its recording' };
  if (namedSha256 !== undefined && stored.sha256 !== namedSha256)
    return { what: 'recording-differs', zh: '录音库登记的是另一个哈希值', en: 'the archive has another hash' };
  const bytes = await recordings.sizeOf(stored.objectKey, stored.objectVersion);
  const record = stored.deletion === undefined && bytes !== undefined ? undefined : await recordings.deletionOf(callId);
  if (stored.deletion !== undefined) {
    tally.deleted += 1;
    const problem = deletionProblem(stored, record) ?? (bytes === undefined ? undefined : STILL_STORED);
    return problem === undefined ? undefined : { what: 'deletion-unlawful', ...problem };
  }
  if (bytes === undefined) {
    // A deletion in progress already has its record, and its object may already be gone.
    const isGoing = record !== undefined && draw.now.getTime() - Date.parse(record.at) < DELETION_TAKES_MS;
    return isGoing
      ? undefined
      : { what: 'object-missing', zh: '录音文件已不在存储中', en: 'the object of its recording is gone from the store' };
  }
  if (bytes !== stored.storedBytes)
    return {
      what: 'object-differs',
      zh: `录音文件为 ${bytes} 字节，存入时为 ${stored.storedBytes} 字节`,
      en: `the object has ${bytes} bytes, ${stored.storedBytes} were stored`,
    };
  tally.present += 1;
  if (!isDrawn(callId, draw, sha256)) return undefined;
  tally.opened += 1;
  const damage = await recordings.open(callId);
  if (damage === undefined) return undefined;
  const { 'zh-CN': zh, en } = damageWords[damage];
  return { what: 'object-differs', zh: `录音${zh}`, en: `the recording ${en}` };
}

const STILL_STORED: Words = { zh: '已标记为删除，而录音文件仍在存储中', en: 'it is marked as deleted, and its object is still stored' };
