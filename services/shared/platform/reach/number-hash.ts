import { createHmac } from 'node:crypto';
import { identityOf, WITHHELD } from '../../domain/calls/caller.js';

/** The keyed hash of a person's number; undefined for a withheld one, so that nobody is found by it. */
export type NumberHash = (number: string) => string | undefined;

const keyed = (masterKey: string, text: string): string =>
  createHmac('sha256', masterKey).update(`number:${text}`).digest('hex').slice(0, 32);

/**
 * Calls, complaints and refusals of one number find each other by its hash, and no index holds the number itself. Every spelling of a
 * number has the same hash.
 */
export const numberHasher =
  (masterKey: string): NumberHash =>
  (number) => {
    const identity = identityOf(number);
    return identity === undefined ? undefined : keyed(masterKey, identity);
  };

/** The same for a mail address, in lower case. */
export const mailHasher =
  (masterKey: string) =>
  (address: string): string =>
    keyed(masterKey, `mail:${address}`);

/** The hash under which earlier versions stored all callers without a number, as if they were one person. */
export const withheldHash = (masterKey: string): string => keyed(masterKey, WITHHELD);
