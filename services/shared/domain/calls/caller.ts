import { planned, type PlannedNumber } from '../numbers/numbering-plan.js';

/** Stands in a stored call in place of a number that the caller withheld. */
export const WITHHELD = 'anonymous';

/** Who calls. A withheld number is nobody: it is never the same as another one. */
export type Caller =
  | { readonly kind: 'number'; readonly number: PlannedNumber }
  | { readonly kind: 'withheld' }
  /** Digits that the numbering plan does not know, as a private exchange sends them. */
  | { readonly kind: 'unknown'; readonly raw: string };

/** The caller behind the text that a record, a command or a header holds. */
export function callerOf(text: string): Caller {
  const number = planned(text);
  if (number !== undefined) return { kind: 'number', number };
  return /^\+?\d{1,24}$/.test(text) ? { kind: 'unknown', raw: text } : { kind: 'withheld' };
}

/** By what a caller is found again: on lists, in hashes, in histories. Undefined of a withheld number, which matches nobody. */
export function identityOf(text: string): string | undefined {
  const caller = callerOf(text);
  return caller.kind === 'withheld' ? undefined : caller.kind === 'number' ? caller.number.text : caller.raw;
}
