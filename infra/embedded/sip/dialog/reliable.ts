import { hasOption } from '../message/grammar.js';
import type { SipRequest, SipResponse } from '../message/message.js';

/** The RAck of a PRACK (RFC 3262 section 7.2). */
export interface RAck {
  readonly rseq: number;
  readonly cseq: number;
  readonly method: string;
}

/** A method that is written twice counts once, as in drachtio-server: sipp scenarios in use have it. */
export function parseRAck(value: string | undefined): RAck | undefined {
  const match = /^(\d{1,10})\s+(\d{1,10})\s+(\S+)(?:\s+\3)?$/.exec(value ?? '');
  return match ? { rseq: Number(match[1]), cseq: Number(match[2]), method: match[3] ?? '' } : undefined;
}

/** Whether a caller supports reliable provisional responses (RFC 3262 section 3). */
export function acceptsReliable(request: SipRequest): boolean {
  return hasOption([...request.headers.all('supported'), ...request.headers.all('require')], '100rel');
}

/** The RSeq of a reliable provisional response, or undefined for an ordinary one (RFC 3262 section 4). */
export function rseqOf(response: SipResponse): number | undefined {
  if (response.status <= 100 || response.status >= 200 || !hasOption(response.headers.all('require'), '100rel')) return undefined;
  const text = response.headers.get('rseq') ?? '';
  return /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

/** How to treat a reliable response when `last` was the previous number on that dialog. */
export function orderOf(rseq: number, last: number | undefined): 'next' | 'repeated' | 'early' {
  if (last === undefined || rseq === last + 1) return 'next';
  // RFC 3262 section 4: a response out of order is neither acknowledged nor processed. It will be repeated.
  return rseq <= last ? 'repeated' : 'early';
}
