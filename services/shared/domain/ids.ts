/** Ids are branded so that a SIP Call-ID cannot be passed where one of ours is meant. */
type Brand<T extends string> = string & { readonly __brand: T };

/** Ours, given at the INVITE: time-ordered, safe in a path and in a file name. */
export type CallId = Brand<'CallId'>;
/** A person who signs in; one account is one person. */
export type UserId = Brand<'UserId'>;
/** The person in a browser seat. The same value as the account's id. */
export type AgentId = Brand<'AgentId'>;
/** One sign-in; a seat's SIP session belongs to exactly one. */
export type SessionId = Brand<'SessionId'>;
export type QueueId = Brand<'QueueId'>;
/** One ring of one call at one seat. */
export type OfferId = Brand<'OfferId'>;
export type TrunkId = Brand<'TrunkId'>;

const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * A time-ordered id: 10 characters of milliseconds and 12 of chance, in Crockford's base 32.
 * `random` fills its array with chance (the caller passes the platform's generator: this file knows none).
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
