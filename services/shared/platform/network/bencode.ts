/**
 * Bencode, the form in which rtpengine reads and writes fastest: `i7e` is a number, `4:word` a text of four bytes, `l…e` a list, `d…e` a
 * dictionary whose keys are texts.
 */

const [MINUS, DIGIT_0, DIGIT_9, COLON] = [0x2d, 0x30, 0x39, 0x3a];
const [DICTIONARY, END, NUMBER, LIST] = [0x64, 0x65, 0x69, 0x6c];

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
export function readBencode(bytes: Buffer, unread: ReadonlySet<string> = NOTHING): unknown {
  // One character a byte: lengths count bytes.
  const reader = new Reader(bytes.toString('latin1'), unread);
  const value = reader.value();
  reader.atEnd();
  return value;
}
const NOTHING: ReadonlySet<string> = new Set();

// Reads what each look at each conversation brings, so nothing is allocated but the values.
class Reader {
  #at = 0;
  readonly #isAscii: boolean;

  constructor(
    private readonly text: string,
    private readonly unread: ReadonlySet<string>,
  ) {
    this.#isAscii = !/[\u0080-\uffff]/.test(text);
  }

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
    const start = (this.#at += 1);
    const isNegative = this.text.charCodeAt(start) === MINUS;
    if (isNegative) this.#at += 1;
    const value = this.#digits(END);
    return isNegative ? -value : value;
  }

  /** The number that is written here, and passes the character that must follow it. */
  #digits(then: number): number {
    const start = this.#at;
    let value = 0;
    for (;;) {
      const code = this.text.charCodeAt(this.#at);
      if (!(code >= DIGIT_0 && code <= DIGIT_9)) {
        if (code !== then || this.#at === start) throw new SyntaxError('not bencode');
        this.#at += 1;
        return value;
      }
      value = value * 10 + (code - DIGIT_0);
      this.#at += 1;
    }
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
      // A key of the other side never names what every object has.
      if (this.unread.has(key) || key === '__proto__') this.#stepOver();
      else entries[key] = this.value();
    }
    return entries;
  }

  #string(): string {
    const start = this.#toTextEnd();
    const text = this.text.slice(start, this.#at);
    return this.#isAscii ? text : Buffer.from(text, 'latin1').toString('utf8');
  }

  /** Passes the text that is here. The answer is where its first character is. */
  #toTextEnd(): number {
    const length = this.#digits(COLON);
    const start = this.#at;
    this.#at += length;
    if (this.#at > this.text.length) throw new SyntaxError('the text ends early');
    return start;
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
      if (code === LIST || code === DICTIONARY) open += 1;
      else if (code === END && open > 0) open -= 1;
      else {
        if (code === NUMBER) this.#number();
        else this.#toTextEnd();
        continue;
      }
      this.#at += 1;
    } while (open > 0);
  }
}
