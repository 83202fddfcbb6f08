import { expect, test } from '@jest/globals';
import { untilFetched } from './until-fetched.js';

test('what cannot be fetched is asked for again, ever more seldom but at least every ten seconds', async () => {
  const waits: number[] = [];
  let tries = 0;
  const part = await untilFetched(
    () => (++tries < 9 ? Promise.reject(new TypeError('away')) : Promise.resolve('part')),
    (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
  );
  expect(part).toBe('part');
  expect(waits).toEqual([300, 600, 1_200, 2_400, 4_800, 9_600, 10_000, 10_000]);
});
