import { expect, test } from '@jest/globals';
import { maskNumber, normaliseNumber } from './phone-number.js';

test.each([
  ['13800000002', '138****0002'],
  ['+8613800000002', '+861******0002'],
  ['02158881234', '021****1234'],
  ['58881234', '588***34'],
  ['10086', '10**6'],
  ['9990', '9990'],
  ['', ''],
])('%s is shown as %s', (number, shown) => {
  expect(maskNumber(number)).toBe(shown);
});

test.each([
  ['138 0000-0002', '13800000002'],
  ['(021) 5888.1234', '02158881234'],
  ['+86 138 0000 0002', '13800000002'],
  ['*21*13800009999#', undefined],
  ['call me', undefined],
  ['', undefined],
  ['1'.repeat(25), undefined],
  ['+', undefined],
])('%j is the number %s', (text, number) => {
  expect(normaliseNumber(text)).toBe(number);
});
