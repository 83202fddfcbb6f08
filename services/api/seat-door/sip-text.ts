/** A SIP message as a seat may send it: one line a header, full names, no folding. */
export interface SipText {
  readonly startLine: string;
  /** Header values by lower-case name, in their order. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: string;
}

const MOST_HEADERS = 64;
const HEADER = /^([A-Za-z][A-Za-z-]{0,39})[ \t]*:[ \t]*(.*)$/;
/** A CR or LF that does not end a line, and NUL: other parsers may see a line end there. */
const isUnclean = (text: string): boolean => /\0|\r(?!\n)|(?<!\r)\n/.test(text);

/** Reads a message; undefined for invalid text, or for text that other parsers could read differently. */
export function readSip(text: string): SipText | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = text.slice(0, end);
  const [startLine = '', ...lines] = head.split('\r\n');
  if (isUnclean(head) || lines.length > MOST_HEADERS) return undefined;
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const [, name, value = ''] = HEADER.exec(line) ?? [];
    if (name === undefined) return undefined;
    const key = name.toLowerCase();
    headers.set(key, [...(headers.get(key) ?? []), value.trim()]);
  }
  return { startLine, headers, body: text.slice(end + 4) };
}

export type HeaderLine = readonly [name: string, value: string];

/** Writes a message with the length of its body. */
export function writeSip(startLine: string, headers: readonly HeaderLine[], body = ''): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  const length = new TextEncoder().encode(body).length;
  return [startLine, ...lines, `Content-Length: ${length}`, '', body].join('\r\n');
}

export const first = (message: SipText, name: string): string => message.headers.get(name)?.[0] ?? '';
export const all = (message: SipText, name: string): readonly string[] => message.headers.get(name) ?? [];

/** The tag of a From or To value. */
export const tagOf = (value: string): string | undefined =>
  /;\s*tag=([\w.!%*+`'~-]{1,128})/.exec(value.slice(value.lastIndexOf('>') + 1))?.[1];

/** The URI of a name-addr or addr-spec. */
export const uriOf = (value: string): string | undefined => /<([^>\s]+)>/.exec(value)?.[1] ?? /^(sips?:[^;,\s]+)/.exec(value)?.[1];
