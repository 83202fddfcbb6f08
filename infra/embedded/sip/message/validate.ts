import { hasOption, parseCSeq, parseNameAddr, splitList } from './grammar.js';
import type { SipMessage, SipRequest } from './message.js';
import { parseUri } from './uri.js';

/** The reason to refuse a request before any higher layer sees it. */
export interface Refusal {
  readonly status: number;
  readonly reason: string;
  readonly headers?: readonly (readonly [string, string])[];
}

// More than one of these makes a message ambiguous; RFC 4475 section 3.3.8 (multi01) expects 400.
const SINGLE = ['from', 'to', 'call-id', 'cseq', 'max-forwards', 'content-length', 'content-type'] as const;

function missingOrAmbiguous(message: SipMessage): string | undefined {
  for (const key of SINGLE) {
    const values = message.headers.all(key);
    const required = key === 'from' || key === 'to' || key === 'call-id' || key === 'cseq';
    if (required && (values[0] ?? '') === '') return `Missing ${key}`;
    if (values.length > 1 && values.some((value) => value !== values[0])) return `More than one ${key}`;
  }
  return undefined;
}

/** The defect of a response, or undefined. A response with a defect is dropped (RFC 3261 section 8.1.3.3). */
export function responseDefect(message: SipMessage): string | undefined {
  if (message.kind === 'response' && (message.status < 100 || message.status > 699)) return 'status out of range';
  if (parseCSeq(message.headers.get('cseq')) === undefined) return 'malformed CSeq';
  return missingOrAmbiguous(message);
}

function badContact(request: SipRequest): string | undefined {
  const contacts = request.headers.all('contact').flatMap(splitList);
  if (request.method === 'REGISTER' && contacts.includes('*')) {
    // RFC 3261 section 10.2.2: `*` only alone and only with Expires: 0.
    return contacts.length > 1 || request.headers.get('expires') !== '0' ? 'Contact * needs Expires: 0 and stands alone' : undefined;
  }
  return contacts.every((contact) => parseNameAddr(contact) !== undefined) ? undefined : 'Malformed Contact';
}

/** The refusal of a request, or undefined when it may pass (RFC 3261 sections 8.2 and 16.3). */
export function refusalOf(request: SipRequest, declaredLength: number | undefined): Refusal | undefined {
  const bad = (reason: string): Refusal => ({ status: 400, reason });
  const ambiguous = missingOrAmbiguous(request);
  if (ambiguous !== undefined) return bad(ambiguous);
  const cseq = parseCSeq(request.headers.get('cseq'));
  if (!cseq) return bad('Malformed CSeq');
  if (cseq.method !== request.method) return bad('CSeq method does not match');
  const from = parseNameAddr(request.headers.get('from') ?? '');
  const to = parseNameAddr(request.headers.get('to') ?? '');
  if (!from || !/^[a-z][a-z0-9+.-]*:\S/i.test(from.uri)) return bad('Malformed From');
  if (!to || !/^[a-z][a-z0-9+.-]*:\S/i.test(to.uri)) return bad('Malformed To');
  const uri = parseUri(request.uri);
  if (!uri) return bad('Malformed Request-URI');
  if (uri.scheme !== 'sip' && uri.scheme !== 'sips' && uri.scheme !== 'tel') return { status: 416, reason: 'Unsupported URI Scheme' };
  if (uri.headers !== undefined) return bad('Request-URI with headers');
  const maxForwards = request.headers.get('max-forwards');
  if (maxForwards !== undefined && (!/^\d{1,10}$/.test(maxForwards) || Number(maxForwards) > 255)) return bad('Malformed Max-Forwards');
  if (declaredLength !== undefined && declaredLength > request.body.length) return bad('Content-Length exceeds the message');
  const contactDefect = badContact(request);
  return contactDefect === undefined ? undefined : bad(contactDefect);
}

// Extensions that this server understands, or passes to the application, which decides.
const SUPPORTED = new Set([
  '100rel',
  'timer',
  'replaces',
  'path',
  'outbound',
  'gruu',
  'from-change',
  'norefersub',
  'tdialog',
  'join',
  'histinfo',
  'eventlist',
  'sec-agree',
  'precondition',
  'early-session',
  'resource-priority',
  'multiple-refer',
  'answermode',
  'privacy',
  'pref',
  'recipient-list-invite',
  'siprec',
  'trickle-ice',
  'ice',
]);

/** 420 for an unknown extension (RFC 3261 section 8.2.2.3). ACK and CANCEL are exempt. */
export function unsupportedExtension(request: SipRequest): Refusal | undefined {
  if (request.method === 'ACK' || request.method === 'CANCEL') return undefined;
  const unknown = request.headers
    .all('require')
    .flatMap(splitList)
    .filter((option) => !SUPPORTED.has(option.toLowerCase()));
  return unknown.length === 0 ? undefined : { status: 420, reason: 'Bad Extension', headers: [['Unsupported', unknown.join(', ')]] };
}

/** Whether the sender supports reliable provisional responses (RFC 3262 section 3). */
export function acceptsReliableProvisional(request: SipRequest): boolean {
  return hasOption([...request.headers.all('supported'), ...request.headers.all('require')], '100rel');
}
