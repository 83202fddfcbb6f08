import type { Consent } from '../ports.js';

/** The fields of a consent that decide whether a call may be made. */
export type ConsentTerms = Pick<Consent, 'id' | 'purposes' | 'clientUnit' | 'givenAt' | 'validUntil'>;

/** The newest consent of a number to a purpose, for calls of a client unit, that is in force at a given time and has not been withdrawn. */
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
