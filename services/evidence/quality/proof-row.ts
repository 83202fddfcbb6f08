import { columnsOf } from './row-field.js';
import type { CallId, TrunkId } from '../../shared/domain/ids.js';

// Rows that no figure is counted from: an inspection asks to see them beside the figures.

/** A person's consent to be called. A pack has all consents recorded before its end: a request may rely on an old one. */
export interface ConsentRow {
  readonly consentId: string;
  /** When the consent was recorded. */
  readonly atMs: number;
  readonly givenAtMs: number;
  /** The same pseudonym of the person as `personKey` of an outbound request. */
  readonly personKey: string;
  readonly numberMasked: string;
  /** Separated by `;`. */
  readonly purposes: string;
  readonly channel: string;
  readonly clientUnit: string;
  readonly validUntilMs?: number;
  readonly withdrawnAtMs?: number;
  /** `file`, `call:<id>` of the recorded call, or empty when there is no proof. */
  readonly original: string;
  /** Of the file. */
  readonly originalSha256: string;
}

export const consentColumns = columnsOf<ConsentRow>()([
  'consentId',
  'atMs',
  'givenAtMs',
  'personKey',
  'numberMasked',
  'purposes',
  'channel',
  'clientUnit',
  'validUntilMs',
  'withdrawnAtMs',
  'original',
  'originalSha256',
]);

/** A leg that left the centre other than as an outbound call (transfer, consultation, overflow, step of a flow), or was refused. */
export interface LegRow {
  readonly legId: string;
  readonly callId: CallId;
  readonly atMs: number;
  readonly way: string;
  readonly allowed: boolean;
  readonly reason: string;
  readonly purpose: string;
  readonly personKey: string;
  readonly numberMasked: string;
  readonly shown: string;
  readonly trunkId: TrunkId;
}

export const legColumns = columnsOf<LegRow>()([
  'legId',
  'callId',
  'atMs',
  'way',
  'allowed',
  'reason',
  'purpose',
  'personKey',
  'numberMasked',
  'shown',
  'trunkId',
]);

/** An event of a complaint's clock. Rows are only ever added, so that the sheet of the day can fix them. */
export interface ClockRow {
  /** The number of the case, the position of the clock in it, and what happened. */
  readonly eventId: string;
  readonly number: string;
  readonly atMs: number;
  readonly what: 'started' | 'extended' | 'paused' | 'resumed' | 'recounted' | 'stopped' | 'closed' | 'reopened';
  /** For a start: when the answer is due. For a change: when it was due before. */
  readonly dueAtMs?: number;
  readonly ruleId: string;
}

export const clockColumns = columnsOf<ClockRow>()(['eventId', 'number', 'atMs', 'what', 'dueAtMs', 'ruleId']);

/** A file that people attached, as its owner keeps it. */
export interface AttachedFile {
  readonly fileId: string;
  /**
   * `letter`: of a complaint, with the complainant's full number in it. Its bytes are in no pack, because readers of packs may lack the
   * right to see numbers.
   */
  readonly of: 'complaint' | 'letter' | 'register' | 'consent';
  /** The number of the case, `register/row`, or the id of the consent. */
  readonly subject: string;
  /** When it was attached. */
  readonly atMs: number;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** For a file of a register that has been withdrawn: no list shows it any more. */
  readonly withdrawnAtMs?: number;
}

export interface AttachmentRow extends AttachedFile {
  /** `packed`: its bytes are in the pack; `listed`: the pack has only the row; `missing`: the store no longer has it. */
  readonly kept: 'packed' | 'listed' | 'missing';
  /** The path of its bytes in the pack. */
  readonly path: string;
}

export const attachmentColumns = columnsOf<AttachmentRow>()([
  'fileId',
  'of',
  'subject',
  'atMs',
  'fileName',
  'sizeBytes',
  'sha256',
  'withdrawnAtMs',
  'kept',
  'path',
]);

/** A recording that the seed of the pack drew. */
export interface DrawnRow {
  /** From 1, in the order of the draw. */
  readonly place: number;
  readonly callId: CallId;
  readonly atMs: number;
  readonly durationMs: number;
  readonly sizeBytes: number;
  /** Of the recording as it was stored: the bytes in the pack have it too. */
  readonly sha256: string;
  readonly ledgerNumber?: number;
  /** `packed`: its bytes are in the pack; `missing`: the store no longer has them as they were stored; `deleted`: by its rule. */
  readonly kept: 'packed' | 'missing' | 'deleted';
  /** Where its bytes are in the pack. */
  readonly path: string;
}

export const drawnColumns = columnsOf<DrawnRow>()([
  'place',
  'callId',
  'atMs',
  'durationMs',
  'sizeBytes',
  'sha256',
  'ledgerNumber',
  'kept',
  'path',
]);

/** A row of the recording ledger as the day sheet covers it. */
export interface LedgerEntry {
  readonly number: number;
  readonly callId: CallId;
  /** When the intent was written, which decides the day that the recording belongs to. */
  readonly atMs: number;
  /** All that the ledger says about the recording: JSON with sorted keys. */
  readonly row: string;
}

export const ledgerColumns = columnsOf<LedgerEntry>()(['number', 'callId', 'atMs', 'row']);
