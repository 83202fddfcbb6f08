import { parseCSeq, parseNameAddr, tagOf } from '../message/grammar.js';
import type { SipRequest, SipResponse } from '../message/message.js';
import { parseUri } from '../message/uri.js';

/** A dialog (RFC 3261 section 12). It is a value; each function below returns the next one. */
export interface Dialog {
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  /** Our From or To value in this dialog, tag included. */
  readonly localParty: string;
  readonly remoteParty: string;
  readonly localSeq: number;
  /** Undefined until the peer has sent a request of its own. */
  readonly remoteSeq: number | undefined;
  /** Route values in the order in which they are to be visited. */
  readonly routeSet: readonly string[];
  /** URI of the peer's Contact. */
  readonly remoteTarget: string;
  /** Our Contact value, repeated in target refreshes. */
  readonly localContact: string;
}

/** URI of the first Contact, or undefined. */
export function contactUri(message: SipRequest | SipResponse): string | undefined {
  const value = message.headers.get('contact');
  return value === undefined ? undefined : parseNameAddr(firstOf(value))?.uri;
}

function firstOf(value: string): string {
  const comma = /^((?:[^",<]|"(?:[^"\\]|\\.)*"|<[^>]*>)*),/.exec(value);
  return comma?.[1] ?? value;
}

/** The dialog a UAS has after a response above 100 with a tag (section 12.1.1). */
export function dialogAsUas(request: SipRequest, response: SipResponse): Dialog {
  const localParty = response.headers.get('to') ?? '';
  const remoteParty = request.headers.get('from') ?? '';
  return {
    callId: request.headers.get('call-id') ?? '',
    localTag: tagOf(localParty) ?? '',
    remoteTag: tagOf(remoteParty) ?? '',
    localParty,
    remoteParty,
    localSeq: 0,
    remoteSeq: parseCSeq(request.headers.get('cseq'))?.number,
    routeSet: request.headers.all('record-route'),
    remoteTarget: contactUri(request) ?? parseNameAddr(remoteParty)?.uri ?? '',
    localContact: response.headers.get('contact') ?? '',
  };
}

/** The dialog a UAC has after such a response (section 12.1.2): Record-Route reversed. */
export function dialogAsUac(request: SipRequest, response: SipResponse): Dialog {
  const localParty = request.headers.get('from') ?? '';
  const remoteParty = response.headers.get('to') ?? '';
  return {
    callId: request.headers.get('call-id') ?? '',
    localTag: tagOf(localParty) ?? '',
    remoteTag: tagOf(remoteParty) ?? '',
    localParty,
    remoteParty,
    localSeq: parseCSeq(request.headers.get('cseq'))?.number ?? 0,
    remoteSeq: undefined,
    routeSet: response.headers.all('record-route').reverse(),
    remoteTarget: contactUri(response) ?? request.uri,
    localContact: request.headers.get('contact') ?? '',
  };
}

/** The dialog of a NOTIFY that arrives before the answer to its SUBSCRIBE (RFC 6665 section 4.4.1). The notifier is its UAC. */
export function dialogOfNotify(subscribe: SipRequest, notify: SipRequest): Dialog {
  const remoteParty = notify.headers.get('from') ?? '';
  return {
    ...dialogAsUac(subscribe, { kind: 'response', status: 202, reason: '', headers: notify.headers, body: notify.body }),
    remoteTag: tagOf(remoteParty) ?? '',
    remoteParty,
    routeSet: notify.headers.all('record-route'),
  };
}

/** A 2xx replaces the route set, because that of an early dialog may be incomplete (section 13.2.2.4). */
export function confirmedAsUac(early: Dialog, request: SipRequest, response: SipResponse): Dialog {
  return { ...dialogAsUac(request, response), localSeq: early.localSeq, remoteSeq: early.remoteSeq };
}

// Section 12.2 and RFC 3311 section 5.1, RFC 6665 section 4.4.1: requests that move the remote target.
const TARGET_REFRESH = new Set(['INVITE', 'UPDATE', 'SUBSCRIBE', 'NOTIFY', 'REFER']);

/** The effect of a request in a dialog: the next dialog, or `out-of-order` (answered 500, section 12.2.2). */
export function afterRequest(dialog: Dialog, request: SipRequest): Dialog | 'out-of-order' {
  const number = parseCSeq(request.headers.get('cseq'))?.number ?? 0;
  if (dialog.remoteSeq !== undefined && number < dialog.remoteSeq) return 'out-of-order';
  const target = TARGET_REFRESH.has(request.method) ? contactUri(request) : undefined;
  return { ...dialog, remoteSeq: number, remoteTarget: target ?? dialog.remoteTarget };
}

/** A 2xx to our target refresh moves the remote target (section 12.2.1.2). */
export function afterResponse(dialog: Dialog, method: string, response: SipResponse): Dialog {
  if (response.status < 200 || response.status >= 300 || !TARGET_REFRESH.has(method)) return dialog;
  const target = contactUri(response);
  return target === undefined ? dialog : { ...dialog, remoteTarget: target };
}

/** Where a request inside the dialog goes (section 12.2.1.1). */
export interface Routing {
  readonly requestUri: string;
  readonly routes: readonly string[];
  /** URI whose host is the next hop. */
  readonly nextHop: string;
}

export function routingOf(dialog: Dialog): Routing {
  const [first, ...rest] = dialog.routeSet;
  const firstUri = first === undefined ? undefined : parseNameAddr(first)?.uri;
  if (first === undefined || firstUri === undefined) return { requestUri: dialog.remoteTarget, routes: [], nextHop: dialog.remoteTarget };
  if (parseUri(firstUri)?.params.has('lr') === true) return { requestUri: dialog.remoteTarget, routes: dialog.routeSet, nextHop: firstUri };
  // A strict router expects its own URI as Request-URI and the target as the last Route.
  return { requestUri: firstUri, routes: [...rest, `<${dialog.remoteTarget}>`], nextHop: firstUri };
}

/** The number of our next request: one more, or the application's number if that is higher (a digest retry counts itself). */
export function nextSequence(dialog: Dialog, chosen: number | undefined): number {
  return Math.max(dialog.localSeq + 1, chosen ?? 0);
}
