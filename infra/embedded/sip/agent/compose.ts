import { routingOf, type Dialog } from '../dialog/dialog.js';
import { TOKEN, parseNameAddr, tagOf } from '../message/grammar.js';
import { Headers } from '../message/headers.js';
import { NO_BODY, newCallId, newTag, responseTo, type SipRequest, type SipResponse } from '../message/message.js';
import { hostPort } from '../message/uri.js';
import type { Listener } from '../transport/flow.js';
import type { AppField, AppRequest, AppResponse } from './application.js';

/** A mistake in a message of the application, which gets the text in a NOK. */
export class ComposeError extends Error {}

// These belong to the stack. Values of the application are dropped, as in drachtio-server.
const NEVER = new Set(['via', 'route', 'record-route', 'rseq', 'content-length']);
const LOCALHOST_HEADERS = new Set(['contact', 'to', 'p-asserted-identity', 'p-preferred-identity', 'referred-by', 'remote-party-id']);

/** The Contact of this server when the application gave none. */
export function defaultContact(listener: Listener): string {
  const transport = listener.protocol === 'udp' ? '' : `;transport=${listener.protocol}`;
  return `<sip:${hostPort(listener.host, listener.port)}${transport}>`;
}

function withAddress(key: string, value: string, listener: Listener): string {
  if (!value.includes('localhost')) return value;
  const address = hostPort(listener.host, listener.port);
  if (key === 'from') return value.replace(/(sips?:(?:[^@\s<>]*@)?)localhost(?::\d+)?/i, `$1${address}`);
  return LOCALHOST_HEADERS.has(key) ? value.replace(/@localhost(?::\d+)?/gi, `@${address}`) : value;
}

/** The lines that the application may set, in its order. `own` are keys that the caller of this function writes. */
function addAppFields(headers: Headers, fields: readonly AppField[], own: ReadonlySet<string>, listener: Listener): void {
  for (const { key, name, value } of fields) {
    if (NEVER.has(key) || own.has(key) || !TOKEN.test(name) || /[\r\n]/.test(value)) continue;
    const written = withAddress(key, value, listener);
    headers.add(name, key === 'contact' ? inBrackets(written) : written);
  }
}

/**
 * An address as name-addr, as drachtio-server writes it. Everything after its first semicolon belongs to the header (RFC 3261 section 20).
 */
function inBrackets(value: string): string {
  const [, uri, parameters = ''] = /^\s*(sips?:[^<>;,"\s]+)((?:;[^<>,"]*)?)\s*$/i.exec(value) ?? [];
  return uri === undefined ? value : `<${uri}>${parameters}`;
}

function valueOf(fields: readonly AppField[], key: string): string | undefined {
  return fields.find((field) => field.key === key)?.value;
}

/** Content-Type: the application's, or SDP when the body looks like it. Any other body without a type is a mistake of the application. */
function addContentType(headers: Headers, body: Buffer): void {
  if (body.length === 0 || headers.has('content-type')) return;
  if (body.toString('latin1', 0, 3) !== 'v=0') throw new ComposeError('missing content-type');
  headers.add('Content-Type', 'application/sdp');
}

export function givenSequence(fields: readonly AppField[]): number | undefined {
  const match = /^(\d{1,10})(?:\s|$)/.exec(valueOf(fields, 'cseq') ?? '');
  const number = match ? Number(match[1]) : undefined;
  return number !== undefined && number < 2 ** 31 ? number : undefined;
}

function party(value: string, what: 'from' | 'to'): string {
  if (!parseNameAddr(value)) throw new ComposeError(`invalid ${what} value provided by client`);
  return value;
}

const OWN_OUTSIDE = new Set(['from', 'to', 'call-id', 'cseq', 'max-forwards']);

/** A request outside any dialog, complete but for its Via (RFC 3261 section 8.1.1). */
export function composeRequest(app: AppRequest, listener: Listener): SipRequest {
  const headers = Headers.empty();
  const from = inBrackets(party(withAddress('from', valueOf(app.fields, 'from') ?? defaultContact(listener), listener), 'from'));
  headers.add('Max-Forwards', valueOf(app.fields, 'max-forwards') ?? '70');
  headers.add('From', tagOf(from) === undefined ? `${from};tag=${newTag()}` : from);
  headers.add('To', inBrackets(party(withAddress('to', valueOf(app.fields, 'to') ?? `<${app.uri}>`, listener), 'to')));
  headers.add('Call-ID', valueOf(app.fields, 'call-id') ?? newCallId());
  headers.add('CSeq', `${String(givenSequence(app.fields) ?? 1 + Math.floor(Math.random() * 100_000_000))} ${app.method}`);
  addAppFields(headers, app.fields, OWN_OUTSIDE, listener);
  if ((app.method === 'INVITE' || app.method === 'SUBSCRIBE') && !headers.has('contact')) headers.add('Contact', defaultContact(listener));
  addContentType(headers, app.body);
  return { kind: 'request', method: app.method, uri: app.uri, headers, body: app.body.length === 0 ? NO_BODY : app.body };
}

const OWN_INSIDE = new Set([...OWN_OUTSIDE, 'rack']);
// RFC 3261 section 12.2.1.1, RFC 3515 section 2.2, RFC 6665 section 4.1.2.
const NEEDS_CONTACT = new Set(['INVITE', 'UPDATE', 'SUBSCRIBE', 'REFER', 'NOTIFY']);

/** A request inside a dialog, complete but for its Via. The application's Request-URI is a placeholder and is replaced. */
export function composeInDialog(app: AppRequest, dialog: Dialog, sequence: number, listener: Listener): SipRequest {
  const { requestUri, routes } = routingOf(dialog);
  const headers = Headers.empty();
  headers.add('Max-Forwards', '70');
  for (const route of routes) headers.add('Route', route);
  headers.add('From', inBrackets(dialog.localParty));
  headers.add('To', inBrackets(dialog.remoteParty));
  headers.add('Call-ID', dialog.callId);
  headers.add('CSeq', `${String(sequence)} ${app.method}`);
  addAppFields(headers, app.fields, OWN_INSIDE, listener);
  if (NEEDS_CONTACT.has(app.method) && !headers.has('contact')) headers.add('Contact', dialog.localContact || defaultContact(listener));
  addContentType(headers, app.body);
  return { kind: 'request', method: app.method, uri: requestUri, headers, body: app.body.length === 0 ? NO_BODY : app.body };
}

const OWN_RESPONSE = new Set(['from', 'to', 'call-id', 'cseq']);

/** The tag the application chose for To, or undefined. */
export function chosenTag(app: AppResponse): string | undefined {
  return tagOf(valueOf(app.fields, 'to'));
}

/** A response to a request received, complete (RFC 3261 section 8.2.6). */
export function composeResponse(app: AppResponse, request: SipRequest, toTag: string, listener: Listener): SipResponse {
  const base = responseTo(request, app.status, { reason: app.reason, ...(app.status > 100 ? { toTag } : {}) });
  const { headers } = base;
  addAppFields(headers, app.fields, OWN_RESPONSE, listener);
  const success = app.status >= 200 && app.status < 300;
  const createsDialog = request.method === 'INVITE' || request.method === 'SUBSCRIBE';
  const provisional = app.status > 100 && app.status < 200 && request.method === 'INVITE';
  if (((success && createsDialog) || provisional) && !headers.has('contact')) headers.add('Contact', defaultContact(listener));
  if (success && request.method === 'UPDATE' && !headers.has('contact')) headers.add('Contact', defaultContact(listener));
  addContentType(headers, app.body);
  return { ...base, body: app.body.length === 0 ? NO_BODY : app.body };
}
