import { columnsOf } from './row-field.js';
import type { CallId, TrunkId } from '../../shared/domain/ids.js';

// Rows that no figure is counted from: what an inspection asks to be shown beside them.

/** That a person agreed to be called. A pack has all that were written down before its end: a request may rest on an old one. */
export interface ConsentRow {
  readonly consentId: string;
  /** When it was written down. */
  readonly atMs: number;
  readonly givenAtMs: number;
  /** The same person under another name, as `personKey` of a request to call out. */
  readonly personKey: string;
  readonly numberMasked: string;
  /** Separated by `;`. */
  readonly purposes: string;
  readonly channel: string;
  readonly clientUnit: string;
  readonly validUntilMs?: number;
  readonly withdrawnAtMs?: number;
  /** `file`, `call:<id>` of the recorded call, or empty when there is none. */
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

/** A leg of a call that left the centre by another way than a call out (transfer, consultation, overflow, step of a flow), or was refused. */
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

/** Something that happened to the clock of a complaint. Rows are only ever added, so that the sheet of the day can fix them. */
export interface ClockRow {
  /** Number of the case, place of the clock in it, and what happened. */
  readonly eventId: string;
  readonly number: string;
  readonly atMs: number;
  readonly what: 'started' | 'extended' | 'paused' | 'resumed' | 'recounted' | 'stopped' | 'closed' | 'reopened';
  /** Of a start: when the answer is due. Of a move: when it was due before. */
  readonly dueAtMs?: number;
  readonly ruleId: string;
}

export const clockColumns = columnsOf<ClockRow>()(['eventId', 'number', 'atMs', 'what', 'dueAtMs', 'ruleId']);

/** A file that people attached, as its owner keeps it. */
export interface AttachedFile {
  readonly fileId: string;
  /** `letter`: of a complaint, with the complainant's whole number in it. Its bytes are in no pack: whoever reads packs need not see numbers. */
  readonly of: 'complaint' | 'letter' | 'register' | 'consent';
  /** Number of the case, `register/row`, or the consent. */
  readonly subject: string;
  /** When it was attached. */
  readonly atMs: number;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** Of a file of a register: it is in no list any more. */
  readonly withdrawnAtMs?: number;
}

export interface AttachmentRow extends AttachedFile {
  /** `packed`: its bytes are in the pack; `listed`: the pack has the row alone; `missing`: the store has it no more. */
  readonly kept: 'packed' | 'listed' | 'missing';
  /** Where its bytes are in the pack. */
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

/** A row of the recording ledger as the sheet of its day covers it. */
export interface LedgerEntry {
  readonly number: number;
  readonly callId: CallId;
  /** When the recording was intended: the day that it belongs to. */
  readonly atMs: number;
  /** All that the ledger says of it: JSON with sorted keys. */
  readonly row: string;
}

export const ledgerColumns = columnsOf<LedgerEntry>()(['number', 'callId', 'atMs', 'row']);
