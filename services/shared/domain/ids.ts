/** Branded ids, so that a SIP Call-ID cannot be passed where one of our ids is meant. */
type Brand<T extends string> = string & { readonly __brand: T };

/** Our id of a call, given at the INVITE. It is ordered by time and safe in paths and file names. */
export type CallId = Brand<'CallId'>;
/** A person who signs in. One account is one person. */
export type UserId = Brand<'UserId'>;
/** The person at a browser seat. The same value as the id of the account. */
export type AgentId = Brand<'AgentId'>;
/** One sign-in. The SIP session of a seat belongs to exactly one. */
export type SessionId = Brand<'SessionId'>;
export type QueueId = Brand<'QueueId'>;
/** One ring of one call at one seat. */
export type OfferId = Brand<'OfferId'>;
export type TrunkId = Brand<'TrunkId'>;

const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * Makes an id that is ordered by time: 10 characters of milliseconds and 12 random ones, in Crockford's base 32. The caller passes
 * `random`, because this file must not know the platform's generator.
 */
export function orderedId(nowMs: number, random: (bytes: Uint8Array) => void): string {
  let time = '';
  for (let rest = nowMs, i = 0; i < 10; i += 1) {
    time = CROCKFORD.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  const bytes = new Uint8Array(12);
  random(bytes);
  return time + Array.from(bytes, (byte) => CROCKFORD.charAt(byte % 32)).join('');
}
