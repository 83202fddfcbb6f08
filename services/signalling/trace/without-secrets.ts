import { readSipText, writeSipText, type SipText } from './sip-text.js';

const REMOVED = '[removed]';
const SCHEME = /sips?:/i;

/** Headers that are kept. Of any other header only the name is kept: nobody can know what a vendor writes into its own. */
const KEPT = new Set(
  `via from to call-id cseq contact max-forwards route record-route content-type content-length content-disposition content-encoding
  allow supported require unsupported proxy-require user-agent server expires session-expires min-se min-expires retry-after reason warning
  rseq rack date timestamp accept accept-encoding accept-language allow-events event subscription-state refer-to referred-by replaces
  p-asserted-identity p-preferred-identity p-called-party-id p-early-media remote-party-id privacy diversion history-info
  www-authenticate proxy-authenticate`.split(/\s+/),
);

/** The value of a header without its secrets. */
function safeField(name: string, value: string): string {
  const key = name.toLowerCase();
  if (!KEPT.has(key)) return REMOVED;
  if (key.endsWith('-authenticate')) return value.replace(/\b(nonce|opaque)\s*=\s*("[^"]*"?|[^,\s]*)/gi, `$1="${REMOVED}"`);
  return withoutUriSecrets(value);
}

/**
 * Removes passwords in URIs, and headers that a URI carries (RFC 3261 section 19.1.1). Anybody may send the text: it is read once, without
 * backtracking.
 */
const withoutUriSecrets = (text: string): string =>
  text.replace(/[^\s<>"]+/g, (token) => (SCHEME.test(token) ? withoutUriHeaders(withoutPasswords(token)) : token));

/** Removes everything from the colon after a user up to the last `@`: some people write an `@` into the password. */
function withoutPasswords(token: string): string {
  let done = '';
  for (let rest = token; ;) {
    const from = behindScheme(rest);
    const at = rest.indexOf('@', from);
    if (at < 0) return done + rest;
    const colon = rest.indexOf(':', from);
    if (colon >= 0 && colon < at) return `${done}${rest.slice(0, colon)}:${REMOVED}${rest.slice(rest.lastIndexOf('@'))}`;
    done += rest.slice(0, at + 1);
    rest = rest.slice(at + 1);
  }
}

function withoutUriHeaders(token: string): string {
  const mark = token.indexOf('?', behindScheme(token));
  return mark < 0 ? token : `${token.slice(0, mark)}?${REMOVED}`;
}

/** The position after the first URI's scheme; the end of the text when it has none. */
function behindScheme(text: string): number {
  const found = SCHEME.exec(text);
  return found === null ? text.length : found.index + found[0].length;
}

/** SDP attributes that are kept. Of any other attribute only the name is kept: a vendor may write a key into its own. */
const KEPT_ATTRIBUTES = new Set(
  `rtpmap fmtp ptime maxptime sendrecv sendonly recvonly inactive rtcp rtcp-mux rtcp-mux-only rtcp-rsize rtcp-fb candidate
  end-of-candidates remote-candidates ice-ufrag ice-options ice-lite fingerprint setup connection mid group ssrc ssrc-group msid
  msid-semantic extmap extmap-allow-mixed label content direction silencesupp framerate quality`.split(/\s+/),
);

/** An SDP line without keys, passwords and anything that only a vendor understands. */
function safeLine(line: string): string {
  if (/^k\s*=/i.test(line)) return `k=${REMOVED}`;
  if (!/^a\s*=/i.test(line)) return line;
  const suite = /^a=crypto:(\d{1,9}) ([A-Z0-9_]{1,40}) /i.exec(line);
  if (suite !== null) return `a=crypto:${suite[1] ?? ''} ${suite[2] ?? ''} inline:${REMOVED}`;
  const [, name = ''] = /^a=([\w-]+)/i.exec(line) ?? [];
  if (KEPT_ATTRIBUTES.has(name.toLowerCase())) return line;
  return `${/^a\s*=\s*[\w-]+/.exec(line)?.[0] ?? 'a'}:${REMOVED}`;
}

/**
 * The body of a message without its secrets. Only a single plain session description is kept: a digit that was pressed (INFO), a text or a
 * location says more than a carrier needs.
 */
function safeBody({ fields, body }: SipText): string {
  if (body === '') return '';
  const values = (name: string): string[] => fields.flatMap(([each, value]) => (each.toLowerCase() === name ? [value.toLowerCase()] : []));
  const [type = '', ...others] = values('content-type');
  const isSdp = others.length === 0 && /^application\/sdp\s*(;|$)/.test(type) && values('content-encoding').length === 0;
  if (!isSdp) return `[a body of ${String(Buffer.byteLength(body))} bytes is not stored]`;
  return body
    .split(/\r\n|\n|\r/)
    .map(safeLine)
    .join('\r\n');
}

/** The message as it may be stored: without credentials, keys, signatures, pressed digits, and anything that only a vendor understands. */
export function withoutSecrets(text: string): string {
  const read = readSipText(text);
  return writeSipText({
    start: withoutUriSecrets(read.start),
    fields: read.fields.map(([name, value]) => [name, safeField(name, value)] as const),
    body: safeBody(read),
  });
}
