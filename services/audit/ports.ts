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
  /** Appends in order and answers how many went in: fewer than all when another writer took a number first. */
  append(rows: readonly AuditRow[]): Promise<number>;
  /** Whether a row says exactly this. */
  has(content: AuditContent): Promise<boolean>;
  search(query: AuditSearch): Promise<AuditRow[]>;
  /** From a number on, by the batch, each in order; the next batch is on its way while one is looked at. */
  links(from: number): AsyncIterable<Iterable<Link>>;
  oldest(): Promise<AuditRow | undefined>;
  /** Takes the rows below a number away, for the end of their time. */
  removeBelow(number: number): Promise<number>;
}

/** Where heads of the chain are written down outside the database, under lock where the store has it. */
export interface AnchorStore {
  write(anchor: Anchor): Promise<void>;
  /** Every version that was ever written: one that was written over, or hidden by a deletion, counts too. */
  all(): Promise<Anchor[]>;
  /** Writes down from which row on the chain is kept, before older rows go. */
  writeFirstKept(anchor: Anchor): Promise<void>;
  firstKept(): Promise<Anchor[]>;
}
