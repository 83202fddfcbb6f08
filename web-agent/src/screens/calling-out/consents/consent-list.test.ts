import { expect, test } from '@jest/globals';
import { countFaults, refusedCsv } from './consent-list.js';

const refused = [
  { line: 3, fault: 'number' },
  { line: 5, fault: 'repeated' },
  { line: 9, fault: 'number' },
] as const;

test('the faults of a list are counted, the most frequent first', () => {
  expect(countFaults(refused)).toEqual([
    ['number', 2],
    ['repeated', 1],
  ]);
});

test('the refused rows are kept by their place, with the reason quoted', () => {
  expect(refusedCsv(refused.slice(0, 1), ['Row', 'Why'], () => 'no "number"')).toBe('\uFEFF"Row","Why"\n3,"no ""number"""\n');
});
