/**
 * Bencode, the form in which rtpengine reads and writes fastest: `i7e` is a number, `4:word` a text of four bytes, `l…e` a list, `d…e` a
 * dictionary whose keys are texts.
 */

const [DIGIT_0, DIGIT_9, DICTIONARY, END, NUMBER, LIST] = [0x30, 0x39, 0x64, 0x65, 0x69, 0x6c];

/** Keys without a value are left out, as in JSON. */
export function writeBencode(value: unknown): string {
  if (typeof value === 'string') return `${Buffer.byteLength(value)}:${value}`;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return `i${value}e`;
  if (Array.isArray(value)) return `l${value.map(writeBencode).join('')}e`;
  if (typeof value !== 'object' || value === null) throw new TypeError('bencode has whole numbers, texts, lists and dictionaries only');
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return `d${entries.map(([key, each]) => writeBencode(key) + writeBencode(each)).join('')}e`;
}

/** Whether this may be bencode and not JSON: a dictionary begins with `d`. */
export const looksLikeBencode = (text: Buffer): boolean => text[0] === DICTIONARY;

/** The value without the dictionary entries of the names in `unread`: they are stepped over, which costs less than building them. */
export function readBencode(bytes: Buffer, unread?: ReadonlySet<string>): unknown {
  // One character a byte: lengths count bytes.
  const reader = new Reader(bytes.toString('latin1'), unread);
  const value = reader.value();
  reader.atEnd();
  return value;
}

class Reader {
  #at = 0;

  constructor(
    private readonly text: string,
    private readonly unread: ReadonlySet<string> | undefined,
  ) {}

  value(): unknown {
    switch (this.text.charCodeAt(this.#at)) {
      case NUMBER:
        return this.#number();
      case LIST:
        return this.#list();
      case DICTIONARY:
        return this.#dictionary();
      default:
        return this.#string();
    }
  }

  atEnd(): void {
    if (this.#at !== this.text.length) throw new SyntaxError('something follows the value');
  }

  #number(): number {
    const end = this.text.indexOf('e', this.#at);
    const digits = end < 0 ? '' : this.text.slice(this.#at + 1, end);
    if (!/^-?\d+$/.test(digits)) throw new SyntaxError('not a number');
    this.#at = end + 1;
    return Number(digits);
  }

  #list(): unknown[] {
    const list: unknown[] = [];
    for (this.#at += 1; !this.#ends();) list.push(this.value());
    return list;
  }

  #dictionary(): Record<string, unknown> {
    const entries: Record<string, unknown> = {};
    for (this.#at += 1; !this.#ends();) {
      const key = this.#string();
      if (this.unread?.has(key) === true) this.#stepOver();
      // A key of the other side never names what every object has.
      else if (key === '__proto__') this.#stepOver();
      else entries[key] = this.value();
    }
    return entries;
  }

  #string(): string {
    const [start, end] = this.#textAt();
    this.#at = end;
    const text = this.text.slice(start, end);
    // eslint-disable-next-line no-control-regex
    return /[^\x00-\x7f]/.test(text) ? Buffer.from(text, 'latin1').toString('utf8') : text;
  }

  /** Where the text that begins here has its first character, and where it ends. */
  #textAt(): [start: number, end: number] {
    let length = 0;
    let at = this.#at;
    for (; ; at += 1) {
      const code = this.text.charCodeAt(at);
      if (!(code >= DIGIT_0 && code <= DIGIT_9)) break;
      length = length * 10 + (code - DIGIT_0);
    }
    const end = at + 1 + length;
    if (at === this.#at || this.text[at] !== ':' || end > this.text.length) throw new SyntaxError('not a text');
    return [at + 1, end];
  }

  /** Whether a list or a dictionary ends here; then its end is passed. */
  #ends(): boolean {
    if (this.text.charCodeAt(this.#at) !== END) return false;
    this.#at += 1;
    return true;
  }

  #stepOver(): void {
    let open = 0;
    do {
      const code = this.text.charCodeAt(this.#at);
      if (code === LIST || code === DICTIONARY) {
        open += 1;
        this.#at += 1;
      } else if (code === END && open > 0) {
        open -= 1;
        this.#at += 1;
      } else if (code === NUMBER) this.#number();
      else [, this.#at] = this.#textAt();
    } while (open > 0);
  }
}
