import { TOKEN, parseVia, splitList } from './grammar.js';
import { Headers, headerKey, headerName, type HeaderField } from './headers.js';
import { NO_BODY, type SipMessage } from './message.js';

/** The result of parsing: a message, or the reason why there is none. */
export type Parsed =
  | { readonly kind: 'message'; readonly message: SipMessage; readonly declaredLength: number | undefined }
  /** Cannot be answered: not SIP, or no Via. Dropping it silently is allowed (RFC 3261 section 18.3). */
  | { readonly kind: 'garbage'; readonly reason: string }
  /** A request so broken that only a bare response is possible. `message` has the readable parts. */
  | { readonly kind: 'malformed'; readonly status: 400 | 505; readonly reason: string; readonly message: SipMessage };

/** Limits that keep a hostile message from costing more than a normal one. */
export const MAX_HEADER_BYTES = 64 * 1024;
export const MAX_HEADER_FIELDS = 512;

// One value per line, so that the top Via or Route is a separate line.
const SPLIT_AT_PARSE = new Set(['via', 'route', 'record-route']);

const UNPRINTABLE = /[\0\r\n]/;

const isBlank = (text: string, at: number): boolean => text[at] === ' ' || text[at] === '\t';

/** By hand instead of `[ \t]+$`: input from strangers must not take quadratic time. */
function withoutBlanksAtEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isBlank(text, end - 1)) end -= 1;
  return text.slice(0, end);
}

/** Joins continuation lines (RFC 3261 section 7.3.1). */
function unfold(text: string): string {
  if (!/\r\n[ \t]/.test(text)) return text;
  const lines: string[][] = [];
  for (const line of text.split('\r\n')) {
    const before = lines.at(-1);
    if (before === undefined || !isBlank(line, 0)) lines.push([line]);
    else before.push(withoutBlanksAtEnd(before.pop() ?? ''), line.replace(/^[ \t]+/, ''));
  }
  return lines.map((parts) => parts.join(' ')).join('\r\n');
}

function parseFields(lines: readonly string[]): { fields: HeaderField[]; defect: string | undefined } {
  const fields: HeaderField[] = [];
  let defect: string | undefined;
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i] ?? '';
    const colon = line.indexOf(':');
    const rawName = colon < 0 ? '' : line.slice(0, colon).trim();
    // A bare CR, LF or NUL may be a line end to others: a forwarded message could then say more than we read.
    if (!TOKEN.test(rawName) || UNPRINTABLE.test(line)) {
      defect ??= 'Malformed header line';
      continue;
    }
    const key = headerKey(rawName);
    const value = line.slice(colon + 1).trim();
    const name = headerName(rawName);
    if (SPLIT_AT_PARSE.has(key) && value.includes(',')) {
      for (const part of splitList(value)) fields.push({ key, name, value: part });
    } else fields.push({ key, name, value });
    if (fields.length > MAX_HEADER_FIELDS) return { fields, defect: 'Too many header fields' };
  }
  return { fields, defect };
}

/** A start line, strict: single spaces (RFC 3261 section 7.1 forbids more), version in any case. */
function parseStartLine(
  line: string,
  headers: Headers,
  body: Buffer,
): { message: SipMessage; defect?: string; status?: 400 | 505 } | undefined {
  if (/^SIP\//i.test(line)) {
    const match = /^SIP\/2\.0 ([1-6]\d\d)(?: (.*))?$/i.exec(line);
    if (!match) return undefined;
    return { message: { kind: 'response', status: Number(match[1]), reason: match[2] ?? '', headers, body } };
  }
  const whole = withoutBlanksAtEnd(line);
  const tail = line.slice(whole.length);
  const versionAt = Math.max(whole.lastIndexOf(' '), whole.lastIndexOf('\t')) + 1;
  const version = /^SIP\/(\d+\.\d+)$/i.exec(whole.slice(versionAt))?.[1];
  const head = withoutBlanksAtEnd(whole.slice(0, versionAt));
  const method = /^\S+/.exec(head)?.[0] ?? '';
  const uri = head.slice(method.length).replace(/^[ \t]+/, '');
  const gapA = head.slice(method.length, head.length - uri.length);
  const gapB = whole.slice(head.length, versionAt);
  // Without a URI the two gaps are one; with fewer than two spaces in total the line is no request line.
  if (version === undefined || method === '' || (gapA + gapB).length < 2) return undefined;
  const message: SipMessage = { kind: 'request', method, uri, headers, body };
  if (version !== '2.0') return { message, status: 505, defect: 'Version Not Supported' };
  if (!TOKEN.test(method)) return { message, defect: 'Malformed method' };
  if (gapA !== ' ' || gapB !== ' ' || tail !== '' || /[\s<>"]/.test(uri) || uri === '')
    return { message, defect: 'Malformed request line' };
  return { message };
}

/**
 * Reads one whole message. Never throws. The body is a view into `data`, cut to Content-Length when that is shorter
 * (RFC 3261 section 18.3); `declaredLength` lets the validator see when it was longer.
 */
export function parseMessage(data: Buffer): Parsed {
  const end = data.indexOf('\r\n\r\n');
  if (end < 0) return { kind: 'garbage', reason: 'no end of headers' };
  if (end > MAX_HEADER_BYTES) return { kind: 'garbage', reason: 'headers too long' };
  // Leading empty lines are keep-alives or mistakes, and are ignored (RFC 3261 section 7.5).
  const lines = unfold(data.toString('utf8', 0, end))
    .replace(/^(\r\n)+/, '')
    .split('\r\n');
  const { fields, defect: fieldDefect } = parseFields(lines);
  const headers = Headers.of(fields);

  const lengthText = headers.get('content-length');
  const declaredLength = lengthText !== undefined && /^\d{1,9}$/.test(lengthText) ? Number(lengthText) : undefined;
  let body = data.subarray(end + 4);
  if (declaredLength !== undefined && declaredLength < body.length) body = body.subarray(0, declaredLength);
  if (body.length === 0) body = NO_BODY;

  const start = parseStartLine(lines[0] ?? '', headers, body);
  if (!start) return { kind: 'garbage', reason: 'not a SIP start line' };
  const via = headers.get('via');
  if (via === undefined || parseVia(via) === undefined) return { kind: 'garbage', reason: 'no usable Via' };

  const defect =
    start.defect ?? fieldDefect ?? (lengthText !== undefined && declaredLength === undefined ? 'Malformed Content-Length' : undefined);
  if (defect !== undefined) {
    if (start.message.kind === 'response') return { kind: 'garbage', reason: defect };
    return { kind: 'malformed', status: start.status ?? 400, reason: defect, message: start.message };
  }
  return { kind: 'message', message: start.message, declaredLength };
}
