import { expect, test } from '@jest/globals';
import { endOfSilence } from './silence.js';

const quiet = (buckets: number): number[] => new Array<number>(buckets).fill(2);
const loud = (buckets: number): number[] => new Array<number>(buckets).fill(90);

test.each([
  ['somebody talks', 500, undefined],
  ['both are silent: on to just before the next word', 1_000, 4_700],
  ['in the middle of the silence', 2_500, 4_700],
  ['the word is near', 3_500, undefined],
  ['silent until the end', 6_100, 9_700],
])('%s', (_name, atMs, goOnAtMs) => {
  const peaks = { bucketMs: 100, caller: [...loud(10), ...quiet(90)], agent: [...quiet(50), ...loud(10), ...quiet(40)] };
  expect(endOfSilence(peaks, atMs)).toBe(goOnAtMs);
});
