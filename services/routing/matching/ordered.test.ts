import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Ordered } from './ordered.js';

const rising = (a: number, b: number): number => a - b;

test('whatever is added and removed, the values are those of a set, in order', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(2_000), { maxLength: 900, size: 'max' }),
      fc.array(fc.tuple(fc.boolean(), fc.nat(2_000)), { maxLength: 900, size: 'max' }),
      (first, later) => {
        const kept = new Ordered(rising, [...first].sort(rising));
        const plain = new Set(first);
        for (const [adds, value] of later) {
          if (adds && !plain.has(value)) {
            kept.add(value);
            plain.add(value);
          } else if (!adds) {
            kept.delete(value);
            plain.delete(value);
          }
        }
        expect([...kept]).toEqual([...plain].sort(rising));
        expect(kept.size).toBe(plain.size);
      },
    ),
    // Enough runs to grow beyond one piece and to empty pieces again.
    { numRuns: 60 },
  );
});

test('ten thousand values that come falling, and go rising, are in order at each thousand', () => {
  const kept = new Ordered(rising);
  for (let value = 10_000; value > 0; value -= 1) kept.add(value);
  expect([...kept].slice(0, 3)).toEqual([1, 2, 3]);
  for (let value = 1; value <= 10_000; value += 1) {
    kept.delete(value);
    if (value % 1_000 === 0) expect([[...kept][0], kept.size]).toEqual([value === 10_000 ? undefined : value + 1, 10_000 - value]);
  }
  kept.delete(1);
  kept.add(7);
  expect([...kept]).toEqual([7]);
});
