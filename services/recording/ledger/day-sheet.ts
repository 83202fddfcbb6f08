import type { StretchKind } from './account.js';
import type { CallId } from '../../shared/domain/ids.js';

export interface SheetGap {
  readonly number: number;
  readonly kind: 'paused' | 'lost';
  readonly fromMs: number;
  readonly toMs: number;
  readonly reason: string;
}

/** A row that was settled after its day was sealed. The sealed day stays as it is; the next sheet carries the amendment. */
export interface Amendment {
  readonly number: number;
  readonly callId: CallId;
  readonly at: string;
  /** The settled row, canonical. */
  readonly row: string;
}

/** The rows of one kind on that day: their number, and one hash over these columns (cells joined by tabs, lines sorted). */
export interface SheetFact {
  readonly columns: readonly string[];
  readonly rows: number;
  readonly sha256: string;
}

/** The host's clock jumped: it then showed `at`, which is `byMs` later than time had passed (earlier when negative). */
export interface ClockJump {
  readonly at: string;
  readonly byMs: number;
}

/** The clock under which a day was sealed. */
export interface SheetClock {
  /** `chrony`, `systemd-timesyncd`, `ntp:HOST`, or `none` when no source of true time was synchronised. */
  readonly source: string;
  /** How far that source was ahead of the clock, in whole milliseconds. */
  readonly offsetMs?: number;
  /** The jumps since the sheet before: the first hundred one by one, the others counted in `moreJumps`. */
  readonly jumps: readonly ClockJump[];
  readonly moreJumps: number;
}

/** One closed day: what should have been recorded, what became of each second, and the hash that binds it to the day before. */
export interface DaySheet {
  readonly version: 1;
  /** `2026-11-25` in `timeZone`. */
  readonly day: string;
  readonly timeZone: string;
  readonly legs: number;
  readonly answered: number;
  readonly notAnswered: number;
  readonly ms: Readonly<Record<StretchKind, number>>;
  readonly answeredMs: number;
  /** Declared pauses and losses, each with its reason; the first thousand individually, the rest counted in `moreGaps`. */
  readonly gaps: readonly SheetGap[];
  readonly moreGaps: number;
  /** Numbers of the day as runs. */
  readonly numbers: readonly (readonly [from: number, to: number])[];
  readonly amendments: readonly Amendment[];
  readonly rowsHash: string;
  /** The newest row of the audit log when the day was sealed: a second anchor of that chain. Earlier sheets have none. */
  readonly auditHead?: { readonly number: number; readonly hash: string };
  /** The rows behind the figures, by kind; earlier sheets have none. */
  readonly facts?: Readonly<Record<string, SheetFact>>;
  /** Early sheets have none. */
  readonly clock?: SheetClock;
  readonly previousHash: string;
  readonly sealedAt: string;
  readonly hash: string;
}
