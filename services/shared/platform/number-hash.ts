import { createHmac } from 'node:crypto';

/**
 * A keyed hash of a telephone number: calls, complaints and refusals of one number find each other by it, and no index holds the number
 * itself. The country's own prefix is left out, so that `+8613800000000` and `13800000000` are one number.
 */
export const numberHasher =
  (masterKey: string) =>
  (number: string): string =>
    createHmac('sha256', masterKey)
      .update(`number:${number.replace(/^(\+|00)86/, '')}`)
      .digest('hex')
      .slice(0, 32);
