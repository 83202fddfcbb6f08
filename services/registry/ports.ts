import type { ReadImport } from './import.js';
import type { UserId } from '../shared/domain/ids.js';
import type { Approval, Entry } from './register.js';

/** Who acts, and from which address. */
export interface Person {
  readonly userId: UserId;
  readonly from: string;
}

/** A change of a row, kept for ever. `values` undefined: the row was removed. */
export interface Change extends Omit<Entry, 'values'> {
  readonly values?: Entry['values'];
}

export interface EntryStore {
  all(register: string): Promise<Entry[]>;
  one(register: string, key: string): Promise<Entry | undefined>;
  /** Fails with `wrong-state` when `expected` is not the stored revision (0: there is none). */
  put(entry: Entry, expected: number): Promise<void>;
  /** False when the row was changed meanwhile, or `by` wrote it. */
  approve(register: string, key: string, approval: Approval): Promise<boolean>;
  remove(register: string, key: string, by: string, at: Date): Promise<void>;
  history(register: string, key: string): Promise<Change[]>;
}

/** An import that has been checked completely. It is one document, so that it exists or does not. Applying it can be repeated. */
export interface ImportBatch {
  readonly importId: string;
  readonly register: string;
  readonly at: Date;
  readonly by: string;
  readonly rows: readonly { readonly key: string; readonly values: Entry['values'] }[];
}

export interface ImportStore {
  stage(batch: ImportBatch): Promise<void>;
  applied(importId: string, at: Date): Promise<void>;
  unfinished(): Promise<ImportBatch[]>;
}

/** Stored identity numbers: AES-256-GCM with a key derived from the site's master key, bound to their row. */
export interface IdentityCipher {
  seal(plain: string, row: string): string;
  /** Fails with `internal` when the text was altered or belongs to another row. */
  open(sealed: string, row: string): string;
}

export interface Attachment {
  readonly attachmentId: string;
  readonly register: string;
  readonly key: string;
  /** Only for a licence case: the item of the checklist that the file belongs to. */
  readonly item?: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly uploadedAt: Date;
  readonly uploadedBy: string;
}

export interface AttachmentStore {
  put(attachment: Omit<Attachment, 'sizeBytes' | 'sha256'>, body: Buffer): Promise<Attachment>;
  list(register?: string, key?: string): Promise<Attachment[]>;
  one(attachmentId: string): Promise<Attachment | undefined>;
  /** Detaches it from its row; false when it was detached already. The file stays stored. */
  withdraw(attachmentId: string, by: string, at: Date): Promise<boolean>;
  read(attachment: Attachment): Promise<AsyncIterable<Uint8Array>>;
}

/**
 * Reads an uploaded sheet (CSV or XLSX) for a register; its first row has the headers. Fails with `not-a-sheet`, with `too-large` and
 * `details.limit` when it is larger than a register can be, and with `too-many-requests` when too many files wait.
 */
export type ReadImportFile = (file: { readonly register: string; readonly bytes: Uint8Array }) => Promise<ReadImport>;
