import { expect, test } from '@jest/globals';
import { createDigitWays } from './digit-ways.js';

test('the way of the first digit is the way of the leg', () => {
  const ways = createDigitWays(() => true);
  expect(ways.isItsWay('a', 'info')).toBe(true);
  expect(ways.isItsWay('a', 'media')).toBe(false);
  expect(ways.isItsWay('a', 'info')).toBe(true);
  expect(ways.isItsWay('b', 'media')).toBe(true);
});

test('legs that are gone have no digits, and are forgotten', () => {
  const there = new Set<string>();
  const ways = createDigitWays((legId) => there.has(legId));
  expect(ways.isItsWay('gone', 'info')).toBe(false);
  for (let i = 0; i < 1_000; i += 1) {
    there.add(`l${i}`);
    ways.isItsWay(`l${i}`, 'media');
  }
  there.clear();
  there.add('last');
  expect(ways.isItsWay('last', 'media')).toBe(true);
  expect(ways.size).toBe(1);
});
