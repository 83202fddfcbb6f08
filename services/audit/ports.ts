import type { Anchor, AuditContent, AuditRow, Link } from './chain.js';

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
  /** Appends rows in order. Returns how many were written: fewer than all when another writer took a number first. */
  append(rows: readonly AuditRow[]): Promise<number>;
  /** Whether a row says exactly this. */
  has(content: AuditContent): Promise<boolean>;
  search(query: AuditSearch): Promise<AuditRow[]>;
  /** Reads from a number on, in ordered batches. The next batch is requested while the current one is processed. */
  links(from: number): AsyncIterable<Iterable<Link>>;
  oldest(): Promise<AuditRow | undefined>;
  /** Removes the rows below a number, at the end of their retention. */
  removeBelow(number: number): Promise<number>;
}

/** Where heads of the chain are stored outside the database, locked if the store supports it. */
export interface AnchorStore {
  write(anchor: Anchor): Promise<void>;
  /** Every version ever written, including overwritten ones and those hidden by a deletion. */
  all(): Promise<Anchor[]>;
  /** Records the first kept row of the chain, before older rows are removed. */
  writeFirstKept(anchor: Anchor): Promise<void>;
  firstKept(): Promise<Anchor[]>;
}
