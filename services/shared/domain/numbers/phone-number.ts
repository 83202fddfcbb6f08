import { planned } from './numbering-plan.js';

/**
 * A number with its middle hidden, `138****0002`. Pages, exports and events carry this form unless the reader holds `numbers.unmask`
 * (regulation item 59). Short numbers (service numbers, up to 4 digits) stay as they are.
 */
export function maskNumber(number: string): string {
  // A withheld number has nothing to hide.
  if (!/^\+?\d/.test(number)) return number;
  const plus = number.startsWith('+') ? '+' : '';
  const digits = number.slice(plus.length);
  if (digits.length <= 4) return number;
  const tail = digits.length >= 9 ? 4 : Math.floor(digits.length / 3);
  const head = Math.min(3, Math.floor((digits.length - tail) / 2));
  return plus + digits.slice(0, head) + '*'.repeat(digits.length - head - tail) + digits.slice(digits.length - tail);
}

/**
 * The normal form of a number: `+86 138…`, `0138…`, `8613…` and `17909138…` become one. Digits that the numbering plan does not know stay
 * as they are. Undefined when the text is no number: other characters than digits and a leading `+`, or more than 24 digits.
 */
export function normaliseNumber(text: string): string | undefined {
  const known = planned(text);
  if (known !== undefined) return known.text;
  const cleaned = text.normalize('NFKC').replace(/[\s().\-‐-―]/g, '');
  return /^\+?[0-9]{1,24}$/.test(cleaned) ? cleaned : undefined;
}
