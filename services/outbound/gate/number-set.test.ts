import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { NumberSet } from './number-set.js';

const hashOf = (i: number): string => createHash('sha256').update(String(i)).digest('hex');

test('knows every hash that was added and no other, over many growths', () => {
  const set = new NumberSet();
  for (let i = 0; i < 20_000; i += 1) set.add(hashOf(i));
  for (let i = 0; i < 20_000; i += 1) expect(set.has(hashOf(i))).toBe(true);
  for (let i = 20_000; i < 40_000; i += 1) expect(set.has(hashOf(i))).toBe(false);
  expect(set.size).toBe(20_000);
});

test('counts a hash once, and takes the one of zeros', () => {
  const set = new NumberSet();
  const zeros = '0'.repeat(64);
  expect(set.has(zeros)).toBe(false);
  set.add(zeros);
  set.add(zeros);
  set.add(hashOf(1));
  expect([set.size, set.has(zeros), set.has(hashOf(1)), set.has('f'.repeat(64))]).toEqual([2, true, true, false]);
});
