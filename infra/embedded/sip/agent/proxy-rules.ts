import { parseNameAddr, splitList } from '../message/grammar.js';
import type { SipRequest, SipResponse } from '../message/message.js';
import { defaultPort, type Listener } from '../transport/flow.js';
import { hostPort, parseUri, withoutBrackets } from '../message/uri.js';

/** How an application wants a request forwarded. */
export interface ProxyOrder {
  readonly destinations: readonly string[];
  /** Stay in the path of the dialog (Record-Route), or of the registration (Path). */
  readonly remain: boolean;
  /** Report every final response rather than only the end. */
  readonly fullResponse: boolean;
  readonly followRedirects: boolean;
  readonly simultaneous: boolean;
  /** Serial forking goes on to the next target when nothing came in this time. */
  readonly provisionalTimeoutMs: number | undefined;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Set for a request in a dialog that only passes through. No record is made of it. */
  readonly relayed?: boolean;
}

/** `2s`, `1500ms` or seconds as a bare number, in milliseconds. */
export function parseTimeout(text: string | undefined): number | undefined {
  const match = /^(\d{1,9})(ms|s)?$/.exec(text ?? '');
  return match ? Number(match[1]) * (match[2] === 'ms' ? 1 : 1_000) : undefined;
}

/** The Record-Route value that keeps this server in a dialog (RFC 3261 section 16.6 step 4). */
export function recordRouteOf(listener: Listener): string {
  const transport = listener.protocol === 'udp' ? '' : `;transport=${listener.protocol}`;
  return `<sip:${hostPort(listener.host, listener.port)}${transport};lr>`;
}

/** The host and port of a Route or Request-URI, to compare with our own. */
export function addressOf(uriText: string): { readonly host: string; readonly port: number } | undefined {
  const uri = parseUri(uriText);
  if (!uri || uri.host === '') return undefined;
  const transport = uri.params.get('transport') ?? (uri.scheme === 'sips' ? 'tls' : 'udp');
  const secure = transport === 'tls';
  return { host: withoutBrackets(uri.host), port: uri.port ?? defaultPort(secure ? 'tls' : 'udp') };
}

/** The next Max-Forwards, or undefined when the request must not be forwarded (RFC 3261 section 16.3 step 3). */
export function nextMaxForwards(request: SipRequest): number | undefined {
  const value = Number(request.headers.get('max-forwards') ?? 71);
  return value > 0 ? value - 1 : undefined;
}

const PREFERRED = new Set([401, 407, 415, 420, 484]);

function rank(status: number): number {
  if (status >= 600) return 0;
  if (PREFERRED.has(status)) return 1;
  if (status < 400) return 2;
  if (status < 500) return 3;
  // RFC 3261 section 16.7 step 6: a 503 says something about the branch, not about the callee.
  return status === 503 ? 5 : 4;
}

/** The best of the final responses when none is 2xx (RFC 3261 section 16.7 step 6), with the challenges of all of them (step 7). */
export function bestResponse(responses: readonly SipResponse[]): SipResponse | undefined {
  const [best] = [...responses].sort((a, b) => rank(a.status) - rank(b.status) || a.status - b.status);
  if (!best || (best.status !== 401 && best.status !== 407)) return best;
  const headers = best.headers.clone();
  for (const other of responses) {
    if (other === best) continue;
    for (const field of other.headers) {
      if (field.key === 'www-authenticate' || field.key === 'proxy-authenticate') headers.add(field.name, field.value);
    }
  }
  return { ...best, headers };
}

/** The targets of a 3xx, best first. */
export function redirectTargets(response: SipResponse): string[] {
  return response.headers
    .all('contact')
    .flatMap(splitList)
    .map(parseNameAddr)
    .filter((contact) => contact !== undefined)
    .sort((a, b) => Number(b.params.get('q') ?? 1) - Number(a.params.get('q') ?? 1))
    .map((contact) => contact.uri);
}
