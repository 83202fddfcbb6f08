import { all, first, readSip, tagOf, uriOf, writeSip, type HeaderLine, type SipText } from './sip-text.js';
import type { SipCallId } from '../../shared/domain/ids.js';

/** The result for a message of the page. */
export type Passed =
  | { readonly to: 'server'; readonly text: string }
  /** Refused here: the response for the page. */
  | { readonly to: 'page'; readonly text: string }
  | { readonly to: 'nobody' }
  /** Not SIP as a seat speaks it: the connection is closed. */
  | { readonly to: 'close' };

/**
 * The passage of one seat connection through the seat door. Messages in both directions are rewritten; nothing is forwarded as it arrived.
 */
export interface SeatPassage {
  fromPage(text: string): Passed;
  /** Turns a message of the SIP server into the one that the page receives; undefined when it concerns no call of this connection. */
  fromServer(text: string): string | undefined;
  /** Whether a call of this connection is in set-up or active. */
  readonly busy: boolean;
}

export interface SeatPassageOptions {
  readonly sessionId: string;
  /** A random name for the Contact of this connection (RFC 7118 section 5). */
  readonly contactHost: string;
  /** The header by which telephony knows whose INVITE it is, and its signed value. */
  readonly originHeader: string;
  readonly signedOrigin: (callId: SipCallId) => string;
}

interface SeatCall {
  readonly pageTag: string;
  pageContact: string;
  /** Taken from the answer: the remote target of requests within the dialog, and the route set (RFC 3261 section 12.1.2). */
  target: string | undefined;
  routes: readonly string[];
  ended: boolean;
}

/** A request of the server that the page has not answered. Its response is written from this. */
interface Asked {
  readonly method: string;
  readonly fixed: readonly HeaderLine[];
}

