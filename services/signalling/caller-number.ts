import { WITHHELD } from '../shared/domain/calls/caller.js';
import { normaliseNumber } from '../shared/domain/numbers/phone-number.js';

/**
 * The caller of a call: P-Asserted-Identity when the trunk is within our trust domain (RFC 3325 section 9.1), otherwise From. A caller who
 * asked for privacy counts as withheld only when the carrier gives no number at all, because the record needs real caller numbers. From
 * here on the number has its normal form (numbering-plan.ts). `written`: the rules of the trunk, applied before that.
 */
export function callerNumber(headers: {
  readonly assertedIdentity: string | undefined;
  readonly from: string | undefined;
  readonly trusted: boolean;
  readonly written?: (number: string) => string;
}): string {
  const { assertedIdentity, from, trusted, written = (number) => number } = headers;
  const asserted = trusted ? userOf(assertedIdentity, written) : undefined;
  return asserted ?? userOf(from, written) ?? WITHHELD;
}

/** The number of a `sip:` or `tel:` address in a header value. */
function userOf(value: string | undefined, written: (number: string) => string): string | undefined {
  const user = /(?:sips?|tel):([^@;>,\s]+)/i.exec(value ?? '')?.[1];
  if (user === undefined) return undefined;
  try {
    return normaliseNumber(written(decodeURIComponent(user)));
  } catch {
    return undefined;
  }
}
