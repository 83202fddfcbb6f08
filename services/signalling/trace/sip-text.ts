/** A SIP message as lines. The page, the pcap and the masking work on this form. */
export interface SipText {
  readonly start: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** The one-letter forms of RFC 3261 section 7.3.3 and later RFCs. */
const LONG_NAMES: Readonly<Record<string, string>> = {
  ...{ i: 'Call-ID', m: 'Contact', e: 'Content-Encoding', l: 'Content-Length', c: 'Content-Type', f: 'From', s: 'Subject', k: 'Supported' },
  ...{ t: 'To', v: 'Via', r: 'Refer-To', b: 'Referred-By', x: 'Session-Expires', o: 'Event', u: 'Allow-Events', y: 'Identity' },
  ...{ a: 'Accept-Contact', d: 'Request-Disposition', j: 'Reject-Contact', n: 'Identity-Info' },
};

/** Reads any text. A line that is not a header is left out. Folded lines are joined. */
export function readSipText(text: string): SipText {
  const blank = /\r?\n\r?\n/.exec(text);
  const head = blank === null ? text : text.slice(0, blank.index);
  const body = blank === null ? '' : text.slice(blank.index + blank[0].length);
  const [start = '', ...lines] = head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const fields = lines.flatMap((line): (readonly [string, string])[] => {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trim();
    return /^[\w\-.!%*+`'~]{1,64}$/.test(name) ? [[LONG_NAMES[name.toLowerCase()] ?? name, line.slice(colon + 1).trim()]] : [];
  });
  return { start, fields, body };
}

/** The message as text again. `Content-Length` is computed from the current body, in bytes of UTF-8. */
export function writeSipText({ start, fields, body }: SipText): string {
  const length = Buffer.byteLength(body);
  const lines = fields.map(([name, value]) => `${name}: ${name.toLowerCase() === 'content-length' ? String(length) : value}`);
  return `${[start, ...lines].join('\r\n')}\r\n\r\n${body}`;
}

/** The first value of a header. */
export const fieldOf = ({ fields }: SipText, name: string): string | undefined =>
  fields.find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1];

/**
 * The user part of the first URI in a header or a request line, unescaped: `sip:138%3000@…` and `tel:138…`. While a trace is on, telephony
 * reads every INVITE with it, so its running time must be linear in the text.
 */
export function userIn(text: string): string {
  for (const token of text.split(/[\s<>]+/)) {
    const found = /(sips?|tel):/i.exec(token);
    if (found === null) continue;
    const behind = token.slice(found.index + found[0].length);
    const isTel = found[1]?.toLowerCase() === 'tel';
    // A `sip:` without a following `@` is a host without a user.
    if (isTel || behind.includes('@')) return unescaped((isTel ? /^[^;]*/ : /^[^@;:]*/).exec(behind)?.[0] ?? '');
  }
  return '';
}

/** Without RFC 3986 escapes; a text with invalid escapes stays as it is. */
export function unescaped(user: string): string {
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
}

/** `INVITE` or `200 OK`, the name of a message in a ladder; empty for any other text. */
export function labelOf({ start }: SipText): { readonly kind: 'request' | 'response'; readonly label: string } {
  const response = /^SIP\/2\.0 (\d{3}) ?(.{0,60})/.exec(start);
  if (response !== null) return { kind: 'response', label: `${response[1] ?? ''} ${response[2] ?? ''}`.trim() };
  return { kind: 'request', label: /^[A-Z]{2,20}(?= )/.exec(start)?.[0] ?? '?' };
}
