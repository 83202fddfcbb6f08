/** Chance from one seed (xorshift128 after splitmix32): the same seed gives the same numbers on every machine. */
export class Random {
  readonly #state: Uint32Array;

  constructor(seed: number) {
    let mixed = seed >>> 0;
    this.#state = Uint32Array.from({ length: 4 }, () => {
      mixed = (mixed + 0x9e37_79b9) >>> 0;
      let word = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b);
      word = Math.imul(word ^ (word >>> 13), 0xc2b2_ae35);
      return (word ^ (word >>> 16)) >>> 0;
    });
  }

  /** A generator of its own for one part: what it draws changes nothing for the others. */
  fork(): Random {
    return new Random(this.#next());
  }

  #next(): number {
    const state = this.#state;
    let word = state[3] ?? 0;
    const first = state[0] ?? 0;
    state[3] = state[2] ?? 0;
    state[2] = state[1] ?? 0;
    state[1] = first;
    word ^= word << 11;
    word ^= word >>> 8;
    state[0] = word ^ first ^ (first >>> 19);
    return (state[0] ?? 0) >>> 0;
  }

  /** From 0 up to, but excluding, 1. */
  unit(): number {
    return this.#next() / 0x1_0000_0000;
  }
  /** A whole number from `least` to `most`, both included. */
  int(least: number, most: number): number {
    return least + Math.floor(this.unit() * (most - least + 1));
  }
  chance(probability: number): boolean {
    return this.unit() < probability;
  }
  pick<T>(choices: readonly T[]): T {
    const chosen = choices[Math.floor(this.unit() * choices.length)];
    if (chosen === undefined) throw new Error('nothing to pick from');
    return chosen;
  }
  /** Exponentially distributed about `mean`; never longer than five times the mean. */
  around(mean: number): number {
    return Math.min(5 * mean, Math.round(-Math.log(1 - this.unit()) * mean));
  }
  bytes(into: Uint8Array): void {
    for (let at = 0; at < into.length; at += 1) into[at] = this.#next() & 0xff;
  }
}
