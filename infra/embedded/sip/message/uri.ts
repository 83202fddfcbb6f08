/** SIP, SIPS and tel URIs (RFC 3261 section 19.1, RFC 3966). */
export interface SipUri {
  /** Lower case: `sip`, `sips`, `tel` or another scheme this server only carries. */
  readonly scheme: string;
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** Lower case; an IPv6 address keeps its brackets. Empty for `tel` and unknown schemes. */
  readonly host: string;
  readonly port: number | undefined;
  /** Names in lower case; a parameter without a value maps to an empty string. */
  readonly params: ReadonlyMap<string, string>;
  /** What follows `?`, unparsed. */
  readonly headers: string | undefined;
}

const SIP_URI =
  /^(sips?):(?:([^@:?;<>\s]*(?:[;?][^@:<>\s]*)?)(?::([^@<>\s]*))?@)?(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::(\d{1,5}))?((?:;[^;?<>\s]*)*)(?:\?([^<>\s]*))?$/i;
const OTHER_URI = /^([a-z][a-z0-9+.-]*):([^\s<>]+)$/i;
const NO_PARAMS: ReadonlyMap<string, string> = new Map();

/** Splits `;a=1;b` into a map; the first of two equal names wins, as a reader scanning from the left would see it. */
export function parseUriParams(text: string): ReadonlyMap<string, string> {
  if (text === '') return NO_PARAMS;
  const params = new Map<string, string>();
  for (const part of text.split(';')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = (equals < 0 ? part : part.slice(0, equals)).trim().toLowerCase();
    if (!params.has(name)) params.set(name, equals < 0 ? '' : part.slice(equals + 1).trim());
  }
  return params;
}

/** The URI, or undefined when the text is not one. A scheme other than sip and sips comes back with an empty host. */
export function parseUri(text: string): SipUri | undefined {
  const sip = SIP_URI.exec(text);
  if (sip) {
    const [, scheme = '', user, password, host = '', portText, params = '', headers] = sip;
    const port = portText === undefined ? undefined : Number(portText);
    if (port !== undefined && (port === 0 || port > 65_535)) return undefined;
    return { scheme: scheme.toLowerCase(), user, password, host: host.toLowerCase(), port, params: parseUriParams(params), headers };
  }
  const other = OTHER_URI.exec(text);
  if (!other || /^sips?$/i.test(other[1] ?? '')) return undefined;
  const [user = '', ...params] = (other[2] ?? '').split(';');
  return {
    scheme: (other[1] ?? '').toLowerCase(),
    user,
    password: undefined,
    host: '',
    port: undefined,
    params: parseUriParams(params.join(';')),
    headers: undefined,
  };
}

/** `[::1]` to `::1`; anything else unchanged. */
export function withoutBrackets(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}

/** `::1` to `[::1]`, as a URI or a Via needs it. */
export function withBrackets(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

/** `host:port` for a header, a log or a leader. */
export function hostPort(host: string, port: number): string {
  return `${withBrackets(host)}:${String(port)}`;
}
