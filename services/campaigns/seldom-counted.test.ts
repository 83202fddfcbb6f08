import { expect, test } from '@jest/globals';
import { seldomCounted } from './seldom-counted.js';

test('counting takes a tenth of the time at the most, and a failure is asked for again', async () => {
  let nowMs = 0;
  let asked = 0;
  let fails = false;
  const counts = seldomCounted(
    async () => {
      asked += 1;
      nowMs += 400;
      if (fails) throw new Error('away');
      return asked;
    },
    () => nowMs,
  );
  expect([await counts('a'), await counts('a'), await counts('b')]).toEqual([1, 1, 2]);
  nowMs += 3_000;
  expect(await counts('a')).toBe(1);
  nowMs += 1_000;
  expect(await counts('a')).toBe(3);
  fails = true;
  await expect(counts('c')).rejects.toThrow('away');
  fails = false;
  expect(await counts('c')).toBe(5);
});
