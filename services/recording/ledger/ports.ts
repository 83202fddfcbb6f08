import type { Words } from '../../shared/domain/language.js';
import type { Account } from './account.js';
import type { Amendment, DaySheet, SheetFact } from './day-sheet.js';
import type { CallId } from '../../shared/domain/ids.js';

export const rowStates = ['intended', 'answered', 'accounted', 'not-answered', 'void'] as const;
export type RowState = (typeof rowStates)[number];

export interface RowMedia {
  readonly relay: string;
  readonly mediaCallId: string;
  readonly callerTag: string;
  readonly farTag: string;
  /** Where the relay receives the two sides, if telephony has said so. */
  readonly ports?: { readonly caller: number; readonly far: number; readonly farAddress?: string | undefined } | undefined;
}

/** A moment at which recording was paused for this reason, or was resumed. */
export interface RowPause {
  readonly at: string;
  readonly reason?: string;
}

/** One leg that was to be recorded. Times are UTC, ISO 8601. */
export interface LedgerRow {
  readonly number: number;
  readonly callId: CallId;
  readonly legId?: string;
  readonly state: RowState;
  readonly intendedAt: string;
  readonly answeredAt?: string;
  readonly endedAt?: string;
  /** From the intent on; of a party that we called, complete with the answer. */
  readonly media?: RowMedia;
  /** For a recorder that takes the call over without the disk of the one before. */
  readonly pauses?: readonly RowPause[];
  readonly account?: Account;
  readonly witnesses?: unknown;
  readonly recording?: { readonly objectKey: string; readonly sha256: string; readonly durationMs: number };
  /** Why there is no account, for a row that ends without one. */
  readonly reason?: string;
}

export interface Lease {
  readonly owner: string;
  readonly from: number;
  readonly to: number;
}

export interface LedgerHead {
  /** The first number that nobody holds. */
  readonly next: number;
  readonly leases: readonly Lease[];
}

export interface LedgerStore {
  head(): Promise<LedgerHead>;
  /**
   * Takes the next `size` numbers for `owner` in one atomic step and gives up its leases in `usedUp`. Resolves with all leases that the
   * owner now holds, including one that it never heard of because the answer to an earlier request was lost.
   */
  lease(owner: string, size: number, usedUp: readonly Lease[]): Promise<readonly Lease[]>;
  /** False when another call has the number; when this call has it, the row is completed. */
  intend(row: Pick<LedgerRow, 'number' | 'callId' | 'legId' | 'intendedAt' | 'media'>): Promise<boolean>;
  /** The numbers in `[from, to]` that have a row. */
  used(from: number, to: number): Promise<number[]>;
  answered(row: Pick<LedgerRow, 'number' | 'callId' | 'answeredAt' | 'media'>): Promise<void>;
  /** A settled row is left as it is. */
  paused(row: Pick<LedgerRow, 'number' | 'callId'> & { readonly pause: RowPause }): Promise<void>;
  /** Ends a row. A row whose day is sealed stays as it is: what arrives now is kept as an amendment for the next sheet. */
  settle(
    row: Pick<LedgerRow, 'number' | 'callId' | 'state' | 'answeredAt' | 'endedAt' | 'account' | 'witnesses' | 'recording' | 'reason'>,
  ): Promise<void>;
  ofCall(callId: CallId): Promise<LedgerRow | undefined>;
  first(): Promise<LedgerRow | undefined>;
  /** Rows that have no end yet. */
  open(): Promise<LedgerRow[]>;
  /** Rows whose intent lies in `[from, to)`, in order of number. */
  between(from: string, to: string): AsyncIterable<LedgerRow>;
  inOrder(): AsyncIterable<LedgerRow>;
}

/** A leg that is about to be answered, or dialled. */
export interface IntendedLeg {
  readonly callId: CallId;
  readonly legId?: string;
  readonly at: string;
  readonly media?: RowMedia;
}

/** Intents that the store did not take, on the local disk. */
export interface IntentSpool {
  /** The state that this place left behind: its leases, how far their numbers may have been issued, and the waiting intents. */
  load(): Promise<{
    readonly owner: string;
    readonly leases: readonly Lease[];
    readonly givenUpTo: number;
    /** The highest issued number; undefined when the machine has been rebooted since, because the last notes may be lost. */
    readonly lastGiven?: number;
    readonly waiting: readonly SpooledIntent[];
  }>;
  keepLeases(leases: readonly Lease[], givenUpTo: number): Promise<void>;
  /** Survives the process, but not the machine. Call it again only when it has resolved: each number overwrites the one before. */
  noteGiven(number: number): Promise<void>;
  /** Durable when it resolves. */
  append(intent: SpooledIntent): Promise<void>;
  /** Everything in the spool has reached the store. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export interface SpooledIntent {
  readonly number: number;
  readonly callId: CallId;
  readonly legId?: string;
  readonly intendedAt: string;
  readonly media?: RowMedia;
}

export interface SheetStore {
  newest(): Promise<DaySheet | undefined>;
  add(sheet: DaySheet): Promise<void>;
  inOrder(): AsyncIterable<DaySheet>;
  /** Amendments that no sheet carries yet. */
  amendmentsSince(): Promise<Amendment[]>;
}

/**
 * What the stores hold for a day now. The slices that own the rows do not know the ledger: the composition root wires it.
 */
export interface DayFacts {
  /**
   * The rows behind the figures; with `sealed`, in the columns of an earlier sheet and without the recordings of these calls, which turned
   * up late.
   */
  of(
    day: Day,
    sealed?: { readonly columns: Readonly<Record<string, readonly string[]>>; readonly late: ReadonlySet<string> },
  ): Promise<Readonly<Record<string, SheetFact>>>;
  /** The calls whose record contradicts what their other owners wrote down, the ledger among them: one line for each contradiction. */
  contradictions(day: Day, ledger: AsyncIterable<LedgerRow>): Promise<readonly Words[]>;
}
interface Day {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Copies of the sheets outside the database. */
export interface SheetAnchors {
  write(sheet: DaySheet): Promise<void>;
  /** The copies of one day: more than one only when it was overwritten. */
  ofDay(day: string): Promise<DaySheet[]>;
  /** Every version of every copy, including one that was overwritten or hidden by a deletion. */
  all(): Promise<DaySheet[]>;
}
