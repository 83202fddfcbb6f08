/** Draws `size` elements of a stream without knowing its length (reservoir sampling). The same seed and stream give the same draw. */
export function createSampler<T>(size: number, seed: string): { add(item: T): void; drawn(): readonly T[] } {
  const random = seeded(seed);
  const kept: T[] = [];
  let seen = 0;
  return {
    add(item) {
      seen += 1;
      if (kept.length < size) kept.push(item);
      else {
        const place = Math.floor(random() * seen);
        if (place < size) kept[place] = item;
      }
    },
    drawn: () => kept,
  };
}

/** mulberry32 over an FNV-1a of the seed: small, repeatable, and useless as a secret. The seed is printed with the draw. */
export function seeded(seed: string): () => number {
  let state = 0x811c9dc5;
  for (const character of seed) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
