import { seeded } from '../../shared/domain/seeded.js';

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
