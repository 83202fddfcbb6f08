import type { Consent } from '../ports.js';

/** What of a consent decides whether a call may be made. */
export type ConsentTerms = Pick<Consent, 'id' | 'purposes' | 'clientUnit' | 'givenAt' | 'validUntil'>;

/**
 * The newest of a number's consents to a purpose, for calls of a client unit, that is in force at a time; those that were withdrawn are not among
 * them.
 */
export const consentInForce = <T extends ConsentTerms>(
  consents: readonly T[],
  purpose: string,
  calledFor: string,
  at: Date,
): T | undefined =>
  consents
    .filter(
      ({ purposes, clientUnit = calledFor, givenAt, validUntil }) =>
        givenAt <= at &&
        clientUnit === calledFor &&
        (purposes as readonly string[]).includes(purpose) &&
        (validUntil === undefined || validUntil > at),
    )
    .reduce<T | undefined>((newest, each) => (newest === undefined || each.givenAt > newest.givenAt ? each : newest), undefined);
