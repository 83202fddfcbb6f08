import { expect, test } from '@jest/globals';
import { afterDeath, AT_ONCE, FIRST_DELAY_MS, LONGEST_DELAY_MS, noDeaths, RESET_AFTER_MS } from './back-off.js';

function delaysOf(deaths: number, readyForMs: number | undefined): number[] {
  let backOff = noDeaths;
  return Array.from({ length: deaths }, () => {
    const next = afterDeath(backOff, readyForMs);
    backOff = next.backOff;
    return next.delayMs;
  });
}

test('a process that never becomes ready is started again later and later, at most every 10 s', () => {
  expect(delaysOf(9, undefined)).toEqual([200, 400, 800, 1600, 3200, 6400, 10_000, 10_000, 10_000]);
});

test('a process that had become ready is started again at once, and later and later when it keeps dying', () => {
  expect(delaysOf(AT_ONCE + 3, 500)).toEqual([...Array<number>(AT_ONCE).fill(0), 200, 400, 800]);
});

test('a process that was well for a minute is started again as after its first death', () => {
  expect(afterDeath({ deaths: 20 }, RESET_AFTER_MS)).toEqual({ backOff: { deaths: 1 }, delayMs: 0 });
  expect(afterDeath({ deaths: 20 }, RESET_AFTER_MS - 1).delayMs).toBe(LONGEST_DELAY_MS);
  expect(afterDeath({ deaths: AT_ONCE }, 0).delayMs).toBe(FIRST_DELAY_MS);
});
