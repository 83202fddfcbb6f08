import { stretchKinds, type StretchKind } from './account.js';
import type { Amendment, DaySheet, SheetGap } from './day-sheet.js';
import type { Lease, LedgerHead, LedgerRow } from './ports.js';

/** SHA-256 of text, hex. */
export type Sha256Hex = (text: string) => string;

export const FIRST_PREVIOUS = '0'.repeat(64);
const LISTED_GAPS = 1_000;

/** The text of a value, independent of the order of its keys; undefined values are left out. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value !== null && typeof value === 'object')
    return `{${Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`)
      .join(',')}}`;
  return JSON.stringify(value);
}

/** What a sheet's hash covers of a row: everything that the ledger says about it. */
export const canonicalRow = ({
  number,
  callId,
  legId,
  state,
  intendedAt,
  answeredAt,
  endedAt,
  account,
  witnesses,
  recording,
  reason,
}: LedgerRow): string =>
  canonical({ number, callId, legId, state, intendedAt, answeredAt, endedAt, account, witnesses, recording, reason });

/** Adds up a day's rows, given in the order of their numbers. */
export class SheetBuilder {
  #rowsHash = FIRST_PREVIOUS;
  #legs = 0;
  #answered = 0;
  #notAnswered = 0;
  #answeredMs = 0;
  #moreGaps = 0;
  readonly #ms: Record<StretchKind, number> = { recorded: 0, paused: 0, 'no-media': 0, lost: 0 };
  readonly #gaps: SheetGap[] = [];
  readonly #numbers: [number, number][] = [];
  readonly #open: number[] = [];

  constructor(private readonly sha256: Sha256Hex) {}

  push(row: LedgerRow): void {
    this.#rowsHash = this.sha256(this.#rowsHash + canonicalRow(row));
    this.#legs += 1;
    const run = this.#numbers.at(-1);
    if (run !== undefined && run[1] + 1 === row.number) run[1] = row.number;
    else this.#numbers.push([row.number, row.number]);
    if (row.state === 'not-answered' || row.state === 'void') this.#notAnswered += 1;
    else if (row.account === undefined) this.#open.push(row.number);
    else {
      this.#answered += 1;
      this.#answeredMs += row.account.answeredMs;
      for (const kind of stretchKinds) this.#ms[kind] += row.account.ms[kind];
      for (const { kind, fromMs, toMs, reason } of row.account.stretches) {
        if (kind !== 'paused' && kind !== 'lost') continue;
        if (this.#gaps.length < LISTED_GAPS) this.#gaps.push({ number: row.number, kind, fromMs, toMs, reason: reason ?? '' });
        else this.#moreGaps += 1;
      }
    }
  }

  /** Numbers of rows without an account: the day cannot be sealed yet. */
  get open(): readonly number[] {
    return this.#open;
  }

  seal(day: {
    readonly day: string;
    readonly timeZone: string;
    readonly previousHash: string;
    readonly sealedAt: string;
    readonly amendments: readonly Amendment[];
    readonly auditHead?: DaySheet['auditHead'];
    readonly facts?: DaySheet['facts'];
    readonly clock?: DaySheet['clock'];
  }): DaySheet {
    const sheet: Omit<DaySheet, 'hash'> = {
      version: 1,
      day: day.day,
      timeZone: day.timeZone,
      legs: this.#legs,
      answered: this.#answered,
      notAnswered: this.#notAnswered,
      ms: this.#ms,
      answeredMs: this.#answeredMs,
      gaps: this.#gaps,
      moreGaps: this.#moreGaps,
      numbers: this.#numbers,
      amendments: day.amendments,
      rowsHash: this.#rowsHash,
      ...(day.auditHead === undefined ? {} : { auditHead: day.auditHead }),
      ...(day.facts === undefined ? {} : { facts: day.facts }),
      ...(day.clock === undefined ? {} : { clock: day.clock }),
      previousHash: day.previousHash,
      sealedAt: day.sealedAt,
    };
    return { ...sheet, hash: hashOf(sheet, this.sha256) };
  }
}

export const hashOf = ({ hash: _hash, ...sheet }: Omit<DaySheet, 'hash'> & { readonly hash?: string }, sha256: Sha256Hex): string =>
  sha256(canonical(sheet));

/**
 * Numbers that should have a row and have none. Numbers are issued in order within a lease, so only the end of a lease that is still held
 * may be unused; every other number below the head was given to a call.
 */
export class GaplessCheck {
  readonly #missing: [number, number][] = [];
  #last = 0;

  constructor(private readonly head: LedgerHead) {}

  push(number: number): void {
    if (number > this.#last + 1) this.#hole(this.#last + 1, number - 1);
    this.#last = Math.max(this.#last, number);
  }

  /** Runs of missing numbers. */
  finish(): readonly (readonly [from: number, to: number])[] {
    if (this.#last < this.head.next - 1) this.#hole(this.#last + 1, this.head.next - 1);
    return this.#missing;
  }

  #hole(from: number, to: number): void {
    let start = from;
    for (const lease of [...this.head.leases].sort((a: Lease, b: Lease) => a.from - b.from)) {
      // The unused end of a lease reaches to its last number.
      if (lease.to < start || lease.from > to || lease.to > to) continue;
      const unusedFrom = Math.max(start, lease.from);
      if (unusedFrom > start) this.#missing.push([start, unusedFrom - 1]);
      start = lease.to + 1;
    }
    if (start <= to) this.#missing.push([start, to]);
  }
}
