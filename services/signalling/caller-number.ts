import { WITHHELD } from '../shared/domain/calls/caller.js';
import { normaliseNumber } from '../shared/domain/numbers/phone-number.js';

/**
 * Whose call it is: P-Asserted-Identity where the trunk is within our trust domain (RFC 3325 section 9.1), else From. A caller who asked
 * for privacy is withheld only when the carrier gives no number at all: the record needs it (real caller numbers only). The number has its
 * one form (numbering-plan.ts) from here on. `written`: what the rules of the trunk make of it before.
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
