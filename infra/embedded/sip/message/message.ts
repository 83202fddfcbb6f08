import { randomBytes } from 'node:crypto';
import { tagOf } from './grammar.js';
import { Headers } from './headers.js';

export interface SipRequest {
  readonly kind: 'request';
  /** Case matters (RFC 3261 section 7.1). */
  readonly method: string;
  readonly uri: string;
  readonly headers: Headers;
  readonly body: Buffer;
}

export interface SipResponse {
  readonly kind: 'response';
  readonly status: number;
  readonly reason: string;
  readonly headers: Headers;
  readonly body: Buffer;
}

export type SipMessage = SipRequest | SipResponse;

export const NO_BODY: Buffer = Buffer.alloc(0);

/** Reason phrases of the responses that this server makes itself (RFC 3261 section 21 and the registry). */
export const REASONS: Readonly<Record<number, string>> = {
  100: 'Trying',
  200: 'OK',
  400: 'Bad Request',
  403: 'Forbidden',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  413: 'Request Entity Too Large',
  414: 'Request-URI Too Long',
  416: 'Unsupported URI Scheme',
  420: 'Bad Extension',
  422: 'Session Interval Too Small',
  480: 'Temporarily Unavailable',
  481: 'Call/Transaction Does Not Exist',
  482: 'Loop Detected',
  483: 'Too Many Hops',
  487: 'Request Terminated',
  491: 'Request Pending',
  500: 'Server Internal Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
  505: 'Version Not Supported',
  513: 'Message Too Large',
  603: 'Decline',
};

/** A tag: 64 random bits, twice what RFC 3261 section 19.3 asks. */
export function newTag(): string {
  return randomBytes(8).toString('hex');
}

/** A branch with the magic cookie (RFC 3261 section 8.1.1.7). */
export function newBranch(): string {
  return `z9hG4bK${randomBytes(10).toString('hex')}`;
}

export function newCallId(): string {
  return randomBytes(16).toString('hex');
}

/**
 * A response with the headers every response takes from its request: Via, From, To, Call-ID, CSeq (RFC 3261 section 8.2.6.2),
 * and Record-Route, which only matters for one that creates a dialog (section 12.1.1) and is harmless in the others.
 * @param toTag added to To when the request had none and the status is above 100.
 */
export function responseTo(request: SipRequest, status: number, options: { reason?: string; toTag?: string } = {}): SipResponse {
  const headers = Headers.empty();
  for (const field of request.headers) {
    switch (field.key) {
      case 'via':
      case 'from':
      case 'call-id':
      case 'cseq':
        headers.add(field.name, field.value);
        break;
      case 'record-route':
        if (status > 100 && status < 300) headers.add(field.name, field.value);
        break;
      case 'timestamp':
        // RFC 3261 section 8.2.6.1: a 100 copies the Timestamp.
        if (status === 100) headers.add(field.name, field.value);
        break;
      case 'to':
        headers.add(
          'To',
          options.toTag !== undefined && tagOf(field.value) === undefined ? `${field.value};tag=${options.toTag}` : field.value,
        );
        break;
      default:
        break;
    }
  }
  return { kind: 'response', status, reason: options.reason ?? REASONS[status] ?? '', headers, body: NO_BODY };
}
