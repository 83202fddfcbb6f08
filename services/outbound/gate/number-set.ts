const SLOTS_PER_HASH = 2;
const SMALLEST = 1_024;
const WORD_DIGITS = 8;
const HEX = 16;
/** Spreads values that would collide; odd, so that every slot is reached. */
const SPREAD = 0x9e3779b1;

/**
 * Hashes of numbers, 16 bytes of memory each: the first 64 bits represent the whole hash. Two of a million numbers share them once in some
 * ten million lists. Nothing is ever removed.
 */
export class NumberSet {
  #words = new Uint32Array(SMALLEST * 2);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(hash: string): void {
    if ((this.#size + 1) * SLOTS_PER_HASH > this.#words.length / 2) this.#grow();
    const [high, low] = wordsOf(hash);
    this.#size += put(this.#words, high, low) ? 1 : 0;
  }

  has(hash: string): boolean {
    const [high, low] = wordsOf(hash);
    const at = slotOf(this.#words, high, low);
    return this.#words[at] === high && this.#words[at + 1] === low;
  }

  #grow(): void {
    const before = this.#words;
    const words = new Uint32Array(before.length * 2);
    for (let at = 0; at < before.length; at += 2) {
      const [high = 0, low = 0] = [before[at], before[at + 1]];
      if (high !== 0 || low !== 0) put(words, high, low);
    }
    this.#words = words;
  }
}

/** Never both zero, which marks an empty slot. */
function wordsOf(hash: string): readonly [high: number, low: number] {
  const high = Number.parseInt(hash.slice(0, WORD_DIGITS), HEX) >>> 0;
  const low = Number.parseInt(hash.slice(WORD_DIGITS, WORD_DIGITS * 2), HEX) >>> 0;
  return high === 0 && low === 0 ? [0, 1] : [high, low];
}

/** The position of the two words, or of the empty slot for them. */
function slotOf(words: Uint32Array, high: number, low: number): number {
  const slots = words.length / 2;
  let slot = (Math.imul(high ^ low, SPREAD) >>> 0) & (slots - 1);
  for (;;) {
    const at = slot * 2;
    const isEmpty = words[at] === 0 && words[at + 1] === 0;
    if (isEmpty || (words[at] === high && words[at + 1] === low)) return at;
    slot = (slot + 1) & (slots - 1);
  }
}

/** Stores the two words; true when they are new. */
function put(words: Uint32Array, high: number, low: number): boolean {
  const at = slotOf(words, high, low);
  const isNew = words[at] !== high || words[at + 1] !== low;
  words[at] = high;
  words[at + 1] = low;
  return isNew;
}
