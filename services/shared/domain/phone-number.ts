/**
 * A number with its middle hidden, `138****0002`: the form in which pages, exports and events carry it unless the reader holds
 * `numbers.unmask` (regulation item 59). Short numbers (up to 4 digits: service numbers) stay as they are.
 */
export function maskNumber(number: string): string {
  const plus = number.startsWith('+') ? '+' : '';
  const digits = number.slice(plus.length);
  if (digits.length <= 4) return number;
  const tail = digits.length >= 9 ? 4 : Math.floor(digits.length / 3);
  const head = Math.min(3, Math.floor((digits.length - tail) / 2));
  return plus + digits.slice(0, head) + '*'.repeat(digits.length - head - tail) + digits.slice(digits.length - tail);
}

/** Only digits and a leading `+`; `undefined` when nothing dialable is left or it is longer than E.164 with a trunk prefix allows. */
export function normaliseNumber(text: string): string | undefined {
  const cleaned = text.replace(/[\s().-]/g, '');
  return /^\+?[0-9*#]{1,24}$/.test(cleaned) ? cleaned : undefined;
}
