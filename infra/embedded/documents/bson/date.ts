import { MongoError } from './errors.js';

/** The last moment, either side of 1970, that a JavaScript Date can represent (ECMA-262, 21.4.1.1); BSON reaches 2^63. */
const lastMs = 8_640_000_000_000_000;

/** A BSON date beyond JavaScript's range: as a Date it is the last moment in range, but it is stored and compared as it was written. */
export class FarDate extends Date {
  constructor(readonly epochMs: bigint) {
    super(epochMs < 0n ? -lastMs : lastMs);
  }
}

/** The date at a count of milliseconds since 1970. @throws MongoError Overflow for anything but a signed 64-bit number. */
export function dateOf(epochMs: number | bigint): Date {
  if (epochMs >= -lastMs && epochMs <= lastMs) return new Date(Number(epochMs));
  const whole = typeof epochMs === 'bigint' ? epochMs : Number.isFinite(epochMs) ? BigInt(Math.trunc(epochMs)) : undefined;
  if (whole === undefined || BigInt.asIntN(64, whole) !== whole) throw new MongoError('Overflow', 'date overflow');
  return new FarDate(whole);
}

/** Milliseconds since 1970, exact for every date that BSON can hold. */
export function epochMsOf(date: Date): bigint {
  return date instanceof FarDate ? date.epochMs : BigInt(date.getTime());
}

/** The date shifted by a number of milliseconds. @throws MongoError Overflow. */
export function later(date: Date, ms: number): Date {
  if (!Number.isFinite(ms)) throw new MongoError('Overflow', 'date overflow');
  return dateOf(epochMsOf(date) + BigInt(Math.round(ms)));
}
