import type { Lease, LedgerHead } from './ports.js';
import { GaplessCheck } from './sheet.js';

/** The numbers of the ledger around those of a period, with what was given out and may still be unused. */
export interface LedgerNumbers {
  /** The highest number below those of the period that has a row; 0 when there is none. */
  readonly after: number;
  /** The lowest number above them that has a row, or the first that nobody holds. */
  readonly before: number;
  /** The numbers between them that have a row, as runs. */
  readonly numbers: readonly (readonly [from: number, to: number])[];
  /** The runs of numbers that processes hold: the end of each may be unused. */
  readonly leases: readonly (readonly [from: number, to: number])[];
}

export interface NumbersFound {
  readonly head: LedgerHead;
  readonly below?: number | undefined;
  readonly above?: number | undefined;
  /** In order. */
  readonly used: readonly number[];
}

export function ledgerNumbers({ head, below, above, used }: NumbersFound): LedgerNumbers {
  const numbers: [number, number][] = [];
  for (const number of used) {
    const run = numbers.at(-1);
    if (run !== undefined && run[1] + 1 === number) run[1] = number;
    else numbers.push([number, number]);
  }
  const after = below ?? 0;
  const before = above ?? Math.max(head.next, (used.at(-1) ?? after) + 1);
  const leases = head.leases.filter(({ from, to }) => to > after && from < before).map(({ from, to }: Lease) => [from, to] as const);
  return { after, before, numbers, leases };
}

/** The numbers that were given out and have no row. */
export function missingNumbers({ after, before, numbers, leases }: LedgerNumbers): readonly (readonly [from: number, to: number])[] {
  const check = new GaplessCheck({ next: before, leases: leases.map(([from, to]) => ({ owner: '', from, to })) });
  check.push(after);
  for (const [from, to] of numbers) for (let number = from; number <= to; number += 1) check.push(number);
  return check.finish().filter(([from]) => from > after);
}
