import { parseUriParams } from './uri.js';

/** `"Alice" <sip:a@b>;tag=1` taken apart (RFC 3261 section 20.10). */
export interface NameAddr {
  readonly display: string | undefined;
  readonly uri: string;
  readonly params: ReadonlyMap<string, string>;
}

/** One Via value (RFC 3261 section 20.42). */
export interface Via {
  /** Upper case: `UDP`, `TCP`, `TLS`, `WS`, `WSS`. */
  readonly transport: string;
  readonly host: string;
  readonly port: number | undefined;
  readonly params: ReadonlyMap<string, string>;
}

export interface CSeq {
  readonly number: number;
  readonly method: string;
}

export const TOKEN = /^[A-Za-z0-9\-.!%*_+`'~]+$/;

/** Where a quoted string that starts at `from` ends (index of the closing quote), or -1. */
function closingQuote(text: string, from: number): number {
  for (let i = from + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i;
  }
  return -1;
}

/** Splits at a separator outside quotes and angle brackets. */
export function splitOutside(text: string, separator: ',' | ';'): string[] {
  if (!text.includes(separator)) return [text.trim()];
  const parts: string[] = [];
  let start = 0;
  let inAngle = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '"') {
      const end = closingQuote(text, i);
      if (end < 0) break;
      i = end;
    } else if (char === '<') inAngle = true;
    else if (char === '>') inAngle = false;
    else if (char === separator && !inAngle) {
      parts.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  parts.push(text.slice(start).trim());
  return parts;
}

/** The values of a header that is a comma list, empty elements dropped. */
export function splitList(value: string): string[] {
  return splitOutside(value, ',').filter((part) => part !== '');
}

/** Header parameters `;a=1;b="x;y"`; values keep their quotes. */
export function parseParams(text: string): ReadonlyMap<string, string> {
  if (!text.includes('"')) return parseUriParams(text);
  const params = new Map<string, string>();
  for (const part of splitOutside(text, ';')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = (equals < 0 ? part : part.slice(0, equals)).trim().toLowerCase();
    if (!params.has(name)) params.set(name, equals < 0 ? '' : part.slice(equals + 1).trim());
  }
  return params;
}

/** Reads a From, To, Contact, Route or Refer-To value; undefined when it is not one. */
export function parseNameAddr(value: string): NameAddr | undefined {
  let searchFrom = 0;
  if (value.startsWith('"')) {
    searchFrom = closingQuote(value, 0) + 1;
    if (searchFrom === 0) return undefined;
  }
  const open = value.indexOf('<', searchFrom);
  if (open >= 0) {
    const close = value.indexOf('>', open);
    if (close < 0) return undefined;
    const display = value.slice(0, open).trim();
    if (searchFrom > 0 && value.slice(searchFrom, open).trim() !== '') return undefined;
    const rest = value.slice(close + 1).trim();
    if (rest !== '' && !rest.startsWith(';')) return undefined;
    return { display: display === '' ? undefined : display, uri: value.slice(open + 1, close).trim(), params: parseParams(rest) };
  }
  // Without angle brackets everything behind the first semicolon belongs to the header (RFC 3261 section 20).
  if (searchFrom > 0) return undefined;
  const semicolon = value.indexOf(';');
  const uri = (semicolon < 0 ? value : value.slice(0, semicolon)).trim();
  if (uri === '' || /[\s"?,]/.test(uri)) return undefined;
  return { display: undefined, uri, params: parseParams(semicolon < 0 ? '' : value.slice(semicolon)) };
}

/** The tag of a From or To value, or undefined. */
export function tagOf(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const tag = parseNameAddr(value)?.params.get('tag');
  return tag === '' ? undefined : tag;
}

const VIA =
  /^SIP\s*\/\s*2\.0\s*\/\s*([A-Za-z0-9\-.!%*_+`'~]+)\s+(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+)(?:\s*:\s*(\d{1,5}))?\s*((?:;[\s\S]*)?)$/i;

/** One Via value, or undefined when it is malformed. */
export function parseVia(value: string): Via | undefined {
  const match = VIA.exec(value);
  if (!match) return undefined;
  const [, transport = '', host = '', port, params = ''] = match;
  if (port !== undefined && Number(port) > 65_535) return undefined;
  return {
    transport: transport.toUpperCase(),
    host: host.toLowerCase(),
    port: port === undefined ? undefined : Number(port),
    params: parseParams(params),
  };
}

/** A Via value written out; parameters in their order. */
export function formatVia(via: Via): string {
  let text = `SIP/2.0/${via.transport} ${via.host}${via.port === undefined ? '' : `:${String(via.port)}`}`;
  for (const [name, value] of via.params) text += value === '' ? `;${name}` : `;${name}=${value}`;
  return text;
}

/** CSeq: a number below 2^31 and a method (RFC 3261 section 8.1.1.5). */
export function parseCSeq(value: string | undefined): CSeq | undefined {
  const match = value === undefined ? null : /^(\d{1,10})\s+(\S+)$/.exec(value);
  if (!match) return undefined;
  const number = Number(match[1]);
  return number < 2 ** 31 ? { number, method: match[2] ?? '' } : undefined;
}

/** Whether an option tag is in any of the comma lists given. */
export function hasOption(values: readonly string[], option: string): boolean {
  return values.some((value) => splitList(value).some((tag) => tag.toLowerCase() === option));
}
