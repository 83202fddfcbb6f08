import type { Anchor, AuditRow } from './chain.js';

export interface AuditSearch {
  readonly who?: string | undefined;
  readonly what?: string | undefined;
  readonly object?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly before?: number | undefined;
  readonly limit: number;
}

export interface AuditStore {
  newest(): Promise<AuditRow | undefined>;
  /** Appends all or, when another writer was faster, none: then false. */
  append(rows: readonly AuditRow[]): Promise<boolean>;
  search(query: AuditSearch): Promise<AuditRow[]>;
  inOrder(): AsyncIterable<AuditRow>;
}

/** Where heads of the chain are written down outside the database. */
export interface AnchorStore {
  write(anchor: Anchor): Promise<void>;
  all(): Promise<Anchor[]>;
}
