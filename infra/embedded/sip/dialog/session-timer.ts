import { hasOption } from '../message/grammar.js';
import type { Headers } from '../message/headers.js';
import type { SipRequest, SipResponse } from '../message/message.js';

/** RFC 4028 section 5: no session interval below this is accepted. */
export const MIN_SE_S = 90;

export interface SessionExpires {
  readonly seconds: number;
  readonly refresher: 'uac' | 'uas' | undefined;
}

/** The agreement of both sides, from our point of view. */
export interface SessionInterval {
  readonly seconds: number;
  /** Who has to refresh. */
  readonly refresher: 'local' | 'remote';
}

export function sessionExpiresOf(headers: Headers): SessionExpires | undefined {
  const match = /^(\d{1,9})\s*(?:;(.*))?$/.exec(headers.get('session-expires') ?? '');
  if (!match) return undefined;
  const refresher = /(?:^|;)\s*refresher\s*=\s*(uac|uas)\b/i.exec(match[2] ?? '')?.[1]?.toLowerCase();
  return { seconds: Number(match[1]), refresher: refresher === 'uac' || refresher === 'uas' ? refresher : undefined };
}

function supportsTimer(headers: Headers): boolean {
  return hasOption([...headers.all('supported'), ...headers.all('require')], 'timer');
}

/** Whether a request must be refused with 422 (RFC 4028 section 9: only for a sender that understands the timer). */
export function intervalTooSmall(request: SipRequest): boolean {
  const asked = sessionExpiresOf(request.headers);
  return asked !== undefined && asked.seconds < MIN_SE_S && supportsTimer(request.headers);
}

/**
 * Completes our 2xx with the requested interval, unless the application chose another (RFC 4028 section 9). A sender that supports the
 * timer refreshes, unless it asked us to, because it wants the timer. If a sender does not list the timer, a proxy may have added the
 * header (table 2); then we refresh, unless the sender explicitly says that it will.
 */
export function grantInterval(request: SipRequest, response: SipResponse): void {
  const asked = sessionExpiresOf(request.headers);
  const supported = supportsTimer(request.headers);
  if (!asked || (!supported && asked.seconds < MIN_SE_S)) return;
  const given = sessionExpiresOf(response.headers);
  const refresher = given?.refresher ?? asked.refresher ?? (supported ? 'uac' : 'uas');
  response.headers.set('Session-Expires', `${String(given?.seconds ?? asked.seconds)};refresher=${refresher}`);
  const demands = supported && refresher === 'uac';
  if (demands && !hasOption(response.headers.all('require'), 'timer')) response.headers.add('Require', 'timer');
}

/** The interval that a 2xx agreed on. `sent`: the 2xx, and not the request, was ours. */
export function agreedInterval(response: SipResponse, sent: boolean): SessionInterval | undefined {
  const agreed = sessionExpiresOf(response.headers);
  if (!agreed) return undefined;
  const refresher = agreed.refresher ?? 'uac';
  return { seconds: Math.max(agreed.seconds, 1), refresher: (refresher === 'uas') === sent ? 'local' : 'remote' };
}

/** When to act, in milliseconds from now: refresh at half time, give up a little before the end (RFC 4028 section 10). */
export function deadlineMs({ seconds, refresher }: SessionInterval): number {
  return refresher === 'local' ? (seconds * 1_000) / 2 : (seconds - Math.min(32, seconds / 3)) * 1_000;
}
