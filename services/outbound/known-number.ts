import { CallCentreError } from '../shared/domain/failure.js';
import { normaliseNumber } from '../shared/domain/numbers/phone-number.js';
import type { NumberHash } from '../shared/platform/reach/number-hash.js';

export interface KnownNumber {
  readonly number: string;
  readonly numberHash: string;
}

/** A number that somebody typed, in its normal form. Fails with `invalid-request`. */
export function knownNumber(text: string, hashNumber: NumberHash): KnownNumber {
  const number = normaliseNumber(text);
  const numberHash = number === undefined ? undefined : hashNumber(number);
  if (number === undefined || numberHash === undefined)
    throw new CallCentreError('invalid-request', 'This is not a telephone number.', {
      details: [{ at: 'number', message: 'not a number' }],
    });
  return { number, numberHash };
}