const SEAT_URI = 'sip:seat@proofline.invalid';
/** A line has one call. A digest retry uses the same Call-ID. */
const MOST_CALLS = 2;
const MOST_ASKED = 16;
const METHODS = ['INVITE', 'ACK', 'BYE', 'CANCEL', 'UPDATE', 'OPTIONS'];
const REQUEST = /^([A-Z]{1,20}) (\S{1,512}) SIP\/2\.0$/;
const RESPONSE = /^SIP\/2\.0 ([1-6]\d\d) [^\r\n]{0,100}$/;
/** The page names the transport that it sees (RFC 7118 section 5); behind the door it is another one. */
const VIA = /^SIP\/2\.0\/WSS? ([\w.-]{1,100}\.invalid)((?:;[\w.-]{1,40}(?:=[\w.:-]{1,100})?){0,8})$/i;
const BRANCH = /;branch=(z9hG4bK[\w.-]{1,100})(?:;|$)/;
const CALL_ID = /^[\w.!%*+`'~()<>:\\/[\]?{}@-]{1,128}$/;
const DIGEST = /^Digest [\x20-\x7e]{1,1024}$/;
/** The only header fields of the server's messages that a page needs. */
const SHOWN = ['WWW-Authenticate', 'Retry-After', 'Allow', 'Reason'];

/** What the server sees of a page: its session, and a contact that leads nowhere else. */
interface OwnSide {
  readonly sessionId: string;
  readonly contact: string;
}

function requestOf(
  { sessionId, contact }: OwnSide,
  method: string,
  message: SipText,
  parts: Parts,
  call: SeatCall,
  extra: readonly HeaderLine[] = [],
): string {
  const within = parts.toTag !== undefined && call.target !== undefined;
  const authorization = first(message, 'authorization');
  const body = bodyOf(message);
  const headers: HeaderLine[] = [
    ['Via', `SIP/2.0/WS ${parts.viaHost};branch=${parts.branch}`],
    ['Max-Forwards', '70'],
    ...(within ? call.routes.map((route): HeaderLine => ['Route', route]) : []),
    ['From', `<sip:${sessionId}@proofline.invalid>;tag=${parts.fromTag}`],
    ['To', `<${SEAT_URI}>${parts.toTag === undefined ? '' : `;tag=${parts.toTag}`}`],
    ['Call-ID', parts.callId],
    ['CSeq', `${parts.sequence} ${method}`],
    ...(method === 'INVITE' || method === 'UPDATE' ? [['Contact', contact] as const] : []),
    ...(DIGEST.test(authorization) ? [['Authorization', authorization] as const] : []),
    ...extra,
    ...(body === '' ? [] : [['Content-Type', 'application/sdp'] as const]),
  ];
  return writeSip(`${method} ${within ? (call.target ?? SEAT_URI) : SEAT_URI} SIP/2.0`, headers, body);
}

/** The page gives its answer and its description; everything else comes from the request. */
function responseOfPage({ contact }: OwnSide, asked: Map<string, Asked>, message: SipText): Passed {
  const branch = BRANCH.exec(first(message, 'via'))?.[1] ?? '';
  const [, method = ''] = /^\d{1,10} ([A-Z]{1,20})$/.exec(first(message, 'cseq')) ?? [];
  const question = asked.get(`${branch} ${method}`);
  const [, status = ''] = RESPONSE.exec(message.startLine) ?? [];
  if (question === undefined) return { to: 'nobody' };
  if (Number(status) >= 200) asked.delete(`${branch} ${method}`);
  const body = bodyOf(message);
  const headers: HeaderLine[] = [
    ...question.fixed,
    ...(method === 'INVITE' || method === 'UPDATE' ? [['Contact', contact] as const] : []),
    ...(body === '' ? [] : [['Content-Type', 'application/sdp'] as const]),
  ];
  return { to: 'server', text: writeSip(`SIP/2.0 ${status} ${Number(status) < 300 ? 'OK' : 'Refused'}`, headers, body) };
}

export function createSeatPassage({ sessionId, contactHost, originHeader, signedOrigin }: SeatPassageOptions): SeatPassage {
  const calls = new Map<string, SeatCall>();
  const asked = new Map<string, Asked>();
  const own: OwnSide = { sessionId, contact: `<sip:seat@${contactHost};transport=ws>` };

  function fromPage(text: string): Passed {
    const message = readSip(text);
    if (message === undefined) return { to: 'close' };
    if (RESPONSE.test(message.startLine)) return responseOfPage(own, asked, message);
    const [, method] = REQUEST.exec(message.startLine) ?? [];
    const parts = partsOf(message);
    if (method === undefined || parts === undefined || parts.method !== method) return { to: 'close' };
    const refuse = (status: string): Passed => (method === 'ACK' ? { to: 'nobody' } : { to: 'page', text: refusal(message, status) });
    if (!METHODS.includes(method)) return refuse('405 Method Not Allowed');
    const known = calls.get(parts.callId);
    if (known === undefined || (method === 'INVITE' && parts.toTag === undefined)) {
      if (method !== 'INVITE') return refuse('481 Call/Transaction Does Not Exist');
      return begin(message, parts, known) ?? refuse('403 Forbidden');
    }
    if (known.pageTag !== parts.fromTag) return refuse('481 Call/Transaction Does Not Exist');
    if (method === 'BYE') known.ended = true;
    return { to: 'server', text: requestOf(own, method, message, parts, known) };
  }

  /** A new call of the page: to the seat and to nobody else. */
  function begin(message: SipText, parts: Parts, known: SeatCall | undefined): Passed | undefined {
    const [, , uri = ''] = REQUEST.exec(message.startLine) ?? [];
    if (!/^sip:seat@/i.test(uri) || parts.toTag !== undefined) return undefined;
    if (known !== undefined && (known.pageTag !== parts.fromTag || known.target !== undefined)) return undefined;
    const pageContact = uriOf(first(message, 'contact'));
    if (pageContact === undefined) return undefined;
    if (known === undefined && [...calls.values()].filter(({ ended }) => !ended).length >= MOST_CALLS) return undefined;
    if (known === undefined && calls.size >= MOST_CALLS) forgetEnded();
    const call: SeatCall = { pageTag: parts.fromTag, pageContact, target: undefined, routes: [], ended: false };
    calls.set(parts.callId, call);
    return { to: 'server', text: requestOf(own, 'INVITE', message, parts, call, [[originHeader, signedOrigin(parts.callId)]]) };
  }

  function forgetEnded(): void {
    for (const [callId, { ended }] of calls) if (ended) calls.delete(callId);
  }

  function fromServer(text: string): string | undefined {
    const message = readSip(text);
    const call = message === undefined ? undefined : calls.get(first(message, 'call-id'));
    if (message === undefined || call === undefined) return undefined;
    const { startLine } = message;
    const fixed: HeaderLine[] = [
      ...all(message, 'via').map((via): HeaderLine => ['Via', via]),
      ['From', first(message, 'from')],
      ['To', first(message, 'to')],
      ['Call-ID', first(message, 'call-id')],
      ['CSeq', first(message, 'cseq')],
    ];
    const shown = SHOWN.flatMap((name) => all(message, name.toLowerCase()).map((value): HeaderLine => [name, value]));
    const body = bodyOf(message);
    const rest: HeaderLine[] = [
      ['Contact', `<${SEAT_URI};transport=ws>`],
      ...shown,
      ...(body === '' ? [] : [['Content-Type', 'application/sdp'] as const]),
    ];
    const [, status] = RESPONSE.exec(startLine) ?? [];
    if (status !== undefined) {
      answered(call, message, Number(status));
      return writeSip(startLine, [...fixed, ...rest], body);
    }
    const [, method = ''] = REQUEST.exec(startLine) ?? [];
    const branch = BRANCH.exec(first(message, 'via'))?.[1];
    if (branch === undefined) return undefined;
    if (method === 'BYE') call.ended = true;
    if (method !== 'ACK') {
      const [oldest] = asked.keys();
      if (asked.size >= MOST_ASKED && oldest !== undefined) asked.delete(oldest);
      asked.set(`${branch} ${method}`, { method, fixed });
    }
    return writeSip(`${method} ${call.pageContact} SIP/2.0`, [...fixed, ['Max-Forwards', '70'], ...rest], body);
  }

  function answered(call: SeatCall, message: SipText, status: number): void {
    if (!first(message, 'cseq').endsWith(' INVITE')) return;
    if (status >= 300 && call.target === undefined && status !== 401) call.ended = true;
    if (status < 200 || status >= 300) return;
    call.target = uriOf(first(message, 'contact'));
    call.routes = [...all(message, 'record-route')].reverse();
  }

  return {
    fromPage,
    fromServer,
    get busy() {
      return [...calls.values()].some(({ ended }) => !ended);
    },
  };
}

interface Parts {
  readonly viaHost: string;
  readonly branch: string;
  readonly fromTag: string;
  readonly toTag: string | undefined;
  readonly callId: SipCallId;
  readonly sequence: string;
  readonly method: string;
}

/** What every request of a page must have, once each (RFC 3261 section 8.1.1). */
function partsOf(message: SipText): Parts | undefined {
  if (['via', 'from', 'to', 'call-id', 'cseq'].some((name) => all(message, name).length !== 1)) return undefined;
  const [, viaHost, parameters = ''] = VIA.exec(first(message, 'via')) ?? [];
  const branch = BRANCH.exec(parameters)?.[1];
  const fromTag = tagOf(first(message, 'from'));
  const callId = first(message, 'call-id');
  const [, sequence, method] = /^(\d{1,10})[ \t]+([A-Z]{1,20})$/.exec(first(message, 'cseq')) ?? [];
  if (viaHost === undefined || branch === undefined || fromTag === undefined || sequence === undefined || method === undefined)
    return undefined;
  if (!CALL_ID.test(callId)) return undefined;
  return { viaHost, branch, fromTag, toTag: tagOf(first(message, 'to')), callId, sequence, method };
}

/** Only session descriptions pass. Any other body is removed. */
const bodyOf = (message: SipText): string => (/^application\/sdp\b/i.test(first(message, 'content-type')) ? message.body : '');

function refusal(message: SipText, status: string): string {
  const to = first(message, 'to');
  return writeSip(`SIP/2.0 ${status}`, [
    ['Via', first(message, 'via')],
    ['From', first(message, 'from')],
    ['To', tagOf(to) === undefined ? `${to};tag=door` : to],
    ['Call-ID', first(message, 'call-id')],
    ['CSeq', first(message, 'cseq')],
    ['Allow', METHODS.join(', ')],
  ]);
}
