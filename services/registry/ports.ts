import type { Entry } from './register.js';

/** A change of a row, kept for ever: `values` undefined means that the row was removed. */
export interface Change extends Omit<Entry, 'values'> {
  readonly values?: Entry['values'];
}

export interface EntryStore {
  all(register: string): Promise<Entry[]>;
  one(register: string, key: string): Promise<Entry | undefined>;
  /** Fails with `wrong-state` when `expected` is not the revision in the store (0: there is none). */
  put(entry: Entry, expected: number): Promise<void>;
  remove(register: string, key: string, by: string, at: Date): Promise<void>;
  history(register: string, key: string): Promise<Change[]>;
}

/** An import that has been checked whole. It is one document, so that it exists or does not; applying it can be repeated. */
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

/** Identity numbers at rest: AES-256-GCM under a key derived from the site's master key, bound to the row they belong to. */
export interface IdentityCipher {
  seal(plain: string, row: string): string;
  /** Fails with `internal` when the text was altered or belongs to another row. */
  open(sealed: string, row: string): string;
}

export interface Attachment {
  readonly attachmentId: string;
  readonly register: string;
  readonly key: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly uploadedAt: Date;
  readonly uploadedBy: string;
}

export interface AttachmentStore {
  put(attachment: Omit<Attachment, 'sizeBytes' | 'sha256'>, body: AsyncIterable<Uint8Array>): Promise<Attachment>;
  list(register?: string, key?: string): Promise<Attachment[]>;
  one(attachmentId: string): Promise<Attachment | undefined>;
  read(attachment: Attachment): Promise<AsyncIterable<Uint8Array>>;
}

/** The rows of a sheet, the first one its heads. Fails with `invalid-request` on a file that is neither CSV nor XLSX. */
export type ReadSheet = (bytes: Uint8Array) => Promise<readonly (readonly string[])[]>;
