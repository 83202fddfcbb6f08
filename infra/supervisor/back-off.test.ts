import { expect, test } from '@jest/globals';
import { afterDeath, FIRST_DELAY_MS, LONGEST_DELAY_MS, noDeaths, RESET_AFTER_MS } from './back-off.js';

test('a process that keeps dying is started again later and later, at most every 10 s', () => {
  let backOff = noDeaths;
  const delays: number[] = [];
  for (let death = 0; death < 9; death += 1) {
    const next = afterDeath(backOff, 0);
    backOff = next.backOff;
    delays.push(next.delayMs);
  }
  expect(delays).toEqual([200, 400, 800, 1600, 3200, 6400, 10_000, 10_000, 10_000]);
});

test('a process that was well for a minute is started again at once, as after its first death', () => {
  expect(afterDeath({ deaths: 7 }, RESET_AFTER_MS).delayMs).toBe(FIRST_DELAY_MS);
  expect(afterDeath({ deaths: 7 }, RESET_AFTER_MS - 1).delayMs).toBe(LONGEST_DELAY_MS);
});
