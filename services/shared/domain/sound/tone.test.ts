import { expect, test } from '@jest/globals';
import { alawToLinear, linearToAlaw } from './g711.js';
import { hears, shareOfTone, tone } from './tone.js';

test('a tone is heard as itself and not as another', () => {
  const sound = tone(440, 1_600);
  expect(hears(sound, 440)).toBe(true);
  expect(hears(sound, 660)).toBe(false);
});

test('silence, noise and two tones at once are not one tone', () => {
  expect(shareOfTone(new Int16Array(1_600), 440)).toBe(0);
  let seed = 1;
  const noise = Int16Array.from({ length: 1_600 }, () => ((seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) % 20_000) - 10_000);
  expect(hears(noise, 440)).toBe(false);
  const other = tone(660, 1_600);
  const both = tone(440, 1_600).map((sample, i) => Math.round((sample + (other[i] ?? 0)) / 2));
  expect(hears(both, 440)).toBe(false);
});

test('A-law keeps a tone, and each octet is its own inverse', () => {
  expect(hears(alawToLinear(linearToAlaw(tone(697, 1_600))), 697)).toBe(true);
  const octets = Uint8Array.from({ length: 256 }, (_, i) => i);
  expect([...linearToAlaw(alawToLinear(octets))]).toEqual([...octets]);
});
