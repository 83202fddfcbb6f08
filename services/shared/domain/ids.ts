/**
 * A text that is an id of one kind. An id of another kind is not accepted in its place, so that no SIP Call-ID stands where one of our ids
 * is meant. Plain text is accepted: the schemas of the contracts (`contracts/ids.ts`) give an id its kind where it comes in.
 */
type Id<Kind extends string> = string & { readonly __id?: Kind };

/** Our id of a call, given at the INVITE. It is ordered by time and safe in paths and file names. */
export type CallId = Id<'CallId'>;
/** The Call-ID of a SIP dialog (RFC 3261 section 8.1.1.4). A call has one for each of its legs. */
export type SipCallId = Id<'SipCallId'>;
/** A person who signs in. One account is one person. */
export type UserId = Id<'UserId'>;
/** The person at a browser seat: the id of the account. */
export type AgentId = UserId;
export type QueueId = Id<'QueueId'>;
export type TrunkId = Id<'TrunkId'>;
/** Our id of a complaint. People know a complaint by its number. */
export type ComplaintId = Id<'ComplaintId'>;

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
