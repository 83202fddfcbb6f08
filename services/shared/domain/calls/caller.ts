import { planned, type PlannedNumber } from '../numbers/numbering-plan.js';

/** Stored in place of the number of a caller who withheld it. */
export const WITHHELD = 'anonymous';

/** The caller. A withheld number is never equal to any other number. */
export type Caller =
  | { readonly kind: 'number'; readonly number: PlannedNumber }
  | { readonly kind: 'withheld' }
  /** Digits that the numbering plan does not know, such as those of a private exchange. */
  | { readonly kind: 'unknown'; readonly raw: string };

/** Reads the caller from the text of a record, a command or a header. */
export function callerOf(text: string): Caller {
  const number = planned(text);
  if (number !== undefined) return { kind: 'number', number };
  return /^\+?\d{1,24}$/.test(text) ? { kind: 'unknown', raw: text } : { kind: 'withheld' };
}

/** The key that finds a caller again in lists, hashes and histories. Undefined for a withheld number, which matches nobody. */
export function identityOf(text: string): string | undefined {
  const caller = callerOf(text);
  return caller.kind === 'withheld' ? undefined : caller.kind === 'number' ? caller.number.text : caller.raw;
}
