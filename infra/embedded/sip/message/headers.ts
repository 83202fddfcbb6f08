/** One header line: `key` is the lower-case long name, `name` how it is written out. */
export interface HeaderField {
  readonly key: string;
  readonly name: string;
  readonly value: string;
}

// RFC 3261 section 7.3.3 and the registry since: compact forms.
const COMPACT: Readonly<Record<string, string>> = {
  a: 'accept-contact',
  b: 'referred-by',
  c: 'content-type',
  d: 'request-disposition',
  e: 'content-encoding',
  f: 'from',
  i: 'call-id',
  j: 'reject-contact',
  k: 'supported',
  l: 'content-length',
  m: 'contact',
  o: 'event',
  r: 'refer-to',
  s: 'subject',
  t: 'to',
  u: 'allow-events',
  v: 'via',
  x: 'session-expires',
};

// Names whose usual spelling is not what capitalising each word gives.
const SPELLING: Readonly<Record<string, string>> = {
  'call-id': 'Call-ID',
  cseq: 'CSeq',
  'www-authenticate': 'WWW-Authenticate',
  'mime-version': 'MIME-Version',
  rack: 'RAck',
  rseq: 'RSeq',
  'sip-etag': 'SIP-ETag',
  'sip-if-match': 'SIP-If-Match',
  'min-se': 'Min-SE',
};

const knownKeys = new Map<string, string>();
const knownNames = new Map<string, string>();
const KNOWN_LIMIT = 2_000;

/** The long name of a header in lower case. Only the first names are cached, so that random names of a stranger cost no memory. */
export function headerKey(name: string): string {
  const known = knownKeys.get(name);
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  const key = COMPACT[lower] ?? lower;
  if (knownKeys.size < KNOWN_LIMIT) knownKeys.set(name, key);
  return key;
}

/** How a header is written out: `call-id` gives `Call-ID`. `X-` names stay as the sender typed them, as drachtio-server does. */
export function headerName(name: string): string {
  if (name.startsWith('X-') || name.startsWith('x-')) return name;
  const key = headerKey(name);
  const known = knownNames.get(key);
  if (known !== undefined) return known;
  const spelled = SPELLING[key] ?? key.replace(/(^|-)([a-z])/g, (_all, dash: string, letter: string) => dash + letter.toUpperCase());
  if (knownNames.size < KNOWN_LIMIT) knownNames.set(key, spelled);
  return spelled;
}

/** The header lines of one message, in order. Keys are lower-case long names (`call-id`). */
export class Headers {
  private constructor(private fields: HeaderField[]) {}

  static empty(): Headers {
    return new Headers([]);
  }

  static of(fields: readonly HeaderField[]): Headers {
    return new Headers([...fields]);
  }

  [Symbol.iterator](): Iterator<HeaderField> {
    return this.fields[Symbol.iterator]();
  }

  get size(): number {
    return this.fields.length;
  }

  /** The first value, or undefined. */
  get(key: string): string | undefined {
    for (const field of this.fields) if (field.key === key) return field.value;
    return undefined;
  }

  all(key: string): string[] {
    const values: string[] = [];
    for (const field of this.fields) if (field.key === key) values.push(field.value);
    return values;
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  /** Replaces the first line of that key in its place and removes the others. Appends when there is none. */
  set(name: string, value: string): this {
    const key = headerKey(name);
    const at = this.fields.findIndex((field) => field.key === key);
    if (at < 0) return this.add(name, value);
    this.fields = this.fields.filter((field, index) => index <= at || field.key !== key);
    this.fields[at] = { key, name: headerName(name), value };
    return this;
  }

  add(name: string, value: string): this {
    this.fields.push({ key: headerKey(name), name: headerName(name), value });
    return this;
  }

  /** Adds a line above all others, for a Via or a Record-Route of ours. */
  prepend(name: string, value: string): this {
    this.fields.unshift({ key: headerKey(name), name: headerName(name), value });
    return this;
  }

  remove(key: string): this {
    this.fields = this.fields.filter((field) => field.key !== key);
    return this;
  }

  /** Removes the first line of that key only: our own Via before a response goes up. */
  removeFirst(key: string): this {
    const at = this.fields.findIndex((field) => field.key === key);
    if (at >= 0) this.fields.splice(at, 1);
    return this;
  }

  clone(): Headers {
    return new Headers([...this.fields]);
  }
}
